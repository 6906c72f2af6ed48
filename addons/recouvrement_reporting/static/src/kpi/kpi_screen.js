import {Component, markup, onWillStart, status, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {useSetupAction} from "@web/search/action_hook";
import {download} from "../aged_balance/model";
import {KpiComparison} from "./kpi_comparison";
import {KpiRow} from "./kpi_row";
import {MODEL, STEPS, fillTrend, spanOf, stepFrom, stepOf} from "./kpi_model";

const SNAPSHOTS = "recouvrement.kpi.snapshot";

/** Key figures of a period, each with its definition, trend and lines. */
export class KpiScreen extends Component {
    static template = "recouvrement_reporting.KpiScreen";
    static components = {Dropdown, DropdownItem, KpiComparison, KpiRow, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        const before = this.props.state?.options;
        this.state = useState({
            options: before || {},
            data: null,
            trend: null,
            isFilling: false,
            comparison: null,
            isLoading: false,
        });
        useSetupAction({getLocalState: () => ({options: {...this.state.options}})});
        onWillStart(() => this.load());
    }

    // Reading

    async load() {
        this.state.isLoading = true;
        try {
            const options = {...this.state.options};
            const data = await this.keepLast.add(
                this.orm.call(MODEL, "get_figures", [options])
            );
            this.state.data = data;
            this.state.options = {
                start: data.period.start,
                end: data.period.end,
                by: data.by,
                key: data.key,
            };
            this.state.comparison = null;
        } finally {
            this.state.isLoading = false;
        }
        this.loadTrend();
    }

    /** The trend comes after the figures: nobody waits for it. */
    async loadTrend() {
        const options = {...this.state.options};
        const asked = JSON.stringify(options);
        this.trendKey = asked;
        this.state.trend = null;
        const trend = await this.orm.silent.call(MODEL, "get_trend", [
            {...options, frozen_only: true},
        ]);
        if (this.trendKey === asked) {
            this.state.trend = trend;
        }
    }

    /** On a large ledger, the months that are not frozen when somebody asks for them. */
    async fillTrend() {
        const options = {...this.state.options};
        const {trend} = this.state;
        const isWanted = () =>
            this.state.trend === trend && status(this) !== "destroyed";
        this.state.isFilling = true;
        try {
            await fillTrend(
                trend,
                (start) =>
                    this.orm.silent.call(MODEL, "get_trend_month", [start, options]),
                isWanted
            );
            trend.is_partial = false;
        } finally {
            this.state.isFilling = false;
        }
    }

    async change(changes) {
        const before = this.state.options;
        this.state.options = {...before, ...changes};
        try {
            await this.load();
        } catch (error) {
            this.state.options = before;
            throw error;
        }
    }

    // Period

    get step() {
        return stepOf(this.state.data.period);
    }

    get steps() {
        const labels = {month: _t("Month"), quarter: _t("Quarter"), year: _t("Year")};
        return STEPS.map((key) => ({key, label: labels[key]}));
    }

    setStep(step) {
        this.change(spanOf(step, this.state.data.period.start));
    }

    turn(way) {
        this.change(stepFrom(this.step, this.state.data.period.start, way));
    }

    get isLast() {
        return this.state.data.period.end >= this.state.data.today;
    }

    toCurrent() {
        this.change(spanOf(this.step, this.state.data.today));
    }

    // Scope

    showGroup(by, row) {
        this.change({by, key: row.key});
    }

    showAll() {
        this.change({by: false, key: false});
    }

    readSplit(kpi, by) {
        return this.orm.call(MODEL, "get_split", [
            kpi.code,
            {...this.state.options, by},
        ]);
    }

    async openLines(kpi, measure, group) {
        const {start, end, by, key} = this.state.options;
        const scope = group || {by, key};
        this.run(
            await this.orm.call(MODEL, "action_open_lines", [
                kpi.code,
                measure.name,
                start,
                end,
                scope.by || null,
                scope.key || null,
            ])
        );
    }

    /** Open an action that the server made; its help is HTML of a data file. */
    run(action) {
        return this.action.doAction({...action, help: markup(action.help || "")});
    }

    // Frozen figures

    async freeze() {
        await this.orm.call(SNAPSHOTS, "freeze_month", [this.state.data.period.start]);
        this.notification.add(_t("The figures of this month are frozen."), {
            type: "success",
        });
        await this.load();
    }

    async compare() {
        if (this.state.comparison) {
            this.state.comparison = null;
            return;
        }
        this.state.comparison = await this.orm.call(SNAPSHOTS, "get_comparison", [
            this.state.data.period.start,
        ]);
    }

    async openCause(cause) {
        this.run(
            await this.orm.call(SNAPSHOTS, "action_open_cause", [
                this.state.data.period.start,
                cause.kind,
            ])
        );
    }

    // Files

    downloadFile() {
        download("/recouvrement/key-figures.xlsx", {
            options: JSON.stringify(this.state.options),
            companies: user.activeCompanies.map((company) => company.id).join(","),
        });
    }

    // Formats

    format(kpi, value) {
        if (value === null || value === undefined) {
            return "–";
        }
        const {currency, currency_digits} = this.state.data;
        const digits = kpi.unit === "amount" ? currency_digits : kpi.decimals;
        const text = formatFloat(value, {digits: [16, digits]});
        const unit = {days: _t("days"), percent: "%", amount: currency}[kpi.unit];
        return unit ? `${text} ${unit}` : text;
    }

    formatMeasure(measure, value = measure.value) {
        const {currency, currency_digits} = this.state.data;
        if (measure.unit === "count") {
            return formatFloat(value, {digits: [16, 0]});
        }
        const text = formatFloat(value, {digits: [16, currency_digits]});
        return measure.unit === "weighted"
            ? _t("%(amount)s %(currency)s × days", {amount: text, currency})
            : `${text} ${currency}`;
    }
}

registry.category("actions").add("recouvrement_kpi", KpiScreen);
