import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {day} from "./desk_dates";
import {money} from "./money";

class DeskTile extends Component {
    static template = "recouvrement.DeskTile";
    static props = {name: String, label: String, slots: Object};
}

/** What matters about the debtor, at a glance. */
export class DeskTiles extends Component {
    static template = "recouvrement.DeskTiles";
    static components = {DeskTile};
    static props = {tiles: Object, head: Object, onFilter: Function};

    get tiles() {
        return this.props.tiles;
    }

    money(amount) {
        return money(amount, this.props.head.currency_id);
    }

    day(text) {
        return day(text) || "–";
    }

    days(number) {
        const text = formatFloat(number, {digits: [16, 1], trailingZeros: false});
        return _t("%s d", number > 0 ? `+${text}` : text);
    }

    get trend() {
        const {trend, previous} = this.props.tiles.delay;
        const icon = {
            better: "fa-arrow-down",
            worse: "fa-arrow-up",
            same: "fa-arrows-h",
        };
        const colour = {
            better: "text-success",
            worse: "text-danger",
            same: "text-muted",
        };
        return (
            trend && {
                icon: icon[trend],
                colour: colour[trend],
                note: _t("before: %s", this.days(previous)),
            }
        );
    }

    get exposureColour() {
        const {percent} = this.props.tiles.exposure;
        if (percent > 100) {
            return "bg-danger";
        }
        return percent > 80 ? "bg-warning" : "bg-success";
    }

    items(count) {
        return count === 1 ? _t("1 item") : _t("%s items", count);
    }

    get overdueNote() {
        const {overdue_count: count, days} = this.tiles;
        return _t("%(items)s, up to %(days)s days late", {
            items: this.items(count),
            days,
        });
    }

    get creditNote() {
        return _t("Credits: %s", this.money(this.tiles.credit));
    }

    get exposureNote() {
        const {percent, limit} = this.tiles.exposure;
        return _t("%(share)s of %(limit)s", {
            share: `${percent} %`,
            limit: this.money(limit),
        });
    }

    get relievedNote() {
        return _t("Without recourse: %s", this.money(this.tiles.exposure.relieved));
    }

    get nettingNote() {
        return _t("Netting allowed: %s", this.money(this.tiles.exposure.netted));
    }

    get promisesNote() {
        return _t("%(kept)s of %(decided)s", this.tiles.promises);
    }

    get reminderNote() {
        return _t("Reminder: %s", day(this.tiles.last_reminder));
    }
}
