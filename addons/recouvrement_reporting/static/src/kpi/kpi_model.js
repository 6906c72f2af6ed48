import {_t} from "@web/core/l10n/translation";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";

export const MODEL = "recouvrement.kpi";
export const STEPS = ["month", "quarter", "year"];

/** The days of the month, quarter or year of a day. */
export function spanOf(step, day) {
    const at = deserializeDate(day);
    return {
        start: serializeDate(at.startOf(step)),
        end: serializeDate(at.endOf(step)),
    };
}

/** The span before or after another one. */
export function stepFrom(step, start, way) {
    const at = deserializeDate(start).plus({[`${step}s`]: way});
    return spanOf(step, serializeDate(at));
}

/** What step a span is; a span under way counts as its whole. */
export function stepOf(period) {
    return (
        STEPS.find((step) => {
            const span = spanOf(step, period.start);
            return span.start === period.start && span.end >= period.end;
        }) || "month"
    );
}

const WIDTH = 110;
const HEIGHT = 26;
const MARGIN = 3;

/**
 * Points of a curve in a small picture; months without a value are left out.
 *
 * @returns {Array} pieces, each a list of {x, y, place}
 */
export function curveOf(values) {
    const known = values.filter((value) => value !== null);
    const least = Math.min(...known);
    const spread = Math.max(...known) - least || 1;
    const across = Math.max(values.length - 1, 1);
    const pieces = [[]];
    values.forEach((value, place) => {
        if (value === null) {
            pieces.push([]);
            return;
        }
        pieces[pieces.length - 1].push({
            x: MARGIN + (place * (WIDTH - 2 * MARGIN)) / across,
            y: HEIGHT - MARGIN - ((value - least) / spread) * (HEIGHT - 2 * MARGIN),
            place,
        });
    });
    return pieces.filter((piece) => piece.length);
}

/** Whether a change is good: 1, bad: -1, or neither: 0. */
export function sense(direction, change) {
    if (!change || direction === "neutral") {
        return 0;
    }
    return change > 0 === (direction === "higher") ? 1 : -1;
}

/** Said with a word and a sign besides the colour: how a figure is to be judged. */
export function verdictOf(judgement) {
    return {
        good: {icon: "fa-check-circle", look: "text-success", label: _t("Good")},
        bad: {
            icon: "fa-exclamation-triangle",
            look: "text-danger",
            label: _t("Bad"),
        },
        between: {
            icon: "fa-minus-circle",
            look: "text-warning",
            label: _t("To watch"),
        },
    }[judgement];
}

/**
 * What became of a figure since the one before; false when one of them is not known.
 * A percentage changes by points.
 */
export function describeChange(kpi, format) {
    if (kpi.value === null || kpi.before === null) {
        return false;
    }
    const change = kpi.value - kpi.before;
    const way = sense(kpi.direction, change);
    const amount =
        kpi.unit === "percent"
            ? _t("%s pts", format({...kpi, unit: "ratio"}, change))
            : format(kpi, change);
    return {
        text: change ? (change > 0 ? "+" : "") + amount : _t("unchanged"),
        word: {1: _t("better"), "-1": _t("worse"), 0: ""}[way],
        look: {1: "text-success", "-1": "text-danger", 0: "text-muted"}[way],
        arrow: change > 0 ? "▲" : change < 0 ? "▼" : "",
    };
}

/**
 * Work out the months of a trend that are not frozen, the newest first: what is known
 * shows at once.
 *
 * @param {Object} trend - ``months`` and ``values``, written to
 * @param {Function} read - (first day) => promise of {code: number or null}
 * @param {Function} isWanted - whether somebody still looks at it
 */
export async function fillTrend(trend, read, isWanted) {
    for (let place = trend.months.length - 1; place >= 0 && isWanted(); place--) {
        const known = Object.values(trend.values).some(
            (values) => values[place] !== null
        );
        if (trend.months[place].frozen || known) {
            continue;
        }
        const numbers = await read(trend.months[place].start);
        for (const [code, values] of Object.entries(trend.values)) {
            values[place] = numbers[code] ?? null;
        }
        // Another array, so that what draws it is told.
        trend.values = Object.fromEntries(
            Object.entries(trend.values).map(([code, values]) => [code, [...values]])
        );
    }
}
