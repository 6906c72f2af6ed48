import {Component, useState} from "@odoo/owl";
import {day, moment} from "./desk_dates";
import {money} from "./money";

const ICONS = {
    reminder: "fa-paper-plane text-primary",
    failure: "fa-exclamation-triangle text-danger",
    answer: "fa-reply text-success",
    status: "fa-tag",
    hold: "fa-pause text-warning",
    assignment: "fa-user",
    note: "fa-sticky-note-o",
    payment: "fa-money text-success",
    message: "fa-envelope-o",
    activity: "fa-check-square-o",
    contact: "fa-phone text-primary",
    promise: "fa-handshake-o text-info",
    plan: "fa-calendar text-info",
    relay: "fa-bullhorn text-warning",
    request: "fa-inbox",
    portal: "fa-globe",
    dispute: "fa-exclamation-circle text-warning",
    interest: "fa-percent",
    penalty: "fa-percent",
    waiver: "fa-percent",
    prescription: "fa-hourglass-half text-danger",
    doubtful: "fa-thumbs-down text-danger",
    write_off: "fa-eraser",
    receipt: "fa-envelope-open-o",
    document: "fa-file-text-o",
    bank: "fa-university",
};

/** Everything that happened, the newest first. */
export class DeskTimeline extends Component {
    static template = "recouvrement.DeskTimeline";
    static props = {
        timeline: Object,
        kinds: Array,
        onFilter: Function,
        onMore: Function,
        onOpen: Function,
    };

    setup() {
        this.state = useState({open: new Set()});
    }

    icon(kind) {
        return ICONS[kind] || "fa-circle-o";
    }

    label(kind) {
        return this.props.timeline.kinds.find(({key}) => key === kind)?.label || kind;
    }

    when(row) {
        return row.is_day ? day(row.date) : moment(row.date);
    }

    money(row) {
        return money(row.amount, row.currency_id);
    }

    toggleKind(key) {
        const {kinds} = this.props;
        this.props.onFilter(
            kinds.includes(key) ? kinds.filter((kind) => kind !== key) : [...kinds, key]
        );
    }

    /** The detail on one line, what stood on lines of its own kept apart. */
    brief(row) {
        return row.detail
            .trim()
            .replace(/([.,:;!?])?\s*\n\s*/g, (_lines, end) =>
                end ? `${end} ` : " · "
            );
    }

    isLong(row) {
        return row.detail.length > 140 || row.detail.includes("\n");
    }

    toggle(row) {
        const {open} = this.state;
        if (!open.delete(row.key)) {
            open.add(row.key);
        }
    }
}
