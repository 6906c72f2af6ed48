import {
    Component,
    onWillStart,
    status,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, RPCError, rpc} from "@web/core/network/rpc";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {ActionBar} from "./action_bar";
import {AgedBar} from "./aged_bar";
import {DeskHead} from "./desk_head";
import {DeskItems} from "./desk_items";
import {DeskBlock, DeskContacts, DeskNote} from "./desk_side";
import {DeskQueue} from "./queue";
import {DeskTiles} from "./desk_tiles";
import {DeskTimeline} from "./desk_timeline";
import {Totals} from "./money";

const DEBTOR = "recouvrement.debtor";
const NO_FILTERS = {buckets: [], statuses: [], text: "", penalty: false, offset: 0};

/** The debtor's 360° page, alone or as one of a queue to go through. */
export class DeskAction extends Component {
    static template = "recouvrement.DeskAction";
    // What the address of the page is made of, and its name before it is read.
    static path = "desk";
    static displayName = _t("Debtor 360°");
    static components = {
        ActionBar,
        AgedBar,
        DeskBlock,
        DeskContacts,
        DeskHead,
        DeskItems,
        DeskNote,
        DeskTiles,
        DeskTimeline,
        Layout,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.last = new KeepLast();
        const kept = this.props.state || {};
        const params = this.props.action.params || {};
        this.state = useState({
            resId: kept.resId || this.props.resId || params.resId,
            filters: kept.filters || {...NO_FILTERS},
            kinds: kept.kinds || [],
            desk: null,
            error: "",
            busy: false,
            ticked: new Set(),
            totals: new Totals(),
            allTicked: false,
        });
        this.queue = useState(
            kept.queue ||
                (params.queue?.length > 1 && new DeskQueue(params.queue).save()) ||
                DeskQueue.restore(this.state.resId)
        );
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                resId: this.state.resId,
                filters: this.state.filters,
                kinds: this.state.kinds,
                queue: this.queue,
            }),
        });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        onWillStart(() => this.show(this.state.resId));
    }

    // Reading

    /** Read the page of a debtor, or only some of its parts. */
    async load(parts) {
        const {resId, filters, kinds} = this.state;
        const options = {items: filters, timeline: {kinds}};
        if (parts) {
            options.parts = parts;
        }
        return this.last.add(this.orm.call(DEBTOR, "get_desk", [[resId], options]));
    }

    async show(resId) {
        this.state.resId = resId;
        this.props.updateActionState?.({resId});
        try {
            if (!resId) {
                throw new RPCError(_t("Open this page from a debtor."));
            }
            this.state.desk = await this.load();
            this.state.error = "";
            this.env.config.setDisplayName(this.state.desk.head.name);
        } catch (error) {
            if (
                !(error instanceof RPCError) &&
                !(error instanceof ConnectionLostError)
            ) {
                throw error;
            }
            this.state.desk = null;
            this.state.error = error.data?.message || error.message;
        }
    }

    /** Another debtor: nothing of the one before stays ticked or filtered. */
    async go(resId) {
        if (!resId || resId === this.state.resId) {
            return;
        }
        Object.assign(this.state, {filters: {...NO_FILTERS}, kinds: []});
        this.untick();
        await this.show(resId);
        this.root.el?.querySelector(".o_content")?.scrollTo({top: 0});
    }

    async refresh(parts) {
        Object.assign(this.state.desk, await this.load(parts));
    }

    /** After an action: what was ticked stays so, unless the items changed. */
    async reload() {
        const before = JSON.stringify(this.state.desk.tiles.statuses);
        await this.refresh();
        if (before !== JSON.stringify(this.state.desk.tiles.statuses)) {
            this.untick();
        }
    }

    // Filters

    async filterItems(changes) {
        Object.assign(this.state.filters, {offset: 0, ...changes});
        if (!("offset" in changes) && !("order" in changes)) {
            this.untick();
        }
        await this.refresh(["items"]);
    }

    toggleBucket(key) {
        const {buckets} = this.state.filters;
        return this.filterItems({
            buckets: buckets.includes(key)
                ? buckets.filter((bucket) => bucket !== key)
                : [...buckets, key],
        });
    }

    async filterTimeline(kinds) {
        this.state.kinds = kinds;
        await this.refresh(["timeline"]);
    }

    async showOlder() {
        const {timeline} = this.state.desk;
        const options = {
            parts: ["timeline"],
            timeline: {kinds: this.state.kinds, cursor: timeline.next},
        };
        const {timeline: page} = await this.last.add(
            this.orm.call(DEBTOR, "get_desk", [[this.state.resId], options])
        );
        timeline.rows.push(...page.rows);
        timeline.next = page.next;
    }

    // Ticks

    tick(row) {
        const {ticked, totals} = this.state;
        if (ticked.delete(row.id)) {
            totals.remove(row.currency_id, row.residual);
            this.state.allTicked = false;
        } else {
            ticked.add(row.id);
            totals.add(row.currency_id, row.residual);
        }
    }

    tickPage(on) {
        for (const row of this.state.desk.items.rows) {
            if (this.state.ticked.has(row.id) !== on) {
                this.tick(row);
            }
        }
    }

    async tickAll() {
        const {ids, totals} = await this.orm.call(DEBTOR, "get_desk_item_ids", [
            [this.state.resId],
            {...this.state.filters},
        ]);
        this.untick();
        ids.forEach((id) => this.state.ticked.add(id));
        for (const {currency_id, amount, count} of totals) {
            this.state.totals.add(currency_id, amount, count);
        }
        this.state.allTicked = true;
    }

    untick() {
        this.state.ticked.clear();
        this.state.totals.byCurrency = {};
        this.state.allTicked = false;
    }

    // Buttons

    async run(action) {
        const args = action.items === "none" ? [] : [[...this.state.ticked]];
        await this.call(action.method, args);
    }

    async runDay(action, date) {
        await this.call(action.method, [date]);
    }

    async call(method, args = []) {
        this.state.busy = true;
        try {
            // As a button of a form does: the server completes the action it answers.
            const result = await rpc(`/web/dataset/call_button/${DEBTOR}/${method}`, {
                model: DEBTOR,
                method,
                args: [[this.state.resId], ...args],
                kwargs: {context: user.context},
            });
            if (result) {
                await this.action.doAction(result, {onClose: () => this.onClosed()});
            }
            // Some answers reload the whole page themselves.
            const isAlive = status(this) !== "destroyed";
            if (isAlive && result?.type !== "ir.actions.act_window") {
                await this.reload();
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** A dialog stays on screen until what this answers is done, and a read of a page
     * that was left, or that a newer read replaced, is never done: answer nothing. */
    onClosed() {
        if (status(this) !== "destroyed") {
            this.reload();
        }
    }

    open(model, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    // Conveyor

    get hasQueue() {
        return this.queue.position(this.state.resId) > 0 && this.queue.length > 1;
    }

    get counter() {
        return _t("%(place)s of %(all)s", {
            place: this.queue.position(this.state.resId),
            all: this.queue.length,
        });
    }

    get isDone() {
        return this.queue.done.includes(this.state.resId);
    }

    move(step) {
        return this.go(this.queue.neighbour(this.state.resId, step));
    }

    async finish() {
        const next = this.queue.nextOpen(this.state.resId);
        this.queue.finish(this.state.resId);
        if (next) {
            return this.go(next);
        }
        this.notification.add(_t("You have gone through the whole list."), {
            type: "success",
        });
        this.env.config.historyBack();
    }

    // Keyboard

    onKeydown(ev) {
        const isTyping = ev.target.closest?.(
            "input:not([type=checkbox]), textarea, select, [contenteditable=true]"
        );
        const isCovered = document.querySelector(".modal, .o-FileViewer, .o_popover");
        if (isTyping || isCovered || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const run = {
            n: () => this.hasQueue && this.move(1),
            p: () => this.hasQueue && this.move(-1),
            c: () => this.runKey("contact"),
            "/": () => this.focusSearch(),
        }[ev.key];
        if (run) {
            ev.preventDefault();
            run();
        }
    }

    runKey(key) {
        const action = this.state.desk?.actions.find((button) => button.key === key);
        return action && !this.state.busy && this.run(action);
    }

    focusSearch() {
        this.root.el?.querySelector(".o_recouvrement_search input")?.focus();
    }
}

registry.category("actions").add("recouvrement_desk", DeskAction);
