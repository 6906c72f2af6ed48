from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..models.interest_statement import OUTCOMES

# Rows and remarks shown; all that was chosen is claimed.
SHOWN = 100


class RecouvrementClaimWizard(models.TransientModel):
    """Late interest and indemnities of chosen debtors or items up to a day: looked at,
    then invoiced, waived, or only mentioned."""

    _name = "recouvrement.claim.wizard"
    _description = "Claim Late Interest"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_claim_wizard_debtor_rel",
        string="Debtors",
        required=True,
        default=lambda self: self._default_debtor_ids(),
    )
    debtor_count = fields.Integer(compute="_compute_counts", string="Debtors Selected")
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_claim_wizard_line_rel",
        string="Items",
        default=lambda self: self._default_move_line_ids(),
        help="Empty: everything the debtors owe or paid late.",
    )
    item_count = fields.Integer(compute="_compute_counts", string="Items Selected")
    date_until = fields.Date(
        string="Late Interest up to",
        required=True,
        default=fields.Date.context_today,
        help="This day included.",
    )
    outcome = fields.Selection(
        OUTCOMES, string="What to Do", required=True, default="invoiced"
    )
    include_interest = fields.Boolean(string="Interest", default=True)
    include_indemnity = fields.Boolean(string="Fixed Indemnities", default=True)
    reason_id = fields.Many2one("recouvrement.interest.waiver.reason")
    reason = fields.Text(string="Explanation")
    post = fields.Boolean(
        string="Post the Invoices at Once", help="Else they stay drafts."
    )
    may_invoice = fields.Boolean(compute="_compute_may_invoice")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    public_warning = fields.Boolean(compute="_compute_preview")
    above_limit_count = fields.Integer(
        string="Waivers above the Limit", compute="_compute_preview"
    )

    # ------------------------------------------------------------------
    # WHAT WAS SELECTED
    # ------------------------------------------------------------------

    @api.model
    def _selected_lines(self):
        """Receivable items behind the selected open items, entries or journal items."""
        active_model = self.env.context.get("active_model")
        active_ids = self.env.context.get("active_ids", [])
        lines = self.env["account.move.line"]
        if active_model == "account.move":
            moves = self.env["account.move"].browse(active_ids)
            return moves.line_ids.filtered("collection_status")
        if active_model in ("recouvrement.open.item", "account.move.line"):
            return lines.browse(active_ids)
        return lines

    def _default_move_line_ids(self):
        return [Command.set(self._selected_lines().ids)]

    def _default_debtor_ids(self):
        if self.env.context.get("active_model") == "recouvrement.debtor":
            return [Command.set(self.env.context.get("active_ids", []))]
        lines = self._selected_lines()
        debtors = self.env["recouvrement.debtor"].search(
            Domain("partner_id", "in", lines.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", lines.company_id.root_id.ids)
        )
        return [Command.set(debtors.ids)]

    @api.depends("debtor_ids", "move_line_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.debtor_count = len(wizard.debtor_ids)
            wizard.item_count = len(wizard.move_line_ids)

    @api.depends_context("uid")
    def _compute_may_invoice(self):
        self.may_invoice = self.env["recouvrement.interest.statement"]._may_invoice()

    # ------------------------------------------------------------------
    # PREVIEW
    # ------------------------------------------------------------------

    @api.depends(
        "debtor_ids",
        "move_line_ids",
        "date_until",
        "outcome",
        "include_interest",
        "include_indemnity",
    )
    def _compute_preview(self):
        for wizard in self:
            claims = wizard._get_claims() if wizard.date_until else []
            rows = wizard._get_rows(claims)
            waived = wizard.outcome == "waived"
            regimes = self.env["recouvrement.legal.regime"].browse(
                {item.regime_id for item, lines in claims if lines and item.regime_id}
            )
            wizard.public_warning = waived and any(
                regime.kind == "fr_public" for regime in regimes.sudo()
            )
            wizard.above_limit_count = len(wizard._get_above(rows)) if waived else 0
            wizard.preview = self.env["ir.qweb"]._render(
                "recouvrement.claim_preview", wizard._get_preview_values(claims, rows)
            )

    def _get_claims(self):
        """See ``recouvrement.interest.statement._get_claims``."""
        self.ensure_one()
        parts = [p for p in ("interest", "indemnity") if self[f"include_{p}"]]
        return self.env["recouvrement.interest.statement"]._get_claims(
            self.debtor_ids._origin,
            self.date_until,
            self.move_line_ids._origin.ids or None,
            parts,
        )

    def _get_rows(self, claims):
        """Sums per debtor, company and currency."""
        sums = defaultdict(lambda: {"items": 0, "interest": 0.0, "indemnity": 0.0})
        for item, lines in claims:
            row = sums[item.debtor_id, item.company_id, item.currency_id]
            row["items"] += bool(lines)
            for vals in lines:
                row["interest"] += vals["interest"]
                row["indemnity"] += vals["indemnity"]
        rows = []
        for (debtor_id, company_id, currency_id), row in sums.items():
            currency = self.env["res.currency"].browse(currency_id)
            if row["items"]:
                rows.append(
                    {
                        "debtor": self.env["recouvrement.debtor"].browse(debtor_id),
                        "company": self.env["res.company"].browse(company_id),
                        "currency": currency,
                        "items": row["items"],
                        "interest": currency.round(row["interest"]),
                        "indemnity": currency.round(row["indemnity"]),
                        "total": currency.round(row["interest"] + row["indemnity"]),
                    }
                )
        return rows

    def _get_above(self, rows):
        """Rows whose waiver the user may not decide alone."""
        limits = {}
        above = []
        today = fields.Date.context_today(self)
        for row in rows:
            company = row["company"]
            if company not in limits:
                limits[company] = self.env["recouvrement.authority"]._get_limit(
                    "waive_interest", company
                )
            amount = row["currency"]._convert(
                row["total"], company.currency_id, company, today
            )
            if limits[company] is not None and (
                company.currency_id.compare_amounts(amount, limits[company]) > 0
            ):
                above.append(row)
        return above

    def _get_preview_values(self, claims, rows):
        totals = defaultdict(lambda: [0, 0.0, 0.0, 0.0])
        for row in rows:
            sums = totals[row["currency"]]
            for index, key in enumerate(("items", "interest", "indemnity", "total")):
                sums[index] += row[key]
        problems = [item.error for item, _lines in claims if item.error]
        return {
            "rows": rows[:SHOWN],
            "more": len(rows) > SHOWN and self.env._("and %s more", len(rows) - SHOWN),
            "totals": dict(totals),
            "format": lambda amount, currency: formatLang(
                self.env, amount, currency_obj=currency
            ),
            "several_companies": len({row["company"] for row in rows}) > 1,
            "problems": list(dict.fromkeys(problems))[:SHOWN],
            "until": self.date_until,
        }

    # ------------------------------------------------------------------
    # CONFIRM
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Make the statements and carry them out as far as the user may."""
        self.ensure_one()
        self._check_choices()
        self.debtor_ids.check_access("write")
        claims = self._get_claims()
        statements = self.env["recouvrement.interest.statement"]._propose_claims(
            claims,
            self.date_until,
            self.outcome,
            reason_id=self.reason_id.id,
            reason=(self.reason or "").strip() or False,
        )
        if not statements:
            raise UserError(
                self.env._(
                    "Nothing can be claimed up to that day: nothing is late, or it "
                    "was claimed or waived already."
                )
            )
        statements._confirm()
        if self.post and self.outcome == "invoiced" and self.may_invoice:
            statements.action_post_invoice()
        return self._show(statements)

    def _check_choices(self):
        if self.date_until > fields.Date.context_today(self):
            raise UserError(
                self.env._("Interest of days to come is not owed yet: choose today.")
            )
        if not (self.include_interest or self.include_indemnity):
            raise UserError(self.env._("Choose interest, indemnities or both."))
        if self.outcome == "waived" and not (
            self.reason_id and (self.reason or "").strip()
        ):
            raise UserError(
                self.env._("A waiver needs a reason and a word of explanation.")
            )

    def _show(self, statements):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_interest_statement_action"
        )
        action["domain"] = [("id", "in", statements.ids)]
        action["context"] = {}
        if len(statements) == 1:
            action |= {
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": statements.id,
            }
        return action
