import {browser} from "@web/core/browser/browser";

const KEY = "recouvrement.desk.queue";

/** The debtors to go through, one after the other. Kept by the browser tab, so that a
 * reload of the page goes on where it was. */
export class DeskQueue {
    constructor(ids = [], done = []) {
        this.ids = ids;
        this.done = done;
    }

    /** The queue of the tab, when the debtor is in it. */
    static restore(resId) {
        try {
            const {ids, done} = JSON.parse(browser.sessionStorage.getItem(KEY)) || {};
            return ids?.includes(resId) ? new DeskQueue(ids, done) : new DeskQueue();
        } catch {
            return new DeskQueue();
        }
    }

    save() {
        const {ids, done} = this;
        browser.sessionStorage.setItem(KEY, JSON.stringify({ids, done}));
        return this;
    }

    position(resId) {
        return this.ids.indexOf(resId) + 1;
    }

    get length() {
        return this.ids.length;
    }

    /** The debtor so many places further, or nothing at either end. */
    neighbour(resId, step) {
        return this.ids[this.ids.indexOf(resId) + step];
    }

    /** The next debtor that is not done, after this one or from the start. */
    nextOpen(resId) {
        const place = this.ids.indexOf(resId) + 1;
        const around = [...this.ids.slice(place), ...this.ids.slice(0, place)];
        return around.find((id) => id !== resId && !this.done.includes(id));
    }

    finish(resId) {
        if (!this.done.includes(resId)) {
            this.done.push(resId);
        }
        this.save();
    }
}
