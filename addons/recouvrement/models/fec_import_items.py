"""The open items of a FEC as journal items."""

from odoo import models
from odoo.tools import SQL

ITEM_BATCH = 2_000


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _load_items(self):
        """Post the next items. :return: how many."""
        self.env.flush_all()
        items = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.*, c.partner_id, c.chaseable, c.name AS customer_name
                  FROM recouvrement_fec_item i
                  JOIN recouvrement_fec_customer c ON c.id = i.customer_id
                 WHERE i.import_id = %s AND i.role IS NULL AND i.to_post <> 0
              ORDER BY i.customer_id, i.id LIMIT %s
                """,
                self.id,
                ITEM_BATCH,
            )
        )
        if not items:
            return 0
        accounts = self._get_receivable_accounts(items)
        currencies = self._get_currencies()
        postings = [
            (
                item,
                self.takeover_date,
                self._prepare_line_vals(item, accounts)
                | self._prepare_currency_vals(item, currencies),
            )
            for item in items
        ]
        lines = self._post(postings)
        self._mark_posted(items, lines)
        changed = [item["id"] for item in items if self._is_change(item)]
        if changed:
            self._reconcile_changes(changed)
        return len(items)

    @staticmethod
    def _is_change(item):
        """Whether an earlier takeover has posted the item."""
        return item["posted_amount"] is not None

    def _get_receivable_accounts(self, items):
        """Receivable account id by partner id."""
        partners = self.env["res.partner"].browse({one["partner_id"] for one in items})
        return {
            partner.id: partner.property_account_receivable_id.id
            for partner in partners
        }

    def _prepare_line_vals(self, item, accounts):
        """Values of the receivable line that takes over an item."""
        amount = item["to_post"]
        reason = self._get_exclusion_reason(item)
        age_known = item["date_due"] is not None and item["age_certain"]
        due = item["date_due"] or item["piece_date"] or item["date"]
        vals = {
            "name": self._get_line_name(item),
            "partner_id": item["partner_id"],
            "account_id": accounts[item["partner_id"]],
            "balance": float(amount),
            "date_maturity": due,
            "no_followup": bool(reason),
            "collection_reason": reason,
            "takeover_kind": self._get_takeover_kind(item),
            "takeover_date": item["piece_date"] or item["date"],
            "takeover_age_unknown": not age_known,
            "analytic_distribution": False,
        }
        if self._is_change(item) and item["paid_date"]:
            vals |= {
                "takeover_date": item["paid_date"],
                "date_maturity": item["paid_date"],
            }
        return vals

    def _get_line_name(self, item):
        ref, label = item["ref"] or "", item["label"] or ""
        if not ref or ref in label:
            return label or item["customer_name"]
        return f"{ref} - {label}" if label else ref

    def _get_takeover_kind(self, item):
        """Nature of the item in Odoo's words; a returned payment is another entry."""
        amount = item["to_post"]
        if self._is_change(item):
            return "payment" if amount < 0 else "other"
        kind = item["kind"]
        if kind == "opening":
            return "invoice" if amount > 0 and item["age_certain"] else "other"
        if kind == "invoice" and amount < 0:
            return "credit_note"
        if kind == "payment" and amount > 0:
            return "other"
        return kind

    def _get_exclusion_reason(self, item):
        """Why an item is not to be chased, or an empty text."""
        if item["to_post"] < 0 or self._is_change(item):
            return ""
        if item["settled_later"]:
            return self.env._(
                "Lettered (%s) with a payment that is not in the FEC: confirm that it "
                "is still owed before chasing",
                item["lettering"],
            )
        if item["unnamed"] or not item["chaseable"]:
            return self.env._("The account gathers customers that it does not name")
        return ""

    def _prepare_currency_vals(self, item, currencies):
        """The amount in foreign currency, in proportion to what is left.

        FEC files often give Montantdevise without a sign.
        """
        currency = currencies.get(item["currency_name"])
        if not currency or not item["currency_amount"]:
            return {}
        share = item["to_post"] / item["original_amount"]
        whole = abs(item["currency_amount"])
        amount = currency.round(float(whole * abs(share)))
        if currency.is_zero(amount):
            return {}
        return {
            "currency_id": currency.id,
            "amount_currency": amount if item["to_post"] > 0 else -amount,
        }

    def _get_currencies(self):
        """Active foreign currencies by name."""
        currencies = self.env["res.currency"].search(
            [("id", "!=", self.currency_id.id)]
        )
        return {currency.name: currency for currency in currencies}
