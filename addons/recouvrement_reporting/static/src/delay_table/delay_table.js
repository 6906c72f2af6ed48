import {Component} from "@odoo/owl";
import {formatFloat} from "@web/core/utils/numbers";
import {getCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** What both halves of the screen share: figures, formats, the way to the lines. */
class DelayFigures extends Component {
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get figures() {
        return this.props.record.data[this.props.name];
    }

    get digits() {
        return getCurrency(this.figures.currency_id)?.digits?.[1] ?? 2;
    }

    format(amount) {
        return formatFloat(amount, {digits: [16, this.digits]});
    }

    percent(value) {
        return value === null ? "–" : `${formatFloat(value, {digits: [16, 2]})} %`;
    }

    async open(method, ...args) {
        const {resModel, resId} = this.props.record;
        this.action.doAction(await this.orm.call(resModel, method, [[resId], ...args]));
    }
}

/** The table of the management report, each figure opening its lines. */
export class DelayTable extends DelayFigures {
    static template = "recouvrement_reporting.DelayTable";

    openCell(side, cell) {
        this.open("action_open_cell", side.side, cell.category, cell.bucket ?? null);
    }

    openNumber(side, cell) {
        const bucket = cell.bucket ?? null;
        this.open("action_open_cell", side.side, cell.category, bucket, true);
    }

    openBase(side) {
        this.open("action_open_base", side.side);
    }

    openBaseNumber(side) {
        this.open("action_open_tie", side.side, "base", "invoices");
    }
}

/** The table against the general ledger. */
export class DelayTieOut extends DelayFigures {
    static template = "recouvrement_reporting.DelayTieOut";

    openTie(side, block, key) {
        this.open("action_open_tie", side.side, block.block, key);
    }

    openAccount(side, account) {
        this.open("action_open_account", side.side, account.id);
    }
}

const fields = registry.category("fields");
fields.add("recouvrement_delay_table", {
    component: DelayTable,
    supportedTypes: ["json"],
});
fields.add("recouvrement_delay_tie_out", {
    component: DelayTieOut,
    supportedTypes: ["json"],
});
