"""Facts that changed after a claim: payments redated, matchings undone.

The days that were claimed stay claimed. The difference shows on the statement, and a
credit note gives back what was claimed too much.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..tools.interest import accrue
from .interest_statement_feed import PARTS


class RecouvrementInterestStatement(models.Model):
    _inherit = "recouvrement.interest.statement"

    difference = fields.Monetary(
        compute="_compute_difference",
        help="What the ledger gives today for the same days, less what was claimed: "
        "negative when too much was claimed.",
    )
    over_claimed = fields.Boolean(
        string="Claimed Too Much",
        compute="_compute_difference",
        search="_search_over_claimed",
    )

    @api.depends("line_ids.interest_difference", "line_ids.indemnity_difference")
    def _compute_difference(self):
        for statement in self:
            lines = statement.line_ids
            statement.difference = statement.currency_id.round(
                sum(lines.mapped("interest_difference"))
                + sum(lines.mapped("indemnity_difference"))
            )
            statement.over_claimed = any(line._get_excess() for line in lines)

    def _search_over_claimed(self, operator, value):
        """Recomputed from the ledger: nothing that could be out of date is stored."""
        if operator != "in":
            return NotImplemented
        lines = self.env["recouvrement.interest.statement.line"].search(
            Domain("claimed", "=", True) & Domain("outcome", "=", "invoiced")
        )
        lines._forget_differences()
        over = lines.filtered(lambda line: line._get_excess()).statement_id
        domain = Domain("id", "in", over.ids)
        return domain if True in value else ~domain

    def action_credit_difference(self):
        """Prepare the credit note of what was claimed too much.

        :raise UserError: when there is nothing to give back, or the invoice is still
            a draft.
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_invoice():
            raise AccessError(
                self.env._("An accountant or a credit manager makes credit notes.")
            )
        if self.move_state != "posted":
            raise UserError(
                self.env._(
                    "The penalty invoice is not posted: delete or cancel it and claim "
                    "again."
                )
            )
        statement = self.sudo().with_company(self.company_id)
        if statement.move_ids.filtered(
            lambda m: m.move_type == "out_refund" and m.state == "draft"
        ):
            raise UserError(
                self.env._("A draft credit note of these penalties waits already.")
            )
        statement.line_ids._forget_differences()
        lines_vals = statement._prepare_credit_lines()
        if not lines_vals:
            raise UserError(self.env._("Nothing was claimed too much."))
        refund = statement.move_id._reverse_moves(
            [{"invoice_date": fields.Date.context_today(self)}]
        )
        refund.invoice_line_ids.unlink()
        refund.write({"invoice_line_ids": lines_vals})
        self._log(self.env._("Credit note of penalties prepared, claimed too much"))
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": refund.id,
            "view_mode": "form",
        }

    def _prepare_credit_lines(self):
        """Lines of the credit note, in the language of the debtor."""
        translated = self.with_context(lang=self._get_debtor_lang())
        return [
            Command.create(
                {
                    "name": self.env._(
                        "Late-payment penalties on %s claimed too much", line.document
                    )
                    if part == "interest"
                    else line._get_indemnity_label(),
                    "quantity": 1.0,
                    "price_unit": amount,
                    "account_id": self.company_id._get_penalty_account(part).id,
                    "tax_ids": [Command.clear()],
                    "penalty_line_id": line.id,
                    "penalty_part": part,
                }
            )
            for line in translated.line_ids
            for part, amount in line._get_excess().items()
        ]


class RecouvrementInterestStatementLine(models.Model):
    _inherit = "recouvrement.interest.statement.line"

    interest_difference = fields.Monetary(compute="_compute_differences")
    indemnity_difference = fields.Monetary(compute="_compute_differences")

    @api.depends("claimed", "outcome", "interest", "indemnity", "date_from", "date_to")
    def _compute_differences(self):
        """The same days and the same indemnity, as the ledger gives them today."""
        self.interest_difference = self.indemnity_difference = 0.0
        claimed = self.filtered(
            lambda line: line.claimed and line.outcome == "invoiced"
        )
        last_days = claimed.filtered("date_to").mapped("date_to")
        until = max([fields.Date.context_today(self), *last_days])
        siblings = claimed._get_instalments()
        items = self.env["recouvrement.interest"]._get_items(
            list(siblings), until=until
        )
        late_documents = {
            siblings[item.line_id] for item in items.values() if item.indemnity
        }
        for line in claimed:
            item = items.get(line.move_line_id.id)
            if item is not None and not item.error:
                line._set_differences(item, late_documents)

    def _forget_differences(self):
        """Nothing tells the cache that the ledger changed within a transaction."""
        self.invalidate_recordset(["interest_difference", "indemnity_difference"])

    def _get_instalments(self):
        """All the items of the documents of these lines, as one indemnity is due for
        an invoice: ``{item id: key of its document}``."""
        moves = self.sudo().invoice_id
        found = {line.move_line_id.id: line._get_document_key() for line in self}
        for item in moves.line_ids:
            if item.account_id.account_type == "asset_receivable":
                found[item.id] = ("invoice", item.move_id.id)
        return found

    def _get_document_key(self):
        if self.invoice_id:
            return ("invoice", self.invoice_id.id)
        return ("item", self.move_line_id.id)

    def _set_differences(self, item, late_documents):
        """Compare with the ledger of today.

        The amount of an indemnity is not compared, because rates of currencies move:
        only whether it is still due.
        """
        interest = 0
        if self.date_from and item.accrual:
            interest = accrue(
                item.claim, item.terms, self.date_to, since=self.date_from
            ).total
        if self.date_from:
            self.interest_difference = self.currency_id.round(
                float(interest) - self.interest
            )
        if self.indemnity and self._get_document_key() not in late_documents:
            self.indemnity_difference = -self.indemnity

    def _get_excess(self):
        """Parts claimed too much: ``{part: amount above zero}``."""
        self.ensure_one()
        return {
            part: -self[f"{part}_difference"]
            for part in PARTS
            if self.currency_id.compare_amounts(self[f"{part}_difference"], 0) < 0
        }
