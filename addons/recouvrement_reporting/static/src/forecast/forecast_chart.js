import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {humanNumber} from "@web/core/utils/numbers";

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
export class ForecastChart extends Component {
    static template = "recouvrement_reporting.ForecastChart";
    static props = {rows: Array, sources: Array, onSelect: Function};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart?.destroy();
            },
            () => [this.props.rows]
        );
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

    get datasets() {
        const {rows, sources} = this.props;
        const lines = [
            this.line(_t("P80"), "p80", "#1f2937", {borderDash: [4, 3]}),
            this.line(_t("Received"), "received", "#0f766e", {
                showLine: false,
                pointRadius: 6,
                pointStyle: "rectRot",
            }),
        ];
        if (rows.some((row) => row.target !== null)) {
            lines.push(
                this.line(_t("Target"), "target", "#c2410c", {stepped: "middle"})
            );
        }
        return [
            ...lines.filter((one) => one.data.some((value) => value !== null)),
            ...sources.map((source) => ({
                type: "bar",
                label: source.label,
                data: rows.map((row) => row[source.key]),
                backgroundColor: COLORS[source.key],
                stack: "sources",
                source: source.key,
            })),
        ];
    }

    draw() {
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: this.props.rows.map((row) => row.label),
                datasets: this.datasets,
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {position: "bottom", labels: {boxWidth: 12}},
                    tooltip: {
                        mode: "index",
                        filter: (item) => item.raw !== null && item.raw !== 0,
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${humanNumber(item.raw, {
                                    decimals: 1,
                                })}`,
                        },
                    },
                },
                scales: {
                    x: {stacked: true, grid: {display: false}},
                    y: {
                        stacked: true,
                        ticks: {callback: (value) => humanNumber(value)},
                    },
                },
                onClick: (_event, elements, chart) => {
                    const bar = elements.find(
                        (one) => chart.data.datasets[one.datasetIndex].source
                    );
                    if (bar) {
                        const {source} = chart.data.datasets[bar.datasetIndex];
                        this.props.onSelect(this.props.rows[bar.index], source);
                    }
                },
            },
        });
    }
}
