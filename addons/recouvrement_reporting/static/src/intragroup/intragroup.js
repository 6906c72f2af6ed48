import {Component, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {_t} from "@web/core/l10n/translation";
import {Layout} from "@web/search/layout";
import {KeepLast} from "@web/core/utils/concurrency";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {download} from "../aged_balance/model";

const MODEL = "recouvrement.intragroup";

/** What companies of the database claim from each other, against what they owe. */
export class Intragroup extends Component {
    static template = "recouvrement_reporting.Intragroup";
    static components = {DateTimeInput, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            day: false,
            data: null,
            pair: null,
            detail: null,
            onlyDifferences: true,
            kind: false,
            part: null,
        });
        useSetupAction({
            getLocalState: () => ({
                day: this.state.day,
                pair: this.state.pair,
                onlyDifferences: this.state.onlyDifferences,
            }),
        });
        onWillStart(async () => {
            const before = this.props.state || {};
            this.state.day = before.day || router.current.day || false;
            this.state.pair = before.pair || null;
            this.state.onlyDifferences = before.onlyDifferences ?? true;
            await this.load();
        });
    }

    /** Headings, repeated beside each figure where the table becomes cards. */
    get labels() {
        return {
            claimed: _t("Claimed"),
            count: _t("To explain"),
            debtor: _t("Debtor company"),
            difference: _t("Difference"),
            followed: _t("Followed"),
            owed: _t("Owed"),
        };
    }

    // Reading

    async load() {
        const data = await this.keepLast.add(
            this.orm.call(MODEL, "get_pairs", [this.state.day])
        );
        this.state.data = data;
        this.state.day = data.day;
        // Not when only the figures are read again: the user may have gone elsewhere.
        if (this.dayInAddress !== data.day) {
            this.dayInAddress = data.day;
            this.props.updateActionState?.({day: data.day});
        }
        await this.loadDetail();
    }

    async loadDetail() {
        if (!this.state.pair) {
            this.state.detail = null;
            return;
        }
        const {company_id: company, other_id: other} = this.state.pair;
        this.state.detail = await this.keepLast.add(
            this.orm.call(MODEL, "get_reconciliation", [company, other, this.state.day])
        );
    }

    openPair(pair) {
        this.state.pair = pair && {
            company_id: pair.company_id,
            other_id: pair.other_id,
        };
        this.state.kind = false;
        this.state.part = null;
        this.loadDetail();
    }

    // Days

    get day() {
        return deserializeDate(this.state.day);
    }

    get lastDay() {
        return deserializeDate(this.state.data.today);
    }

    get lastMonthEnd() {
        return serializeDate(this.lastDay.startOf("month").minus({days: 1}));
    }

    setDay(day) {
        this.state.day = day;
        this.load();
    }

    onDay(value) {
        if (value) {
            this.setDay(serializeDate(value));
        }
    }

    // Rows

    get rows() {
        const {kind, detail} = this.state;
        return detail.rows.filter(
            (row) => (!kind || row.kind === kind) && this.isInPart(row)
        );
    }

    /** The sums of a currency: what each is called, and the rows it is made of. */
    parts(sum) {
        return [
            {name: "claimed", label: _t("Claimed"), amount: sum.claimed},
            {name: "owed", label: _t("Owed"), amount: sum.owed},
            {name: "difference", label: _t("Difference"), amount: sum.difference},
        ].map((part) => ({
            ...part,
            currency_id: sum.currency_id,
            isChosen:
                this.state.part?.name === part.name &&
                this.state.part.currency_id === sum.currency_id,
        }));
    }

    isInPart(row) {
        const {part, onlyDifferences} = this.state;
        if (!part) {
            return !onlyDifferences || !row.agreed;
        }
        const isOfPart = (one) => one && one.currency_id === part.currency_id;
        if (part.name === "difference") {
            return row.differences.some((one) => isOfPart(one) && one.amount);
        }
        return isOfPart(part.name === "claimed" ? row.ours : row.theirs);
    }

    /** Show only the rows that a sum is made of; all of them on a second click. */
    togglePart(part) {
        this.state.kind = false;
        this.state.part = part.isChosen
            ? null
            : {name: part.name, currency_id: part.currency_id};
    }

    get kinds() {
        const {detail, data} = this.state;
        return detail.sums.flatMap((sum) =>
            Object.entries(sum.kinds).map(([kind, amount]) => ({
                id: `${kind}/${sum.currency_id}`,
                kind,
                label: data.kinds[kind],
                amount: this.format(amount, sum.currency_id),
            }))
        );
    }

    get oursLabel() {
        return _t("Claimed by %s", this.state.detail.company);
    }

    get theirsLabel() {
        return _t("Owed by %s", this.state.detail.other);
    }

    dueLabel(document) {
        return _t("due %s", document.date_due);
    }

    badge(row) {
        if (row.agreed) {
            return "text-bg-success";
        }
        return ["in_transit", "later", "draft"].includes(row.kind)
            ? "text-bg-info"
            : "text-bg-warning";
    }

    toggleKind(kind) {
        this.state.part = null;
        this.state.kind = this.state.kind === kind ? false : kind;
    }

    toggleDifferences() {
        this.state.part = null;
        this.state.onlyDifferences = !this.state.onlyDifferences;
    }

    async openDocument(document) {
        const {company_id: company, other_id: other} = this.state.pair;
        const action = await this.orm.call(MODEL, "open_document", [
            company,
            other,
            document.key,
        ]);
        await this.activate(action.context.allowed_company_ids);
        this.action.doAction({...action, context: {}});
    }

    /** Add companies to the active ones: a form of another one would reload the page. */
    async activate(companyIds) {
        const active = user.activeCompanies.map((company) => company.id);
        const missing = companyIds.filter((id) => !active.includes(id));
        if (missing.length) {
            await user.activateCompanies([...active, ...missing], {
                includeChildCompanies: false,
                reload: false,
            });
        }
    }

    async takeOn(row) {
        const {company_id: company, other_id: other} = this.state.pair;
        const action = await this.orm.call(
            "recouvrement.intragroup.difference",
            "action_open_difference",
            [company, other, this.state.day, row.key]
        );
        this.action.doAction(action, {onClose: () => this.load()});
    }

    // Files and formats

    downloadFile() {
        download("/recouvrement/intragroup.xlsx", {
            options: JSON.stringify({day: this.state.day, ...(this.state.pair || {})}),
            companies: user.activeCompanies.map((company) => company.id).join(","),
        });
    }

    format(amount, currencyId) {
        const currency = this.state.data.currencies[currencyId];
        const number = formatFloat(amount, {digits: [16, currency?.digits ?? 2]});
        return `${number} ${currency?.name ?? ""}`;
    }
}

registry.category("actions").add("recouvrement_intragroup", Intragroup);
