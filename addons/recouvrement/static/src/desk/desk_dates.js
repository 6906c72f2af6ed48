import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
} from "@web/core/l10n/dates";

export function day(text) {
    return text ? formatDate(deserializeDate(text)) : "";
}

export function moment(text) {
    return text ? formatDateTime(deserializeDateTime(text), {showSeconds: false}) : "";
}
