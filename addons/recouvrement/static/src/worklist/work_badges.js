import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLOURS = {
    reply: "text-bg-info",
    request: "text-bg-info",
    relay: "text-bg-warning",
    promise_broken: "text-bg-danger",
    plan_default: "text-bg-danger",
    limit: "text-bg-danger",
    callback: "text-bg-primary",
    call: "text-bg-primary",
    promise_due: "text-bg-success",
};

/** What a debtor needs: the most urgent in colour, the others beside it. */
export class WorkBadges extends Component {
    static template = "recouvrement.WorkBadges";
    static props = {...standardFieldProps};

    get badges() {
        return this.props.record.data[this.props.name] || [];
    }

    colour(code) {
        return COLOURS[code] || "text-bg-secondary";
    }
}

registry.category("fields").add("recouvrement_work_badges", {
    component: WorkBadges,
    supportedTypes: ["json", "jsonb"],
});
