import {Component, onWillStart, onWillUpdateProps, toRaw, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

const ALWAYS = ["all", "call"];

/** What the portfolio needs today, kind by kind: each button filters the list. */
export class WorkTabs extends Component {
    static template = "recouvrement.WorkTabs";
    static props = {list: Object};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({tabs: []});
        onWillStart(() => this.load());
        // Each loading makes a new list, also the one after a button or a dialog.
        onWillUpdateProps(({list}) => {
            if (toRaw(list) !== toRaw(this.props.list)) {
                this.load();
            }
        });
    }

    get label() {
        return _t("What the portfolio needs today");
    }

    get filters() {
        return this.env.searchModel.getSearchItems(
            (item) => item.type === "filter" && item.name?.startsWith("work_")
        );
    }

    /** Everything the list filters on, except the tabs. */
    get domain() {
        const {searchModel} = this.env;
        const {query} = searchModel;
        const tabs = new Set(this.filters.map((item) => item.id));
        searchModel.query = query.filter(({searchItemId}) => !tabs.has(searchItemId));
        try {
            return searchModel._getDomain();
        } finally {
            searchModel.query = query;
        }
    }

    async load() {
        const tabs = await this.keepLast.add(
            this.orm.silent.call(
                "recouvrement.debtor",
                "get_work_tabs",
                [this.domain],
                {
                    context: {...this.env.searchModel.context},
                }
            )
        );
        const active = this.active;
        this.state.tabs = tabs.filter(
            ({code, count}) => count || ALWAYS.includes(code) || code === active
        );
    }

    get active() {
        const active = this.filters.find((item) => item.isActive);
        return active?.name.slice("work_".length);
    }

    format(count) {
        return formatInteger(count);
    }

    choose(code) {
        const {searchModel} = this.env;
        const wanted = this.filters.find((item) => item.name === `work_${code}`);
        const others = this.filters.filter(
            (item) => item.isActive && item.id !== wanted?.id
        );
        searchModel.blockNotification = true;
        others.forEach((item) => searchModel.toggleSearchItem(item.id));
        searchModel.blockNotification = false;
        if (wanted) {
            searchModel.toggleSearchItem(wanted.id);
        } else {
            searchModel._notify();
        }
    }
}
