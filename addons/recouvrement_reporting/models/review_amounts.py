"""From an amount of a review to the items that it was added up from."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from .open_item import KNOWN_AT

OVER = timedelta(days=90)


class RecouvrementReviewItem(models.Model):
    _inherit = "recouvrement.review.item"

    frozen_on = fields.Datetime(
        string="Figures Frozen On", readonly=True, export_string_translation=False
    )
    frozen_date = fields.Date(
        string="Figures As Of", readonly=True, export_string_translation=False
    )
    # Statuses are those of a moment: no ledger tells them later.
    status_lines = fields.Json(readonly=True, export_string_translation=False)

    def action_open_amount(self):
        """The items of the amount that the context key ``amount`` names, as they were
        when it was frozen; as they are, with ``now``.

        :raise UserError: when it names none, or it was frozen by an older version.
        """
        self.ensure_one()
        self.check_access("read")
        name = self.env.context.get("amount")
        if self.env.context.get("now"):
            return self._open_amount_now(name)
        if name == "received":
            return self._open_receipts()
        if not self.frozen_date:
            raise UserError(
                self.env._(
                    "The items of this older review were not kept: see those of today."
                )
            )
        domain = self._get_amount_domain(name, self.frozen_date)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_open_item_action"
        )
        action.pop("path", None)
        # What was posted in the second of the freeze was read.
        known = fields.Datetime.to_string(self.frozen_on + timedelta(seconds=1))
        context = {
            "open_items_as_of": fields.Date.to_string(self.frozen_date),
            KNOWN_AT: known,
        }
        title = self._title_amount(name, domain, context)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": context,
        }

    def _open_amount_now(self, name):
        if name == "overdue_amount":
            return self.debtor_id.action_overdue_items()
        return self.debtor_id.action_open_items()

    def _get_amount_domain(self, name, day):
        owed = Domain("amount_residual", ">", 0)
        statuses = self.status_lines or {}
        conditions = {
            "open_amount": Domain.TRUE,
            "overdue_amount": owed & Domain("date_due", "<", day),
            "over_90_amount": owed & Domain("date_due", "<", day - OVER),
            "disputed_amount": Domain("id", "in", statuses.get("disputed", [])),
            "promised_amount": Domain("id", "in", statuses.get("promised", [])),
            "credit_amount": Domain("amount_residual", "<", 0),
        }
        if name not in conditions:
            raise UserError(self.env._("This is not an amount of the review."))
        return Domain("debtor_id", "=", self.debtor_id.id) & conditions[name]

    def _title_amount(self, name, domain, context):
        """The amount; beside it what the items add up to, when the ledger was changed
        in a way that cannot be read back."""
        items = self.env["recouvrement.open.item"].with_context(**context)
        [[total]] = items._read_group(domain, [], ["amount_residual:sum"])
        currency = self.currency_id
        found = currency.round(abs(total) if name == "credit_amount" else total or 0.0)
        values = {
            "amount": self._fields[name]._description_string(self.env),
            "frozen": format_amount(self.env, self[name], currency),
            "items": format_amount(self.env, found, currency),
        }
        if currency.compare_amounts(found, self[name]):
            return self.env._(
                "%(amount)s: %(frozen)s (items found today: %(items)s)", **values
            )
        return self.env._("%(amount)s: %(frozen)s", **values)

    def _open_receipts(self):
        """Receipts entered since the figures were frozen; all of the debtor when that
        is not known."""
        action = self.debtor_id._action_related("recouvrement_receipt_action")
        action.pop("path", None)
        if self.frozen_on:
            action["domain"] = list(Domain(action["domain"]) & self._get_since_domain())
        return action

    def _get_since_domain(self):
        later = Domain("move_id.posting_time", ">", self.frozen_on) | (
            Domain("move_id.posting_time", "=", False)
            & Domain("move_id.create_date", ">", self.frozen_on)
        )
        if self.frozen_date < self.frozen_on.date():
            return later | Domain("date", ">", self.frozen_date)
        return later
