import {StackedChart} from "../chart/chart_canvas";
import {_t} from "@web/core/l10n/translation";

export const COLORS = {
    delay: "#2a9d8f",
    promise: "#5b8def",
    plan: "#8b5cf6",
    dispute: "#d9532f",
    transit: "#16a34a",
    new: "#b8c4d0",
    rate: "#9ca3af",
};

/** Sources stacked per week or month, with what is likely, targeted and received. */
export class ForecastChart extends StackedChart {
    static template = "recouvrement_reporting.ForecastChart";
    static props = {rows: Array, sources: Array, onSelect: Function};

    get inputs() {
        return [this.props.rows];
    }

    line(label, name, color, options = {}) {
        return {
            type: "line",
            label,
            data: this.props.rows.map((row) => row[name]),
            borderColor: color,
            backgroundColor: color,
            pointRadius: 3,
            borderWidth: 2,
            tension: 0.2,
            stack: name,
            ...options,
        };
    }

    get lines() {
        const lines = [
            this.line(_t("P80"), "p80", "#1f2937", {borderDash: [4, 3]}),
            this.line(_t("Received"), "received", "#0f766e", {
                showLine: false,
                pointRadius: 6,
                pointStyle: "rectRot",
            }),
            this.line(_t("Target"), "target", "#c2410c", {stepped: "middle"}),
        ];
        return lines.filter((one) => one.data.some((value) => value !== null));
    }

    get bars() {
        const {rows, sources} = this.props;
        return sources.map((source) => ({
            type: "bar",
            label: source.label,
            data: rows.map((row) => row[source.key]),
            backgroundColor: COLORS[source.key],
            stack: "sources",
            source: source.key,
        }));
    }

    get data() {
        return {
            labels: this.props.rows.map((row) => row.label),
            datasets: [...this.lines, ...this.bars],
        };
    }

    isShown({raw}) {
        return raw !== null && raw !== 0;
    }

    select(elements) {
        const {datasets} = this.chart.data;
        const bar = elements.find((one) => datasets[one.datasetIndex].source);
        if (bar) {
            this.props.onSelect(
                this.props.rows[bar.index],
                datasets[bar.datasetIndex].source
            );
        }
    }
}
