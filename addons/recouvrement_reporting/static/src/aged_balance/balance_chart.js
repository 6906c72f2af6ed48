import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {humanNumber} from "@web/core/utils/numbers";
import {colorsOf} from "./model";

/** Columns of the last month-ends, stacked; a click goes to that day. */
export class BalanceChart extends Component {
    static template = "recouvrement_reporting.BalanceChart";
    static props = {history: Object, relative: Boolean, onSelectDay: Function};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart?.destroy();
            },
            () => [this.props.history, this.props.relative]
        );
    }

    get series() {
        return this.props.history.series.filter((one) =>
            one.amounts.some((amount) => amount)
        );
    }

    amounts(series) {
        if (!this.props.relative) {
            return series.amounts;
        }
        // Shares of what is owed: credits are no part of it.
        const owed = this.props.history.days.map((day, place) =>
            this.series.reduce((sum, one) => sum + Math.max(one.amounts[place], 0), 0)
        );
        return series.amounts.map((amount, place) =>
            owed[place] ? (100 * amount) / owed[place] : 0
        );
    }

    draw() {
        const {history, relative} = this.props;
        const colors = colorsOf(history.series);
        const unit = relative ? " %" : "";
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: history.labels,
                datasets: this.series.map((series) => ({
                    label: series.label,
                    data: this.amounts(series),
                    backgroundColor: colors[history.series.indexOf(series)],
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {position: "bottom", labels: {boxWidth: 12}},
                    tooltip: {
                        mode: "index",
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${humanNumber(item.raw, {
                                    decimals: 1,
                                })}${unit}`,
                        },
                    },
                },
                scales: {
                    x: {stacked: true, grid: {display: false}},
                    y: {
                        stacked: true,
                        ticks: {callback: (value) => humanNumber(value) + unit},
                    },
                },
                onClick: (_event, elements) => {
                    if (elements.length) {
                        this.props.onSelectDay(history.days[elements[0].index]);
                    }
                },
            },
        });
    }
}
