"""From a figure of the aged balance to the items that make it."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.options import CONTEXT_KEY, TRANSACTION, columns_of

LATE = "late"
# Row of the balance -> field of the open items. The others need more than a field.
ITEM_KEYS = {
    "debtor": "commercial_partner_id",
    "collector": "collector_id",
    "salesperson": "salesperson_id",
    "segment": "segment_id",
    "country": "country_id",
    "account": "move_line_id.account_id",
    "currency": "currency_id",
    "company": "company_id",
    "policy": "debtor_id.policy_id",
    "level": "reached_rank",
    "status": "collection_status",
    "partner": "commercial_partner_id",
}


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    @api.readonly
    def get_items_action(self, values, key=None, column=None, currency_id=False):
        """Action that lists the open items behind a figure, as they were that day.

        :param key: of the row; None is every row.
        :param str column: its code; ``late`` is all that are late, None every column.
        :param int currency_id: of the row, when amounts keep their own currency.
        """
        options = self._read_options(values)
        domain = self._get_item_domain(options)
        if key is not None:
            domain &= self._item_key_domain(options, key)
        if column == LATE:
            domain &= self._item_late_domain(options)
        elif column is not None:
            domain &= self._item_column_domain(options, column)
        if options.currency == TRANSACTION and currency_id:
            domain &= Domain("currency_id", "=", currency_id)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_open_item_action"
        )
        name = self.env._("Open Items on %s", self._describe_day(options.as_of))
        action.update(
            name=name,
            display_name=name,
            domain=list(domain),
            context={
                "open_items_as_of": fields.Date.to_string(options.as_of),
                "at_end_of_day": True,
            },
        )
        # Another address would reopen the list of today.
        action.pop("path", None)
        return action

    @api.model
    @api.readonly
    def get_pivot_action(self, values):
        """Odoo's pivot of the same items, with the same columns."""
        options = self._read_options(values)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_aged_balance_action_pivot"
        )
        action.update(
            domain=list(self._get_domain(options)),
            context={CONTEXT_KEY: options.to_dict()},
        )
        action.pop("path", None)
        return action

    # ------------------------------------------------------------------
    # DOMAINS ON OPEN ITEMS
    # ------------------------------------------------------------------

    @api.model
    def _get_item_domain(self, options):
        """Filters and search of the balance, for open items."""
        domain = Domain("company_id", "in", self._get_companies(options).ids)
        for name, wanted in options.filters.items():
            if name != "company":
                domain &= self._in_domain(ITEM_KEYS[name], list(wanted))
        term = options.search
        if term:
            found = Domain("commercial_partner_id.complete_name", "ilike", term)
            found |= Domain("commercial_partner_id.ref", "ilike", term)
            if any(sign.isdigit() for sign in term):
                found |= Domain("name", "ilike", term)
            domain &= found
        return domain

    @api.model
    def _in_domain(self, name, values):
        """Open items that were never reminded have no level."""
        if name == "reached_rank" and 0 in values:
            values.append(False)
        return Domain(name, "in", values)

    @api.model
    def _item_key_domain(self, options, key):
        if options.group_by == "parent":
            return Domain("commercial_partner_id", "in", self._get_family(key))
        if options.group_by == "level" and not key:
            return self._in_domain("reached_rank", [0])
        return Domain(ITEM_KEYS[options.group_by], "=", key or False)

    @api.model
    def _get_family(self, root_id):
        """Commercial partners below a topmost company, itself included."""
        if not root_id:
            return [False]
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        below = partners.search([("id", "child_of", root_id)])
        return below.commercial_partner_id.ids

    @api.model
    def _item_column_domain(self, options, column):
        """Items of one column: what ``_column_sql`` says, as a domain."""
        codes = columns_of(options, self._has_unknown_ages())
        rules = {
            "credit": Domain("amount_residual", "<", 0)
            | (
                Domain("amount_residual", "=", 0)
                & Domain("amount_residual_currency", "<", 0)
            ),
            "doubtful": Domain("doubtful_reason_id", "!=", False),
            "disputed": Domain("collection_status", "=", "disputed"),
            "unknown": Domain("age_bucket", "=", "unknown"),
        }
        domain = Domain.TRUE
        for code in ("credit", "doubtful", "disputed", "unknown"):
            if code == column:
                return domain & rules[code]
            if code in codes:
                domain &= ~rules[code]
        return domain & self._item_span_domain(options, int(column))

    @api.model
    def _item_late_domain(self, options):
        """Items of all columns that are late, however many these are."""
        return Domain.OR(
            self._item_column_domain(options, column["key"])
            for column in self._get_columns(options)
            if column["kind"] == LATE
        )

    @api.model
    def _item_span_domain(self, options, column):
        name = "date_due" if options.plan.base == "due" else "document_date"
        oldest, newest = options.plan.span(column, options.as_of)
        domain = Domain.TRUE
        if oldest:
            domain &= Domain(name, ">=", fields.Date.to_string(oldest))
        if newest:
            domain &= Domain(name, "<=", fields.Date.to_string(newest))
        return domain
