import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {KpiTrend} from "../kpi/kpi_trend";
import {describeChange, verdictOf} from "../kpi/kpi_model";

/** A figure with its trend; it opens its lines, or lets choose among its measures. */
export class DashboardTile extends Component {
    static template = "recouvrement_reporting.DashboardTile";
    static components = {Dropdown, DropdownItem, KpiTrend};
    static props = {
        kpi: Object,
        values: Array,
        months: Array,
        isFrozen: Boolean,
        compareLabel: String,
        format: Function,
        formatMeasure: Function,
        onLines: Function,
    };

    setup() {
        this.state = useState({isExplained: false});
    }

    get change() {
        return describeChange(this.props.kpi, this.props.format);
    }

    get verdict() {
        return verdictOf(this.props.kpi.judgement);
    }

    get hasTrend() {
        return this.props.values.filter((value) => value !== null).length > 1;
    }

    get value() {
        if (this.props.kpi.is_late) {
            return "…";
        }
        return this.props.format(this.props.kpi, this.props.kpi.value);
    }

    formatTrend(value) {
        return this.props.format(this.props.kpi, value);
    }

    explain() {
        this.state.isExplained = !this.state.isExplained;
    }
}
