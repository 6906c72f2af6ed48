import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {day} from "./desk_dates";

/** Who the debtor is, and what to know before anything else. */
export class DeskHead extends Component {
    static template = "recouvrement.DeskHead";
    static props = {head: Object, onCall: Function};

    get about() {
        const {ref, company, collector, substitute, salesperson} = this.props.head;
        return [
            ref,
            company,
            collector ? _t("followed by %s", collector) : _t("no collector"),
            substitute && _t("%s stands in", substitute),
            salesperson && _t("salesperson: %s", salesperson),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    get level() {
        return _t("Level %s", this.props.head.reached_rank);
    }

    get answered() {
        return _t("The customer answered: read the answer in the timeline.");
    }

    get defects() {
        return _t(
            "To complete before this customer can be chased: %s",
            this.props.head.defects
        );
    }

    get hold() {
        const {until, reason, user} = this.props.head.hold;
        const text = _t("On hold until %(day)s: %(reason)s", {day: day(until), reason});
        return user ? `${text} (${user})` : text;
    }

    get next() {
        const {next_action: what, next_action_date: date} = this.props.head;
        return [day(date), what || _t("to review")].filter(Boolean).join(" – ");
    }
}
