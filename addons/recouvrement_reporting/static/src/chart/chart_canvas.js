import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {humanNumber} from "@web/core/utils/numbers";

/** A chart on a canvas, drawn again when one of its `inputs` changes. */
export class ChartCanvas extends Component {
    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.chart = new Chart(this.canvas.el, this.config);
                return () => this.chart.destroy();
            },
            () => this.inputs
        );
    }

    /** Values that the chart is drawn from. */
    get inputs() {
        return [];
    }

    /** What Chart.js is given. */
    get config() {
        return {};
    }
}

/** Bars on top of each other, with amounts that are read at a glance. */
export class StackedChart extends ChartCanvas {
    get unit() {
        return "";
    }

    /** `{labels, datasets}` */
    get data() {
        return {labels: [], datasets: []};
    }

    /** Whether a dataset is worth a line of the tooltip. */
    isShown() {
        return true;
    }

    /** A click on some elements of the chart. */
    select() {}

    get config() {
        return {
            type: "bar",
            data: this.data,
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {position: "bottom", labels: {boxWidth: 12}},
                    tooltip: {
                        mode: "index",
                        filter: (item) => this.isShown(item),
                        callbacks: {label: (item) => this.describe(item)},
                    },
                },
                scales: {
                    x: {stacked: true, grid: {display: false}},
                    y: {
                        stacked: true,
                        ticks: {callback: (value) => humanNumber(value) + this.unit},
                    },
                },
                onClick: (_event, elements) => this.select(elements),
            },
        };
    }

    describe({dataset, raw}) {
        return `${dataset.label}: ${humanNumber(raw, {decimals: 1})}${this.unit}`;
    }
}
