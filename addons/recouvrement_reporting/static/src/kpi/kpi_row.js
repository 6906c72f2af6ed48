import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {KpiTrend} from "./kpi_trend";
import {sense} from "./kpi_model";

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

    get change() {
        const {value, before} = this.props.kpi;
        if (value === null || before === null) {
            return 0;
        }
        return value - before;
    }

    get verdict() {
        return {
            good: {icon: "fa-check-circle", look: "text-success", label: _t("Good")},
            bad: {
                icon: "fa-exclamation-triangle",
                look: "text-danger",
                label: _t("Bad"),
            },
            between: {
                icon: "fa-minus-circle",
                look: "text-warning",
                label: _t("To watch"),
            },
        }[this.props.kpi.judgement];
    }

    get trendText() {
        const {kpi} = this.props;
        if (kpi.value === null || kpi.before === null) {
            return false;
        }
        const way = sense(kpi.direction, this.change);
        const sign = this.change > 0 ? "+" : "";
        return {
            text: this.change ? sign + this.formatChange() : _t("unchanged"),
            word: {1: _t("better"), "-1": _t("worse"), 0: ""}[way],
            look: {1: "text-success", "-1": "text-danger", 0: "text-muted"}[way],
            arrow: this.change > 0 ? "▲" : this.change < 0 ? "▼" : "",
        };
    }

    /** A percentage changes by points. */
    formatChange() {
        const {kpi, format} = this.props;
        if (kpi.unit !== "percent") {
            return format(kpi, this.change);
        }
        return _t("%s pts", format({...kpi, unit: "ratio"}, this.change));
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
