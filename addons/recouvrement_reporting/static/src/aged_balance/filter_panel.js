import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";

/** What narrows the balance: each change is applied at once. */
export class FilterPanel extends Component {
    static template = "recouvrement_reporting.FilterPanel";
    static components = {MultiRecordSelector};
    static props = {filters: Object, choices: Object, onChange: Function};

    get selectors() {
        return [
            {name: "partner", label: _t("Customer"), model: "res.partner"},
            {name: "collector", label: _t("Collector"), model: "res.users", none: true},
            {
                name: "salesperson",
                label: _t("Salesperson"),
                model: "res.users",
                none: true,
            },
            {
                name: "segment",
                label: _t("Segment"),
                model: "recouvrement.segment",
                none: true,
            },
            {name: "country", label: _t("Country"), model: "res.country", none: true},
            ...(this.props.choices.sees_ledger
                ? [
                      {
                          name: "account",
                          label: _t("Account"),
                          model: "account.account",
                          domain: [["account_type", "=", "asset_receivable"]],
                      },
                      {
                          name: "policy",
                          label: _t("Policy"),
                          model: "recouvrement.dunning.policy",
                          none: true,
                      },
                  ]
                : []),
            {name: "currency", label: _t("Currency"), model: "res.currency"},
            ...(this.props.choices.many_companies
                ? [
                      {
                          name: "company",
                          label: _t("Company"),
                          model: "res.company",
                          domain: [["id", "in", this.props.choices.company_ids]],
                      },
                  ]
                : []),
        ];
    }

    get levels() {
        return [0, 1, 2, 3, 4, 5];
    }

    levelLabel(level) {
        return level ? _t("Level %s", level) : _t("Never");
    }

    ids(name) {
        return (this.props.filters[name] || []).filter(Boolean);
    }

    hasNone(name) {
        return (this.props.filters[name] || []).includes(false);
    }

    isOn(name, value) {
        return (this.props.filters[name] || []).includes(value);
    }

    set(name, values) {
        const filters = {...this.props.filters};
        if (values.length) {
            filters[name] = values;
        } else {
            delete filters[name];
        }
        this.props.onChange(filters);
    }

    setIds(name, ids) {
        this.set(name, this.hasNone(name) ? [false, ...ids] : ids);
    }

    toggle(name, value) {
        const values = this.props.filters[name] || [];
        this.set(
            name,
            values.includes(value)
                ? values.filter((other) => other !== value)
                : [...values, value]
        );
    }
}
