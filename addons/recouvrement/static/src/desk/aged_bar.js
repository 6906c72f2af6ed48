import {Component} from "@odoo/owl";
import {money} from "./money";

const COLOURS = {
    "0_not_due": "#71a37f",
    "1_30": "#f2c94c",
    "31_60": "#f0a03c",
    "61_90": "#e8743b",
    "91_180": "#d64545",
    over_180: "#9b2335",
    unknown: "#8a8f98",
    credit: "#5b8def",
};

/** What is owed by age, in proportion; a click shows the items of an age. */
export class AgedBar extends Component {
    static template = "recouvrement.AgedBar";
    static props = {
        buckets: Array,
        currencyId: Number,
        chosen: Array,
        onToggle: Function,
    };

    get owed() {
        const owed = this.props.buckets.filter(({amount}) => amount > 0);
        const total = owed.reduce((sum, {amount}) => sum + amount, 0);
        return owed.map((bucket) => ({
            ...bucket,
            percent: (100 * bucket.amount) / total,
        }));
    }

    colour(key) {
        return COLOURS[key];
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    isFaded(key) {
        return this.props.chosen.length > 0 && !this.props.chosen.includes(key);
    }
}
