from odoo import api, fields, models
from odoo.tools import format_date

ITEMS_ON_SCREEN = 50


class RecouvrementInterestDetail(models.TransientModel):
    """How the late interest of a debtor is made up on a day; also what its statement
    is printed from."""

    _name = "recouvrement.interest.detail"
    _description = "Breakdown of Late Interest"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(
        string="Interest Up To",
        required=True,
        default=fields.Date.context_today,
        help="Last day that counts, past or future.",
    )
    chosen_ids = fields.Json(
        string="Chosen Items", help="Ids of receivable items; empty: all that are late."
    )
    breakdown = fields.Html(compute="_compute_breakdown", sanitize=False)

    @api.depends("debtor_id", "date")
    def _compute_display_name(self):
        for detail in self:
            detail.display_name = self.env._(
                "Late interest: %s", detail.debtor_id.display_name or ""
            )

    @api.depends("debtor_id", "date", "chosen_ids")
    def _compute_breakdown(self):
        for detail in self:
            detail.breakdown = detail.debtor_id and detail._render_breakdown()

    def _render_breakdown(self):
        items = self._get_items()
        return self.env["ir.qweb"]._render(
            "recouvrement.interest_breakdown",
            {
                "sections": self._get_sections(items, items[:ITEMS_ON_SCREEN]),
                "count": len(items),
                "shown": min(len(items), ITEMS_ON_SCREEN),
                "money": self.env["recouvrement.interest"]._format_money,
            },
        )

    def _get_sections(self, items, shown):
        """What is claimed, per currency.

        :return: dicts ``currency, items`` (those ``shown``, explained) and ``claim``
            (see ``recouvrement.debtor._get_claim``) of all.
        """
        explained = self.env["recouvrement.interest"]._explain(shown)
        lines = {section["currency"]: section["items"] for section in explained}
        return [
            {"currency": currency, "items": lines.get(currency, []), "claim": claim}
            for currency, claim in self._get_claims(items).items()
        ]

    def _get_claims(self, items):
        """Amounts per currency; the whole account also has its unallocated credits
        and unpaid penalty invoices."""
        debtor = self.debtor_id._origin
        claims = debtor._sum_claims(items)
        return claims if self.chosen_ids else debtor._add_others(claims, self.date)

    def _get_items(self):
        """What the document is about: ``ItemInterest`` that ask for something, or that
        were chosen."""
        self.ensure_one()
        self.debtor_id.check_access("read")
        chosen = self.chosen_ids or None
        items = self.env["recouvrement.interest"]._get_debtor_items(
            self.debtor_id, self.date, chosen
        )
        return items if chosen else [item for item in items if item.asks_something]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late Interest"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_print(self):
        """The statement of the claim as a PDF, in the language of the debtor."""
        self.debtor_id.check_access("read")
        report = self.env.ref("recouvrement.action_report_interest_account")
        return report.report_action(self, config=False)

    def _get_file_name(self):
        return self.with_context(lang=self._get_lang()).env._(
            "Statement of claim %(debtor)s %(date)s",
            debtor=self.debtor_id.display_name,
            date=format_date(self.env, self.date, date_format="yyyy-MM-dd"),
        )

    def _get_lang(self):
        self.ensure_one()
        return (
            self.debtor_id.lang or self.debtor_id.company_id.partner_id.lang or "en_US"
        )
