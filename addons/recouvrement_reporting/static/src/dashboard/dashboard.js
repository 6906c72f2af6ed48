import {Component, markup, onWillStart, status, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {BalanceChart} from "../aged_balance/balance_chart";
import {ForecastChart} from "../forecast/forecast_chart";
import {fillTrend, stepFrom} from "../kpi/kpi_model";
import {DashboardChart} from "./dashboard_chart";
import {DashboardTile} from "./dashboard_tile";

const MODEL = "recouvrement.dashboard";
const KPIS = "recouvrement.kpi";
const BALANCES = "recouvrement.aged.balance";
const STATUSES = {
    future: {icon: "fa-clock-o", look: "text-muted"},
    on_track: {icon: "fa-check-circle", look: "text-success"},
    late: {icon: "fa-exclamation-triangle", look: "text-danger"},
    reached: {icon: "fa-trophy", look: "text-success"},
    missed: {icon: "fa-times-circle", look: "text-danger"},
};
const BLUE = "#5b8def";
const TEAL = "#2a9d8f";
const RUST = "#c2410c";

/** What matters this month to a collector, to the manager, to the finance director. */
export class Dashboard extends Component {
    static template = "recouvrement_reporting.Dashboard";
    static components = {
        BalanceChart,
        DashboardChart,
        DashboardTile,
        ForecastChart,
        Layout,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        const before = this.props.state || {};
        this.state = useState({
            kind: before.kind || null,
            options: before.options || {},
            data: null,
            isLoading: false,
            isFilling: false,
        });
        useSetupAction({
            getLocalState: () => ({
                kind: this.state.kind,
                options: {...this.state.options},
            }),
        });
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    // Reading

    async load() {
        this.state.isLoading = true;
        const {kind, options} = this.state;
        try {
            const data = await this.keepLast.add(
                this.orm.call(MODEL, "get_dashboard", [kind, {...options, quick: true}])
            );
            this.state.data = data;
            this.state.kind = data.kind;
        } finally {
            this.state.isLoading = false;
        }
        if (this.data.is_late) {
            this.loadLate();
        } else if (this.data.is_trend_partial && !this.data.is_large) {
            this.loadTrend();
        }
    }

    /** What takes long on a large ledger comes after the rest is on screen. */
    async loadLate() {
        const asked = this.data;
        const {history, ...late} = await this.orm.silent.call(MODEL, "get_late", [
            this.state.kind,
            {...this.state.options},
        ]);
        if (this.data === asked) {
            Object.assign(this.data, late, {is_late: false});
            if (history) {
                this.data.balance.history = history;
            }
        }
    }

    /** On a large ledger, the months that are not frozen when somebody asks for them. */
    async fillTrend() {
        const asked = this.data;
        const {kind, options} = this.state;
        this.state.isFilling = true;
        try {
            await fillTrend(
                asked.trend,
                (start) =>
                    this.orm.silent.call(MODEL, "get_trend_month", [
                        start,
                        kind,
                        {...options},
                    ]),
                () => this.data === asked && status(this) !== "destroyed"
            );
            asked.is_trend_partial = false;
        } finally {
            this.state.isFilling = false;
        }
    }

    get canFillTrend() {
        return this.data.is_large && this.data.is_trend_partial && !this.data.is_late;
    }

    /** Months that were never frozen are worked out after the rest is on screen. */
    async loadTrend() {
        const asked = this.data;
        const trend = await this.orm.silent.call(MODEL, "get_trend", [
            this.state.kind,
            {...this.state.options},
        ]);
        if (this.data === asked) {
            Object.assign(this.data, {trend, is_trend_partial: false});
        }
    }

    async change(changes) {
        const {kind, options} = this.state;
        Object.assign(this.state, changes);
        try {
            await this.load();
        } catch (error) {
            Object.assign(this.state, {kind, options});
            throw error;
        }
    }

    setOptions(changes) {
        return this.change({options: {...this.state.options, ...changes}});
    }

    turn(way) {
        this.setOptions({start: stepFrom("month", this.data.period.start, way).start});
    }

    toMonth(place) {
        this.setOptions({start: this.data.trend.months[place].start});
    }

    toCurrent() {
        this.setOptions({start: false});
    }

    get isLast() {
        return this.data.period.end >= this.data.today;
    }

    get comparisons() {
        return [
            {key: "month", label: _t("Previous month")},
            {key: "year", label: _t("Previous year")},
        ];
    }

    get workTitle() {
        return {
            collector: _t("To do today"),
            manager: _t("Waiting for a decision"),
            director: _t("Closing"),
        }[this.data.kind];
    }

    get compareLabel() {
        return _t("against %s", this.data.before_label);
    }

    // Charts

    get months() {
        return this.data.trend.months.map((month) => month.label);
    }

    series(code, options) {
        const kpi = this.data.tiles.find((one) => one.code === code);
        const values = this.data.trend.values[code];
        return kpi && {label: kpi.name, values, unit: this.unitOf(kpi), ...options};
    }

    unitOf(kpi) {
        const {currency} = this.data;
        return {days: _t("days"), percent: "%", amount: currency}[kpi.unit] || "";
    }

    get receipts() {
        const collected = this.series("collected", {type: "bar", color: TEAL});
        const {months} = this.data.targets;
        const series = collected ? [collected] : [];
        if (months.some((value) => value !== null)) {
            series.push({
                label: _t("Target"),
                values: months,
                type: "line",
                color: RUST,
                unit: this.data.currency,
                stepped: true,
            });
        }
        return {key: "receipts", title: _t("Receipts against the target"), series};
    }

    get evolution() {
        const isDirector = this.data.kind === "director";
        const [bars, line] = isDirector
            ? ["overdue_pct", "dso_countback"]
            : ["overdue", "recovery_month"];
        return {
            key: "evolution",
            title: isDirector
                ? _t("DSO and overdue share")
                : _t("Overdue and recovery rate"),
            series: [
                this.series(bars, {type: "bar", color: BLUE}),
                this.series(line, {type: "line", color: RUST, axis: "y1"}),
            ].filter(Boolean),
        };
    }

    get charts() {
        return [this.evolution, this.receipts].filter((chart) =>
            chart.series.some((one) => one.values.some((value) => value !== null))
        );
    }

    get hasHistory() {
        return this.data.balance.history.series.some((one) =>
            one.amounts.some((amount) => amount)
        );
    }

    get forecastFigures() {
        return ["before", "expected", "p50", "p80", "target"];
    }

    get forecastSources() {
        const {forecast} = this.data;
        return forecast.sources.filter((source) =>
            forecast.weeks.some((row) => row[source.key])
        );
    }

    // Targets

    status(progress) {
        return progress && progress.status && STATUSES[progress.status];
    }

    width(value, target) {
        return target > 0 ? Math.max(0, Math.min(100, (100 * value) / target)) : 0;
    }

    ofTarget(progress) {
        return _t("of %s aimed at", this.format(progress, progress.target));
    }

    get knownOn() {
        return _t("Known on %s", this.data.forecast.label);
    }

    // Opening

    /** Open an action that the server made; its help is HTML of a data file. */
    run(action) {
        return this.action.doAction({...action, help: markup(action.help || "")});
    }

    async openLines(code, measure, scope = this.data) {
        const {start, end} = this.data.period;
        this.run(
            await this.orm.call(KPIS, "action_open_lines", [
                code,
                measure,
                start,
                end,
                scope.by || null,
                scope.key || null,
            ])
        );
    }

    openTile(kpi, measure) {
        return this.openLines(kpi.code, measure.name);
    }

    openCell(row, column) {
        const [measure] = row.figures[column.code].measures;
        const scope = {by: "collector", key: row.key};
        return measure && this.openLines(column.code, measure.name, scope);
    }

    openCollected(row) {
        const scope = {by: "collector", key: row.key};
        return this.openLines("collected", "collected", scope);
    }

    async openWork(tile) {
        this.run(
            await this.orm.call(MODEL, "action_open_work", [
                this.state.kind,
                tile.key,
                {...this.state.options},
            ])
        );
    }

    async openDebtor(row, column = null, changes = {}) {
        const key = row ? row.key : null;
        const options = {...this.data.balance.options, ...changes};
        this.run(
            await this.orm.call(BALANCES, "get_items_action", [options, key, column])
        );
    }

    openLate(row) {
        return this.openDebtor(row, "late");
    }

    /** What was open on the day that is compared with. */
    openOther(row) {
        const {compare} = this.data.balance.options;
        return this.openDebtor(row, null, {as_of: compare});
    }

    async openDay(day) {
        const options = {...this.data.balance.options, as_of: day};
        this.run(await this.orm.call(BALANCES, "get_items_action", [options]));
    }

    /** The targets that an amount aimed at is read from. */
    async openTarget(progress, userId = null) {
        this.run(
            await this.orm.call(MODEL, "action_open_target", [
                this.state.kind,
                progress.code,
                {...this.state.options},
                userId,
                progress.company_id || null,
            ])
        );
    }

    /** What was reached towards a target, in its legal entity. */
    async openReached(progress) {
        this.run(
            await this.orm.call(MODEL, "action_open_reached", [
                this.state.kind,
                progress.code,
                {...this.state.options},
                progress.company_id || null,
            ])
        );
    }

    openScreen(name) {
        this.action.doAction(`recouvrement_reporting.${name}`);
    }

    async openExpected(row, source) {
        const {forecast} = this.data;
        const known = forecast.sources.find((one) => one.key === source);
        if (forecast.has_items && (!known || known.has_items)) {
            this.action.doAction(
                await this.orm.call("recouvrement.forecast", "action_open_cell", [
                    [forecast.id],
                    row.id,
                    source || null,
                ])
            );
        }
    }

    /** Whether a figure of the forecast opens: items are kept for the newest only. */
    opensForecast(row, name) {
        const isLedger = ["before", "target"].includes(name);
        return row[name] !== null && (isLedger || this.data.forecast.has_items);
    }

    async openForecastFigure(row, name) {
        this.action.doAction(
            await this.orm.call("recouvrement.forecast", "action_open_figure", [
                [this.data.forecast.id],
                name,
                row.id,
            ])
        );
    }

    openForecast() {
        this.openScreen("recouvrement_forecast_action");
    }

    openAgedBalance() {
        this.openScreen("recouvrement_aged_balance_action");
    }

    openTargets() {
        this.openScreen("recouvrement_target_action_performance");
    }

    // Formats

    format(kpi, value) {
        if (value === null || value === undefined) {
            return "–";
        }
        const {currency_digits} = this.data;
        const digits = kpi.unit === "amount" ? currency_digits : kpi.decimals;
        const text = formatFloat(value, {digits: [16, digits]});
        const unit = this.unitOf(kpi);
        return unit ? `${text} ${unit}` : text;
    }

    formatMeasure(measure) {
        const {currency, currency_digits} = this.data;
        if (measure.unit === "count") {
            return formatFloat(measure.value, {digits: [16, 0]});
        }
        const text = formatFloat(measure.value, {digits: [16, currency_digits]});
        return measure.unit === "weighted"
            ? _t("%(amount)s %(currency)s × days", {amount: text, currency})
            : `${text} ${currency}`;
    }

    money(value) {
        return this.format({unit: "amount"}, value);
    }

    round(value) {
        return value === null || value === undefined
            ? "–"
            : formatFloat(value, {digits: [16, 0]});
    }

    percent(value) {
        return value === null ? "–" : `${formatFloat(value, {digits: [16, 0]})} %`;
    }
}

registry.category("actions").add("recouvrement_dashboard", Dashboard);
