import {browser} from "@web/core/browser/browser";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";

const {DateTime} = luxon;

export const PRESETS = ["today", "month_end", "year_end"];
export const PAGE = 80;

/** The day a preset stands for, as the server writes it. */
export function dayOfPreset(preset, today) {
    const day = deserializeDate(today);
    if (preset === "month_end") {
        return serializeDate(day.startOf("month").minus({days: 1}));
    }
    if (preset === "year_end") {
        return serializeDate(DateTime.local(day.year - 1, 12, 31));
    }
    return today;
}

/** The last day of the month before a day. */
export function monthBefore(day) {
    return serializeDate(deserializeDate(day).startOf("month").minus({days: 1}));
}

export const DEFAULTS = {
    bounds: [30, 60, 90, 180],
    unit: "days",
    base: "due",
    group_by: "debtor",
    currency: "company",
    rate: "document",
    credits: "column",
    apart: false,
    filters: {},
    search: "",
    sort: "total",
    descending: true,
    compare: false,
    offset: 0,
    limit: PAGE,
};

/** Options as one text for the address: only what differs from the defaults. */
export function encodeOptions(options) {
    const changed = {};
    for (const [name, value] of Object.entries(options)) {
        if (JSON.stringify(value) !== JSON.stringify(DEFAULTS[name])) {
            changed[name] = value;
        }
    }
    return JSON.stringify(changed);
}

export function decodeOptions(text) {
    try {
        const values = JSON.parse(text);
        return values && typeof values === "object" ? values : {};
    } catch {
        return {};
    }
}

export function download(path, params) {
    const query = new URLSearchParams(params);
    browser.location.assign(`${path}?${query}`);
}

const LATE = ["#f6c453", "#f2a03d", "#ea7a35", "#d9532f", "#b52d2a", "#8a1c25"];
const KINDS = {
    age: "#2a9d8f",
    unknown: "#9ca3af",
    disputed: "#8b5cf6",
    doubtful: "#4b5563",
    credit: "#60a5fa",
};

/** Colours of columns: the later, the darker. */
export function colorsOf(columns) {
    const late = columns.filter((column) => column.kind === "late").length;
    let place = 0;
    return columns.map((column) => {
        if (column.kind !== "late") {
            return KINDS[column.kind];
        }
        const step = late > 1 ? (place * (LATE.length - 1)) / (late - 1) : 2;
        place++;
        return LATE[Math.round(step)];
    });
}
