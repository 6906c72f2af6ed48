import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Limits of the columns: typed as numbers, checked before they are applied. */
export class BucketEditor extends Component {
    static template = "recouvrement_reporting.BucketEditor";
    static props = {
        bounds: {type: Array, element: Number},
        unit: String,
        base: String,
        onApply: Function,
    };

    setup() {
        this.state = useState({
            text: this.props.bounds.filter((bound) => bound !== 0).join(" "),
            unit: this.props.unit,
            base: this.props.base,
            error: "",
        });
    }

    get presets() {
        return [
            {label: "30 60 90 180", unit: "days"},
            {label: "8 15 30 60 90", unit: "days"},
            {label: "1 2 3 6 12", unit: "months"},
        ];
    }

    usePreset(preset) {
        this.state.text = preset.label;
        this.state.unit = preset.unit;
        this.apply();
    }

    onKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.apply();
        }
    }

    apply() {
        const words = this.state.text.split(/[\s,;/]+/).filter(Boolean);
        const wrong = words.find((word) => !/^-?\d+$/.test(word));
        if (wrong) {
            this.state.error = _t("“%s” is not a whole number.", wrong);
            return;
        }
        const bounds = words.map(Number);
        if (!bounds.length) {
            this.state.error = _t("Give at least one limit, such as 30.");
            return;
        }
        if (this.state.base === "document" && bounds.some((bound) => bound < 0)) {
            this.state.error = _t("A document has no negative age.");
            return;
        }
        this.state.error = "";
        this.props.onApply({bounds, unit: this.state.unit, base: this.state.base});
    }
}
