import {Component, markup, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {KeepLast} from "@web/core/utils/concurrency";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {useSetupAction} from "@web/search/action_hook";
import {BalanceChart} from "./balance_chart";
import {BalanceTable} from "./balance_table";
import {BucketEditor} from "./bucket_editor";
import {FilterPanel} from "./filter_panel";
import {SavedViews} from "./saved_views";
import {TieOut} from "./tie_out";
import {
    DEFAULTS,
    PRESETS,
    dayOfPreset,
    decodeOptions,
    download,
    encodeOptions,
    monthBefore,
} from "./model";

const MODEL = "recouvrement.aged.balance";

/** The aged balance as of any date. */
export class AgedBalance extends Component {
    static template = "recouvrement_reporting.AgedBalance";
    static components = {
        BalanceChart,
        BalanceTable,
        BucketEditor,
        DateTimeInput,
        Dropdown,
        DropdownItem,
        FilterPanel,
        Layout,
        SavedViews,
        TieOut,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.state = useState({
            options: {},
            data: null,
            history: null,
            tieOut: null,
            choices: null,
            unfolded: {},
            relative: false,
            showChart: !this.env.isSmall,
            isLoading: false,
        });
        this.searchLater = useDebounced((text) => this.change({search: text}), 300);
        useSetupAction({
            getLocalState: () => ({
                options: {...this.state.options},
                relative: this.state.relative,
                showChart: this.state.showChart,
            }),
        });
        onWillStart(async () => {
            this.state.choices = await this.orm.call(MODEL, "get_choices", []);
            this.restore();
            await this.load();
        });
    }

    // Options

    get options() {
        return this.state.options;
    }

    get today() {
        return this.state.choices.today;
    }

    /** What was on screen before, else what was asked for, else the address, else the
     *  default view. */
    restore() {
        const before = this.props.state || {};
        const given = this.props.action.context?.aged_options;
        const asked = decodeOptions(router.current.aged || "{}");
        const view = this.state.choices.views.find((one) => one.is_default);
        let options = {as_of: this.today};
        if (before.options) {
            options = before.options;
            this.state.relative = before.relative;
            this.state.showChart = before.showChart;
        } else if (given) {
            options = {...options, ...given};
        } else if (Object.keys(asked).length) {
            options = {...options, ...asked};
        } else if (view) {
            options = {...view.options, as_of: dayOfPreset(view.preset, this.today)};
        }
        this.state.options = {...DEFAULTS, ...options, filters: options.filters || {}};
    }

    async change(changes) {
        const before = this.state.options;
        this.state.options = {...before, offset: 0, ...changes};
        try {
            await this.load();
        } catch (error) {
            this.state.options = before;
            throw error;
        }
    }

    // Reading

    async load() {
        const options = {...this.options};
        this.state.isLoading = true;
        try {
            const data = await this.keepLast.add(
                this.orm.call(MODEL, "get_balance", [options])
            );
            this.state.data = data;
            this.state.unfolded = {};
        } finally {
            this.state.isLoading = false;
        }
        this.props.updateActionState?.({aged: encodeOptions(options)});
        this.loadAround(options);
    }

    /** The tie-out and the history come after the figures: nobody waits for them. */
    async loadAround(options) {
        const scope = {...options, offset: 0, sort: "total", group_by: "debtor"};
        const key = JSON.stringify(scope);
        if (this.aroundKey === key) {
            return;
        }
        this.aroundKey = key;
        this.state.tieOut = null;
        const tieOut = await this.orm.silent.call(MODEL, "get_tie_out", [options]);
        if (this.aroundKey === key) {
            this.state.tieOut = tieOut;
        }
        await this.loadHistory(options, key);
    }

    async loadHistory(options, key = this.aroundKey) {
        if (!this.state.showChart || this.historyKey === key) {
            return;
        }
        const history = await this.orm.silent.call(MODEL, "get_history", [options]);
        if (this.aroundKey === key) {
            this.historyKey = key;
            this.state.history = history;
        }
    }

    toggleChart() {
        this.state.showChart = !this.state.showChart;
        this.loadHistory(this.options);
    }

    // Days

    get presets() {
        const labels = {
            today: _t("Today"),
            month_end: _t("Last month-end"),
            year_end: _t("Last 31 December"),
        };
        return PRESETS.map((key) => ({
            key,
            label: labels[key],
            day: dayOfPreset(key, this.today),
        }));
    }

    get preset() {
        const found = this.presets.find((one) => one.day === this.options.as_of);
        return found ? found.key : "today";
    }

    day(text) {
        return text ? deserializeDate(text) : false;
    }

    get lastDay() {
        return deserializeDate(this.today);
    }

    onDay(name, value) {
        if (value) {
            this.change({[name]: serializeDate(value)});
        } else if (name === "compare") {
            this.change({compare: false});
        }
    }

    toggleCompare() {
        const {compare, as_of: day} = this.options;
        this.change({compare: compare ? false : monthBefore(day)});
    }

    // Choices

    get groupingLabel() {
        const found = this.state.choices.groupings.find(
            (one) => one.key === this.options.group_by
        );
        return found ? found.label : "";
    }

    get currencyLabel() {
        const {currency} = this.options;
        if (currency === "company") {
            return _t("Company currency");
        }
        if (currency === "transaction") {
            return _t("Currency of each item");
        }
        return this.state.choices.currencies.find((one) => one.id === currency)?.name;
    }

    get filterCount() {
        return Object.keys(this.options.filters).length;
    }

    get hasNarrowed() {
        return this.filterCount > 0 || Boolean(this.options.search);
    }

    openView(view) {
        const {relative} = this.state;
        this.change({
            ...DEFAULTS,
            ...view.options,
            as_of: dayOfPreset(view.preset, this.today),
        });
        this.state.relative = relative;
    }

    openDefault() {
        this.change({...DEFAULTS, as_of: this.options.as_of});
    }

    setSort(name) {
        const {sort, descending} = this.options;
        this.change({
            sort,
            ...{sort: name, descending: sort === name ? !descending : name !== "name"},
        });
    }

    // Pages

    get pageLabel() {
        const {offset} = this.options;
        const {rows, count} = this.state.data;
        return _t("%(first)s–%(last)s of %(count)s", {
            first: offset + 1,
            last: offset + rows.length,
            count,
        });
    }

    turnPage(way) {
        const {offset, limit} = this.options;
        const next = offset + way * limit;
        if (next >= 0 && next < this.state.data.count) {
            this.change({offset: next});
        }
    }

    // Rows

    async toggleRow(row) {
        const id = `${row.key}/${row.currency_id}`;
        if (this.state.unfolded[id]) {
            delete this.state.unfolded[id];
            return;
        }
        this.state.unfolded[id] = await this.readItems(row, 0);
    }

    async moreItems(row) {
        const shown = this.state.unfolded[`${row.key}/${row.currency_id}`];
        const next = await this.readItems(row, shown.items.length);
        shown.items.push(...next.items);
    }

    readItems(row, offset) {
        return this.orm.call(MODEL, "get_items", [
            this.options,
            row.key,
            row.currency_id,
            offset,
        ]);
    }

    async openItems(row, column) {
        const action = await this.orm.call(MODEL, "get_items_action", [this.options], {
            key: row ? row.key : null,
            column: column ? column.key : null,
            currency_id: row ? row.currency_id : false,
        });
        this.run(action);
    }

    /** What makes a figure of the tie-out with the general ledger. */
    async openTie(part, line) {
        const args = [this.options, part, line];
        this.run(await this.orm.call(MODEL, "get_tie_action", args));
    }

    /** Open an action that the server made; its help is HTML of a data file. */
    run(action) {
        return this.action.doAction({...action, help: markup(action.help || "")});
    }

    openDocument(item) {
        this.action.doActionButton({
            type: "object",
            name: "action_open_document",
            resModel: "recouvrement.open.item",
            resId: item.id,
            context: {open_items_as_of: this.options.as_of, at_end_of_day: true},
        });
    }

    async openPivot() {
        this.run(await this.orm.call(MODEL, "get_pivot_action", [this.options]));
    }

    async openOld() {
        this.run(
            await this.orm.call("recouvrement.open.item", "action_old_items", [
                this.options.as_of,
            ])
        );
    }

    // Files

    downloadFile(kind) {
        const options = {...this.options, offset: 0};
        download(`/recouvrement/aged-balance.${kind}`, {
            options: JSON.stringify(options),
            companies: user.activeCompanies.map((company) => company.id).join(","),
        });
    }

    // Formats

    format(amount, currencyId, digits) {
        const currency = this.state.data.currencies[currencyId];
        return formatFloat(amount, {digits: [16, digits ?? currency?.digits ?? 2]});
    }

    currencyName(currencyId) {
        const found = this.state.data.currencies[currencyId];
        return found ? found.name : "";
    }

    statusLabel(status) {
        const found = this.state.choices.statuses.find(([code]) => code === status);
        return found ? found[1] : "";
    }

    get shownCurrency() {
        const [total] = this.state.data.totals;
        return total && this.options.currency !== "transaction"
            ? this.currencyName(total.currency_id)
            : "";
    }
}

registry.category("actions").add("recouvrement_aged_balance", AgedBalance);
