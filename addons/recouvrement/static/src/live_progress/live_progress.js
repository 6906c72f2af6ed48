import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {onMounted, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";

const DELAY = 2000;

/** A progress bar that reads the record again while background work goes on. */
export class LiveProgressField extends ProgressBarField {
    setup() {
        super.setup();
        onMounted(() => this.schedule());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get isWorking() {
        return ["analysing", "loading", "undoing"].includes(
            this.props.record.data.state
        );
    }

    schedule() {
        this.timer = setTimeout(() => this.refresh(), DELAY);
    }

    async refresh() {
        const {record} = this.props;
        if (this.isWorking && record.resId && !(await record.isDirty())) {
            await record.load();
        }
        this.schedule();
    }
}

registry.category("fields").add("recouvrement_live_progress", {
    ...progressBarField,
    component: LiveProgressField,
});
