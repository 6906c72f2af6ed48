import {Component, useState} from "@odoo/owl";
import {KpiTrend} from "./kpi_trend";
import {describeChange, verdictOf} from "./kpi_model";

/** One figure: its value, what became of it, and what it is made of. */
export class KpiRow extends Component {
    static template = "recouvrement_reporting.KpiRow";
    static components = {KpiTrend};
    static props = {
        kpi: Object,
        trend: {optional: true},
        months: Array,
        groupings: Array,
        by: {optional: true},
        format: Function,
        formatMeasure: Function,
        onLines: Function,
        onGroup: Function,
        readSplit: Function,
    };

    setup() {
        this.state = useState({isOpen: false, split: null, splitBy: false});
    }

    get verdict() {
        return verdictOf(this.props.kpi.judgement);
    }

    get trendText() {
        return describeChange(this.props.kpi, this.props.format);
    }

    formatTrend(value) {
        return this.props.format(this.props.kpi, value);
    }

    onValue() {
        const {kpi} = this.props;
        if (kpi.measures.length === 1) {
            this.props.onLines(kpi, kpi.measures[0]);
        } else {
            this.toggle();
        }
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }

    async split(by) {
        if (this.state.splitBy === by) {
            Object.assign(this.state, {splitBy: false, split: null});
            return;
        }
        this.state.splitBy = by;
        const rows = await this.props.readSplit(this.props.kpi, by);
        if (this.state.splitBy === by) {
            this.state.split = rows;
        }
    }
}
