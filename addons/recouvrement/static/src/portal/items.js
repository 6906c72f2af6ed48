import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/**
 * The items of an account: what is ticked is added up at once, in each currency.
 * Without this the page works the same, but for the total.
 */
export class ReceivableItems extends Interaction {
    static selector = ".o_receivable_items";
    dynamicContent = {
        ".o_receivable_tick": {"t-on-change": this.update},
        ".o_receivable_tick_all": {"t-on-change": this.tickAll},
    };

    start() {
        // Nothing can be ticked among what was settled.
        if (this.ticks.length) {
            this.update();
        }
    }

    get ticks() {
        return [...this.el.querySelectorAll(".o_receivable_tick")];
    }

    tickAll(ev) {
        for (const tick of this.ticks) {
            tick.checked = ev.currentTarget.checked;
        }
        this.update();
    }

    update() {
        const ticked = this.ticks.filter((tick) => tick.checked);
        this.el.querySelector(".o_receivable_count").textContent = ticked.length;
        this.el.querySelector(".o_receivable_total").textContent =
            this.getTotal(ticked);
        this.el.classList.toggle("o_receivable_some", ticked.length > 0);
        const all = this.el.querySelector(".o_receivable_tick_all");
        if (all) {
            all.checked = ticked.length > 0 && ticked.length === this.ticks.length;
            all.indeterminate = ticked.length > 0 && !all.checked;
        }
    }

    getTotal(ticked) {
        const units = new Map();
        for (const {dataset} of ticked) {
            const sum = units.get(dataset.currency)?.sum || 0;
            units.set(dataset.currency, {
                sum: sum + parseInt(dataset.units),
                digits: parseInt(dataset.digits),
            });
        }
        const lang = document.documentElement.lang || undefined;
        return [...units]
            .map(([currency, {sum, digits}]) =>
                (sum / 10 ** digits).toLocaleString(lang, {
                    style: "currency",
                    currency,
                    minimumFractionDigits: digits,
                    maximumFractionDigits: digits,
                })
            )
            .join(" + ");
    }
}

registry
    .category("public.interactions")
    .add("recouvrement.receivable_items", ReceivableItems);
