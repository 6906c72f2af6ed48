import {Component} from "@odoo/owl";
import {curveOf} from "./kpi_model";

/** A figure month after month, in a line; frozen months have a full point. */
export class KpiTrend extends Component {
    static template = "recouvrement_reporting.KpiTrend";
    static props = {values: Array, months: Array, format: Function};

    get pieces() {
        return curveOf(this.props.values).map((points) => ({
            points,
            path: points.map(({x, y}) => `${x},${y}`).join(" "),
        }));
    }

    get last() {
        const points = this.pieces.flatMap((piece) => piece.points);
        return points[points.length - 1];
    }

    get label() {
        return this.props.months
            .map((month, place) => ({month, value: this.props.values[place]}))
            .filter(({value}) => value !== null)
            .map(({month, value}) => `${month.label}: ${this.props.format(value)}`)
            .join("\n");
    }
}
