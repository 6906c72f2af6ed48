import {ChartCanvas} from "../chart/chart_canvas";
import {humanNumber} from "@web/core/utils/numbers";

/**
 * Figures month after month: bars and lines, on one axis or on two.
 *
 * A series: {label, values, type, axis ("y" or "y1"), color, unit, stepped}.
 */
export class DashboardChart extends ChartCanvas {
    static template = "recouvrement_reporting.DashboardChart";
    static props = {
        labels: Array,
        series: Array,
        title: String,
        onSelect: Function,
    };

    get inputs() {
        return [JSON.stringify([this.props.labels, this.props.series])];
    }

    text(series, value) {
        return `${humanNumber(value, {decimals: 1})} ${series.unit}`;
    }

    dataset(series) {
        const line = series.type === "line";
        return {
            type: series.type,
            label: series.label,
            data: series.values,
            yAxisID: series.axis || "y",
            borderColor: series.color,
            backgroundColor: series.color,
            borderWidth: line ? 2 : 0,
            pointRadius: line ? 3 : 0,
            pointStyle: series.axis === "y1" ? "rectRot" : "circle",
            borderDash: series.dashed ? [5, 4] : [],
            stepped: series.stepped ? "middle" : false,
            tension: series.stepped ? 0 : 0.2,
            spanGaps: false,
            order: line ? 0 : 1,
        };
    }

    scale(axis) {
        const series = this.props.series.find((one) => (one.axis || "y") === axis);
        return {
            position: axis === "y" ? "left" : "right",
            beginAtZero: true,
            grid: {display: axis === "y"},
            ticks: {
                maxTicksLimit: 6,
                callback: (value) => `${humanNumber(value)} ${series.unit}`,
            },
        };
    }

    get scales() {
        const axes = new Set(this.props.series.map((one) => one.axis || "y"));
        return {
            x: {grid: {display: false}},
            ...Object.fromEntries([...axes].map((axis) => [axis, this.scale(axis)])),
        };
    }

    get config() {
        const {labels, series, onSelect} = this.props;
        return {
            data: {labels, datasets: series.map((one) => this.dataset(one))},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index", intersect: false},
                plugins: {
                    legend: {position: "bottom", labels: {boxWidth: 12}},
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${this.text(
                                    series[item.datasetIndex],
                                    item.raw
                                )}`,
                        },
                    },
                },
                scales: this.scales,
                onClick: (_event, elements) => {
                    if (elements.length) {
                        onSelect(elements[0].index);
                    }
                },
            },
        };
    }
}
