import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {session} from "@web/session";
import {STATIC_ACTIONS_GROUP_NUMBER} from "@web/search/action_menus/action_menus";

const VIEWS = ["list", "pivot", "graph", "kanban"];

/** What the screen shows, all pages: the server reads and checks it again. */
export function asked(env) {
    const search = env.searchModel;
    return {
        model: search.resModel,
        domain: search.domain,
        context: search.context,
        group_by: env.config.viewType === "list" ? search.groupBy : [],
        order: (env.model?.root?.orderBy || []).map(({name, asc}) => ({name, asc})),
        view_id: env.config.viewType === "list" ? env.config.viewId : false,
        title: env.config.getDisplayName(),
    };
}

export class ExportLines extends Component {
    static template = "recouvrement_reporting.ExportLines";
    static components = {DropdownItem};
    static props = {};

    export(kind) {
        return download({
            url: `/recouvrement/lines.${kind}`,
            data: {
                asked: JSON.stringify(asked(this.env)),
                companies: user.context.allowed_company_ids.join(","),
            },
        });
    }
}

export const exportLinesItem = {
    Component: ExportLines,
    groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
    isDisplayed: (env) =>
        VIEWS.includes(env.config.viewType) &&
        (session.recouvrement_line_models || []).includes(env.searchModel.resModel) &&
        !env.model?.root?.selection?.length,
};

registry
    .category("cogMenu")
    .add("recouvrement-export-lines", exportLinesItem, {sequence: 9});
