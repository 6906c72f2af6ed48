"""Credit notes and new invoices: accepted by the desk, made by billing."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

INVOICES = ("out_invoice", "out_receipt")


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    credit_move_ids = fields.Many2many(
        "account.move",
        "recouvrement_request_credit_move_rel",
        string="Documents Made",
        readonly=True,
        copy=False,
    )
    credit_move_count = fields.Integer(
        compute="_compute_credit_move_count", compute_sudo=True
    )

    def _compute_credit_move_count(self):
        for request in self:
            request.credit_move_count = len(request.credit_move_ids)

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def _prepare_credit_note(self):
        self._get_credited()

    def _prepare_reinvoice(self):
        self._get_credited()

    def _get_credited(self):
        """Open invoices to credit, with the part of each.

        :return: ``[(item, amount or None)]``, None for the whole open amount.
        :raise UserError: without an invoice, or on a part of several.
        """
        lines = self._get_open_lines().filtered(
            lambda line: line.move_id.move_type in INVOICES
        )
        if not lines:
            raise UserError(
                self.env._("Choose the open invoices that are to be credited.")
            )
        amount = self.amount_granted or self.amount
        if not amount:
            return [(line, None) for line in lines]
        if len(lines) > 1:
            raise UserError(
                self.env._("For a part of an amount, choose one invoice at a time.")
            )
        self._check_part(lines, amount)
        whole = lines.currency_id.compare_amounts(
            amount, lines.amount_residual_currency
        )
        return [(lines, None if whole == 0 else amount)]

    def _check_part(self, line, amount):
        currency = line.currency_id
        if currency.compare_amounts(amount, line.amount_residual_currency) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than what is open: %(open)s.",
                    amount=formatLang(self.env, amount, currency_obj=currency),
                    open=formatLang(
                        self.env, line.amount_residual_currency, currency_obj=currency
                    ),
                )
            )

    # ------------------------------------------------------------------
    # EFFECT
    # ------------------------------------------------------------------

    def _accept_credit_note(self):
        self._pass_to_billing(new_invoice=False)

    def _accept_reinvoice(self):
        self._pass_to_billing(new_invoice=True)

    def _pass_to_billing(self, new_invoice):
        """Drafts for billing where they can be made, the facts in any case; what will
        be credited leaves the reminders meanwhile."""
        debtor = self._get_debtor()
        parts = self._get_credited()
        made = self.env["account.move"].sudo()
        for line, amount in parts:
            drafts = self._draft_documents(line, amount, new_invoice)
            made |= drafts
            self._inform(
                self._get_billing_summary(line, new_invoice),
                self._get_facts(),
                drafts[:1] or line.move_id,
            )
        self.sudo().credit_move_ids = [fields.Command.set(made.ids)]
        self._set_aside(debtor, parts, made)
        self._close("done")

    def _get_billing_summary(self, line, new_invoice):
        name = line.move_id.name
        if new_invoice:
            return self.env._("Credit and invoice again: %s", name)
        return self.env._("Credit note for %s", name)

    def _draft_documents(self, line, amount, new_invoice):
        """Draft credit note of an item, and the new draft invoice; empty when billing
        makes them by hand: a hook.

        :param amount: part to credit, in the item's currency; None for the whole.
        :return: ``account.move`` records, in sudo.
        """
        move, reason = line.move_id, self.text or self.name
        if not hasattr(move, "_recouvrement_draft_credit"):
            return move.browse().sudo()
        part = line.amount_residual_currency if amount is None else amount
        is_part = move.currency_id.compare_amounts(part, move.amount_total) < 0
        if new_invoice and not is_part:
            return move.browse().union(*move._recouvrement_reinvoice(reason))
        return move._recouvrement_draft_credit(
            amount=part if is_part else None, reason=reason
        )

    def _set_aside(self, debtor, parts, made):
        """Keep what will be credited out of the reminders by a dispute that the credit
        note settles; items in dispute already stay in that one.

        :param parts: as ``_get_credited`` gives them.
        :param made: documents that were drafted.
        """
        lines = self.env["account.move.line"].union(*(line for line, _part in parts))
        taken = debtor._get_disputed_parts(lines)
        pairs = [(line, part) for line, part in parts if not taken[line.id]]
        if not pairs:
            return
        dispute = debtor._open_dispute(
            pairs,
            "invoice_error",
            self.text or self.name,
            source="manual" if self.source == "other" else self.source,
            request_id=self.id,
        )
        credits = made.filtered(lambda move: move.move_type == "out_refund")
        dispute.sudo().credit_move_ids |= credits

    def action_open_credit_moves(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents Made"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.credit_move_ids.ids)],
        }
