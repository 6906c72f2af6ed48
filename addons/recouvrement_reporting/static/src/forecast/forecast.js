import {Component, onWillStart, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {useSetupAction} from "@web/search/action_hook";
import {download} from "../aged_balance/model";
import {COLORS, ForecastChart} from "./forecast_chart";

const MODEL = "recouvrement.forecast";
// Read from the ledger and from the targets: an old forecast opens them too.
const LEDGER_FIGURES = ["received", "before", "target"];

/** A number that opens what it is made of, when that is known. */
export class ForecastFigure extends Component {
    static template = "recouvrement_reporting.ForecastFigure";
    static props = {
        text: String,
        name: String,
        source: {type: String, optional: true},
        isBold: {type: Boolean, optional: true},
        onOpen: {type: Function, optional: true},
    };
}

/** What customers will pay, by week or by month. */
export class Forecast extends Component {
    static template = "recouvrement_reporting.Forecast";
    static components = {Dropdown, DropdownItem, ForecastChart, ForecastFigure, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.colors = COLORS;
        this.state = useState({
            options: {kind: "week", ...(this.props.state?.options || {})},
            data: null,
            isBusy: false,
        });
        useSetupAction({getLocalState: () => ({options: {...this.state.options}})});
        onWillStart(() => this.load());
    }

    /** Headings, repeated beside each figure where the table becomes cards. */
    get labels() {
        return {
            before: _t("Received before"),
            expected: _t("Expected"),
            gap: _t("Gap"),
            p80: _t("P80 reached"),
            received: _t("Received"),
            since: _t("Received since"),
            target: _t("Target"),
            wape: _t("Error (WAPE)"),
            weeks: _t("Weeks over"),
        };
    }

    // Reading

    async load() {
        const options = {...this.state.options};
        this.state.data = await this.orm.call(MODEL, "get_forecast", [options]);
    }

    async change(changes) {
        this.state.options = {...this.state.options, ...changes};
        await this.load();
    }

    changeCompany(companyId) {
        return this.change({company_id: companyId, forecast_id: false});
    }

    async refresh() {
        this.state.isBusy = true;
        try {
            await this.orm.call(MODEL, "action_refresh", [this.data.company_id]);
            await this.change({forecast_id: false});
        } finally {
            this.state.isBusy = false;
        }
        this.notification.add(_t("The forecast was made again."), {type: "success"});
    }

    get data() {
        return this.state.data;
    }

    get forecast() {
        return this.data.forecast;
    }

    get rows() {
        return this.data.rows;
    }

    /** Sources that bring something to what is shown. */
    get sources() {
        return this.data.sources.filter((source) =>
            this.rows.some((row) => row[source.key])
        );
    }

    get hasReceived() {
        return this.rows.some((row) => row.received !== null);
    }

    get hasBefore() {
        return this.rows.some((row) => row.before);
    }

    get hasTarget() {
        return this.rows.some((row) => row.target !== null);
    }

    get isMeasured() {
        return this.data.errors.methods.some((one) =>
            one.values.some((value) => value !== null)
        );
    }

    get company() {
        return this.data.companies.find((one) => one.id === this.data.company_id);
    }

    total(name) {
        return this.rows.reduce((sum, row) => sum + (row[name] || 0), 0);
    }

    /** What a row is compared with the target by: received before, and to come. */
    gap(row) {
        return row.target === null ? null : row.before + row.expected - row.target;
    }

    get tiles() {
        const {forecast} = this;
        const weeks = this.rows.slice(0, 4);
        const tiles = [
            {
                key: "open",
                label: _t("Open items, less credits"),
                value: this.format(forecast.open_amount),
                onOpen: this.opener("open"),
            },
        ];
        if (forecast.method === "rate") {
            return [];
        }
        if (this.data.kind === "week" && weeks.length === 4) {
            const sum = weeks.reduce((all, row) => all + row.expected, 0);
            tiles.push({
                key: "month",
                label: _t("Expected over 4 weeks"),
                value: this.format(sum),
                onOpen: this.opener("expected", weeks[0], weeks[3]),
            });
        }
        tiles.push(
            {
                key: "later",
                label: _t("Expected later"),
                value: this.format(forecast.later_amount),
                onOpen: this.opener("later"),
            },
            {
                key: "outside",
                label: _t("Not counted on"),
                value: this.format(forecast.outside_amount),
                onOpen: this.opener("outside"),
                help: _t(
                    "Items in litigation or insolvency, and losses expected on doubtful ones"
                ),
            }
        );
        return tiles;
    }

    // Sentences

    get rateNotice() {
        return _t(
            "Only %(share)s of the receivable lines are matched: the delays of customers are not known well enough. What came in during the last 13 weeks goes on.",
            {share: this.percent(this.forecast.matched_share)}
        );
    }

    get methodNotice() {
        return _t(
            "Delays learnt from %(count)s invoices of the last 24 months; each customer's own are completed by %(weight)s observations of all customers. P50 and P80: amounts reached with a chance of 50 % and of 80 %.",
            {
                count: this.forecast.history_count,
                weight: this.forecast.pool_weight,
            }
        );
    }

    /** What a quantile is made of, which no list adds up to. */
    get quantileNotice() {
        const factor = formatFloat(this.forecast.spread_factor, {digits: [16, 2]});
        return _t(
            "P50 and P80 are not sums: they are read from the chances of all items together, those of a customer tied to each other, with a variance multiplied by %s, as past forecasts showed. The items that open have their chances; these add up to the expected amount.",
            factor
        );
    }

    get isOld() {
        return this.forecast.method === "curve" && !this.hasItems;
    }

    get errorNotice() {
        const {count, first, last} = this.data.errors;
        return _t(
            "The forecast made again as of %(count)s past days, from %(first)s to %(last)s, from what was known then; sum of the weekly errors over what came in (WAPE).",
            {count, first: this.day(first), last: this.day(last)}
        );
    }

    get knownOn() {
        return _t("Known on %s", this.forecast.label);
    }

    fromDay(row) {
        return _t("from %s", this.day(row.date_from));
    }

    weeksLabel(weeks) {
        return _t("%s weeks", weeks);
    }

    // Formats

    format(amount) {
        if (amount === null || amount === undefined) {
            return "";
        }
        return formatCurrency(amount, this.data.currency_id, {
            digits: [16, 0],
            noSymbol: this.env.isSmall,
        });
    }

    cell(amount) {
        return amount ? formatFloat(amount, {digits: [16, 0]}) : "";
    }

    percent(value) {
        return value === null
            ? "–"
            : `${formatFloat(100 * value, {digits: [16, 0]})} %`;
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    // Opening

    get hasItems() {
        return this.forecast.has_items;
    }

    /** Whether a figure is read from items, which the newest forecast keeps only. */
    needsItems(name) {
        const source = this.data.sources.find((one) => one.key === name);
        return source ? source.has_items : !LEDGER_FIGURES.includes(name);
    }

    /** What opens a figure; nothing when what it is made of is not kept. */
    opener(name, first, last) {
        if (this.needsItems(name) && !this.hasItems) {
            return undefined;
        }
        return () => this.open(name, first, last);
    }

    select(row, source) {
        this.opener(source, row)?.();
    }

    openTotal(name) {
        return this.opener(name, this.rows[0], this.rows.at(-1));
    }

    async open(name, first, last) {
        const action = await this.orm.call(MODEL, "action_open_figure", [
            [this.forecast.id],
            name,
            first ? first.id : null,
            last ? last.id : null,
        ]);
        this.action.doAction(action);
    }

    /** What opens a measured error; nothing when it could not be measured. */
    errorOpener(method, place) {
        const {values, key} = method;
        if (values[place] === null) {
            return undefined;
        }
        const args = [key, this.data.errors.horizons[place], this.data.company_id];
        return () => this.call("action_open_error", args);
    }

    /** The weeks that are over of a frozen forecast. */
    openPast(past) {
        return this.call("action_open_past", [[past.id]]);
    }

    async call(method, args) {
        this.action.doAction(await this.orm.call(MODEL, method, args));
    }

    downloadFile() {
        download(`/recouvrement/forecast/${this.forecast.id}.xlsx`, {
            companies: user.context.allowed_company_ids.join(","),
        });
    }
}

registry.category("actions").add("recouvrement_forecast", Forecast);
