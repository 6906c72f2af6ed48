import {Component} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";

/** Frozen figures against those of today, and what was done in between. */
export class KpiComparison extends Component {
    static template = "recouvrement_reporting.KpiComparison";
    static props = {
        comparison: Object,
        format: Function,
        formatMeasure: Function,
        onCause: Function,
        onClose: Function,
    };

    get frozenOn() {
        return formatDateTime(deserializeDateTime(this.props.comparison.frozen_on));
    }
}
