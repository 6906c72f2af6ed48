import {Component, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {usePopover} from "@web/core/popover/popover_hook";
import {day} from "./desk_dates";
import {DocumentsPopover} from "./documents_popover";
import {money} from "./money";

const STATUS_COLOURS = {
    promised: "text-bg-info",
    plan: "text-bg-info",
    disputed: "text-bg-warning",
    litigation: "text-bg-danger",
    insolvency: "text-bg-danger",
    excluded: "text-bg-secondary",
};

/** The open items: searched, filtered, sorted and ticked. */
export class DeskItems extends Component {
    static template = "recouvrement.DeskItems";
    static props = {
        debtorId: Number,
        items: Object,
        statuses: Array,
        filters: Object,
        ticked: Object,
        allTicked: Boolean,
        onFilter: Function,
        onTick: Function,
        onTickPage: Function,
        onTickAll: Function,
        onOpen: Function,
    };

    setup() {
        this.search = useRef("search");
        this.viewer = useFileViewer();
        this.documents = usePopover(DocumentsPopover, {position: "left-start"});
        this.columns = [
            {key: "name", label: _t("Document"), classes: ""},
            {
                key: "document_date",
                label: _t("Date"),
                classes: "d-none d-xl-table-cell",
            },
            {key: "date_due", label: _t("Due"), classes: ""},
            {
                key: "amount",
                label: _t("Amount"),
                classes: "d-none d-md-table-cell text-end",
            },
            {key: "residual", label: _t("Open"), classes: "text-end"},
            {key: "status", label: _t("Status"), classes: "d-none d-sm-table-cell"},
        ];
    }

    day(text) {
        return day(text);
    }

    money(amount, currencyId) {
        return money(amount, currencyId);
    }

    number(value) {
        return formatInteger(value);
    }

    get usedStatuses() {
        return this.props.statuses.filter(({count}) => count);
    }

    label(status) {
        return this.props.statuses.find(({key}) => key === status)?.label || status;
    }

    colour(status) {
        return STATUS_COLOURS[status] || "text-bg-light border";
    }

    lateness(row) {
        if (row.bucket === "credit" || row.days <= 0) {
            return "text-muted";
        }
        return row.days > 60 ? "text-danger fw-bold" : "text-danger";
    }

    age(row) {
        if (row.bucket === "credit") {
            return "";
        }
        if (row.days <= 0) {
            return _t("not due");
        }
        return row.days === 1 ? _t("1 day") : _t("%s days", row.days);
    }

    hint(row) {
        const parts = [row.reason, this.until(row)];
        return parts.filter(Boolean).join(", ");
    }

    until(row) {
        return row.status !== "to_chase" && row.until
            ? _t("until %s", day(row.until))
            : "";
    }

    /** How long the status holds, else the last reminder. */
    statusNote(row) {
        const {rank, last_reminder_date: reminded} = row;
        const level = rank
            ? _t("Level %(rank)s on %(day)s", {rank, day: day(reminded)})
            : "";
        return this.until(row) || level;
    }

    limitHint(row) {
        return _t("Limit date: %s", day(row.limit_date));
    }

    get tickAllLabel() {
        return _t("Tick all %s items", this.number(this.props.items.total));
    }

    // Ticks

    get isPageTicked() {
        const {rows} = this.props.items;
        return rows.length > 0 && rows.every(({id}) => this.props.ticked.has(id));
    }

    get offersAll() {
        const {rows, total} = this.props.items;
        return this.isPageTicked && !this.props.allTicked && total > rows.length;
    }

    // Pages and order

    get range() {
        const {offset, rows} = this.props.items;
        return `${offset + 1}-${offset + rows.length}`;
    }

    turn(step) {
        const {offset, limit} = this.props.items;
        this.props.onFilter({offset: Math.max(0, offset + step * limit)});
    }

    sort(key) {
        const {order, desc} = this.props.filters;
        this.props.onFilter({order: key, desc: order === key ? !desc : false});
    }

    sortIcon(key) {
        const {order, desc} = this.props.filters;
        if ((order || "date_due") !== key) {
            return "";
        }
        return desc ? "fa fa-caret-down" : "fa fa-caret-up";
    }

    // Filters

    onSearch(ev) {
        this.props.onFilter({text: ev.target.value});
    }

    toggleStatus(key) {
        const {statuses} = this.props.filters;
        this.props.onFilter({
            statuses: statuses.includes(key)
                ? statuses.filter((status) => status !== key)
                : [...statuses, key],
        });
    }

    get isFiltered() {
        const {buckets, statuses, text, penalty} = this.props.filters;
        return Boolean(buckets.length || statuses.length || text || penalty);
    }

    clearFilters() {
        this.props.onFilter({buckets: [], statuses: [], text: "", penalty: false});
    }

    // Documents

    showDocuments(ev, row) {
        this.documents.open(ev.currentTarget, {
            debtorId: this.props.debtorId,
            lineId: row.id,
            onOpen: this.props.onOpen,
            onView: this.viewer.open,
        });
    }
}
