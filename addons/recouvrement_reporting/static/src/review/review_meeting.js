import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Previous and next debtor of the meeting: what was typed is saved on the way. */
export class ReviewQueue extends Component {
    static template = "recouvrement_reporting.ReviewQueue";
    static props = { ...standardWidgetProps };

    get queue() {
        return this.props.record.data.queue || { position: 0, count: 0 };
    }

    async go(itemId) {
        const { record } = this.props;
        if (itemId && (await record.save())) {
            await record.model.load({ resId: itemId });
        }
    }

    previous() {
        return this.go(this.queue.previous);
    }

    next() {
        return this.go(this.queue.next);
    }
}

/** One button for each decision that the meeting may take about a debtor. */
export class ReviewDecide extends Component {
    static template = "recouvrement_reporting.ReviewDecide";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
    }

    get kinds() {
        return this.props.record.data.decision_kinds || [];
    }

    async decide(kindId) {
        const { record } = this.props;
        if (await record.save()) {
            await this.orm.call(record.resModel, "decide", [record.resId, kindId]);
            await record.load();
        }
    }
}

/** Done with this debtor: note it and show the next one. */
export class ReviewDone extends Component {
    static template = "recouvrement_reporting.ReviewDone";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
    }

    async done(method) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const next = record.data.queue?.next;
        await this.orm.call(record.resModel, method, [[record.resId]]);
        await record.model.load({ resId: next || record.resId });
    }
}

registry.category("view_widgets").add("review_queue", {
    component: ReviewQueue,
    fieldDependencies: [{ name: "queue", type: "json" }],
});
registry.category("view_widgets").add("review_decide", {
    component: ReviewDecide,
    fieldDependencies: [{ name: "decision_kinds", type: "json" }],
});
registry.category("view_widgets").add("review_done", {
    component: ReviewDone,
    fieldDependencies: [{ name: "queue", type: "json" }],
});
