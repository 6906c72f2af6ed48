import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {formatDate, serializeDate, today} from "@web/core/l10n/dates";

/** What is ticked, its total per currency, and the buttons. */
export class ActionBar extends Component {
    static template = "recouvrement.DeskActionBar";
    static components = {Dropdown, DropdownItem};
    static props = {
        actions: Array,
        tickedCount: Number,
        totals: Array,
        busy: Boolean,
        onAction: Function,
        onDay: Function,
        onUntick: Function,
    };

    get bar() {
        return this.props.actions.filter(({bar, items}) => bar && items !== "day");
    }

    get menu() {
        return this.props.actions.filter(({bar}) => !bar);
    }

    get dayAction() {
        return this.props.actions.find(({items}) => items === "day");
    }

    get ticked() {
        return _t("%s ticked:", this.props.tickedCount);
    }

    isDisabled(action) {
        return (
            this.props.busy || (action.items === "required" && !this.props.tickedCount)
        );
    }

    hint(action) {
        return action.items === "required" && !this.props.tickedCount
            ? _t("Tick items first")
            : action.label;
    }

    /** Days a customer often names, up to the end of the month. */
    get days() {
        const now = today();
        return [
            {label: _t("in 3 days"), date: now.plus({days: 3})},
            {label: _t("in 7 days"), date: now.plus({days: 7})},
            {label: _t("in 15 days"), date: now.plus({days: 15})},
            {label: _t("end of the month"), date: now.endOf("month")},
        ].map(({label, date}) => ({
            label: `${label} (${formatDate(date)})`,
            value: serializeDate(date),
        }));
    }
}
