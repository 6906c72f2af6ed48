import {formatCurrency, getCurrency} from "@web/core/currency";

/** Amounts ticked, per currency, summed in the smallest unit of each currency so that no
 * rounding creeps in. */
export class Totals {
    constructor() {
        this.byCurrency = {};
    }

    add(currencyId, amount, count = 1) {
        const total = (this.byCurrency[currencyId] ||= {units: 0, count: 0});
        total.units += Math.round(amount * unit(currencyId));
        total.count += count;
    }

    remove(currencyId, amount) {
        this.add(currencyId, -amount, -1);
    }

    get lines() {
        return Object.entries(this.byCurrency)
            .filter(([, total]) => total.count)
            .map(([id, total]) => ({
                currencyId: Number(id),
                count: total.count,
                text: money(total.units / unit(id), Number(id)),
            }));
    }
}

function unit(currencyId) {
    return 10 ** (getCurrency(currencyId)?.digits?.[1] ?? 2);
}

export function money(amount, currencyId) {
    return formatCurrency(amount, currencyId);
}
