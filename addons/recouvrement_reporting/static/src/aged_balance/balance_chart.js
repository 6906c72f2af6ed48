import {StackedChart} from "../chart/chart_canvas";
import {colorsOf} from "./model";

/** Columns of the last month-ends, stacked; a click goes to that day. */
export class BalanceChart extends StackedChart {
    static template = "recouvrement_reporting.BalanceChart";
    static props = {history: Object, relative: Boolean, onSelectDay: Function};

    get inputs() {
        return [this.props.history, this.props.relative];
    }

    get unit() {
        return this.props.relative ? " %" : "";
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

    get data() {
        const {history} = this.props;
        const colors = colorsOf(history.series);
        return {
            labels: history.labels,
            datasets: this.series.map((series) => ({
                label: series.label,
                data: this.amounts(series),
                backgroundColor: colors[history.series.indexOf(series)],
            })),
        };
    }

    select(elements) {
        if (elements.length) {
            this.props.onSelectDay(this.props.history.days[elements[0].index]);
        }
    }
}
