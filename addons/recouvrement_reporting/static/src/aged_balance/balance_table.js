import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Rows, totals and the items of the rows that are open. */
export class BalanceTable extends Component {
    static template = "recouvrement_reporting.BalanceTable";
    static props = {
        data: Object,
        heading: String,
        options: Object,
        relative: Boolean,
        unfolded: Object,
        format: Function,
        currencyName: Function,
        statusLabel: Function,
        onSort: Function,
        onToggle: Function,
        onMore: Function,
        onOpen: Function,
        onOpenDocument: Function,
    };

    get manyCurrencies() {
        return this.props.options.currency === "transaction";
    }

    get width() {
        return (
            this.props.data.columns.length +
            2 +
            (this.manyCurrencies ? 1 : 0) +
            (this.props.options.compare ? 2 : 0)
        );
    }

    rowId(row) {
        return `${row.key}/${row.currency_id}`;
    }

    /** A cell: an amount, or its share of the row. */
    cell(row, amount) {
        if (!amount) {
            return "";
        }
        if (this.props.relative) {
            return row.total ? `${this.share(amount, row.total)} %` : "";
        }
        return this.props.format(amount, row.currency_id);
    }

    /** The total of a row, or its share of the totals in its currency. */
    totalCell(row) {
        if (!this.props.relative) {
            return this.props.format(row.total, row.currency_id);
        }
        const total = this.props.data.totals.find(
            (one) => one.currency_id === row.currency_id
        );
        return total?.total ? `${this.share(row.total, total.total)} %` : "";
    }

    share(amount, total) {
        return this.props.format((100 * amount) / total, false, 1);
    }

    change(row) {
        const change = row.total - row.other;
        if (!change) {
            return "";
        }
        const amount = this.props.format(change, row.currency_id);
        const sign = change > 0 ? "+" : "";
        if (this.props.relative) {
            return row.other
                ? `${sign}${this.share(change, Math.abs(row.other))} %`
                : "";
        }
        return sign + amount;
    }

    ariaSort(name) {
        if (this.props.options.sort !== name) {
            return "none";
        }
        return this.props.options.descending ? "descending" : "ascending";
    }

    sortIcon(name) {
        if (this.props.options.sort !== name) {
            return "";
        }
        return this.props.options.descending ? "fa fa-caret-down" : "fa fa-caret-up";
    }

    cellTitle(row, column) {
        return _t("%(row)s, %(column)s: open the items", {
            row: row.label,
            column: column.label,
        });
    }
}
