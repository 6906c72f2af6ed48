"""How a dispute ends, and what a person decides on the way."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

BY_PEOPLE = ("founded", "partly", "reinvoice", "unfounded", "abandoned")
WITH_CREDIT = ("founded", "partly", "reinvoice")


class RecouvrementDispute(models.Model):
    _inherit = "recouvrement.dispute"

    def _check_deciding(self):
        """Take disputes to decide on: of two people at the same moment, one decides.

        :raise UserError: on a dispute that is closed.
        """
        self.check_access("read")
        self.sudo().debtor_id.with_env(self.env).check_access("write")
        disputes = self.sudo()
        disputes.lock_for_update()
        disputes.invalidate_recordset(["state", "outcome"])
        if any(dispute.state == "closed" for dispute in disputes):
            raise UserError(self.env._("This dispute is closed already."))

    def _conclude(self, outcome, reason, accepted=None, invoice_lines=None, cause=None):
        """Decide a dispute. What is founded waits for its credit notes, drafted here;
        the rest is chased again at the level it had reached.

        :param str outcome: one of ``BY_PEOPLE``.
        :param dict accepted: ``{dispute line id: amount}``, for ``partly``.
        :param invoice_lines: lines of the invoices to credit instead of amounts.
        :param cause: category found to be the root cause.
        :return: the draft credit notes and invoices, in sudo.
        """
        self.ensure_one()
        self._check_deciding()
        if outcome not in BY_PEOPLE:
            raise UserError(self.env._("Choose how the dispute ends."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the customer and the auditor ask."))
        dispute = self.sudo()
        if dispute.outcome in WITH_CREDIT:
            raise UserError(
                self.env._("This was decided already: take the decision back first.")
            )
        dispute.write(
            {
                "outcome": outcome,
                "outcome_reason": reason.strip(),
                "concluded_by_id": self.env.uid,
                "cause_id": (cause or dispute.cause_id or dispute.category_id).id,
            }
        )
        if outcome not in WITH_CREDIT:
            dispute._close(outcome)
            return self.env["account.move"].sudo()
        if outcome == "partly":
            dispute._accept_part(accepted or {})
        drafts = dispute._draft_documents(outcome, reason.strip(), invoice_lines)
        dispute._announce_decision(drafts)
        if dispute.state == "open":
            dispute._move_to("credit")
        return drafts

    def _accept_part(self, accepted):
        """Lower what is in dispute to what is accepted: the rest is chased again."""
        free, _own = self.line_ids._read_credits()
        total = 0
        for line in self.line_ids.filtered("is_live"):
            amount = line.currency_id.round(accepted.get(line.id, 0.0))
            if (
                amount < 0
                or line.currency_id.compare_amounts(amount, line.amount_open) > 0
            ):
                raise UserError(
                    self.env._("No more than what is disputed can be accepted.")
                )
            total += amount
            line.write(
                {
                    "is_whole": False,
                    "amount": amount,
                    "base_credited": float(free[line.move_line_id.id]),
                }
            )
        if not total:
            raise UserError(
                self.env._("Nothing is accepted: then the dispute is unfounded.")
            )
        self._judge()

    def _draft_documents(self, outcome, reason, invoice_lines):
        """Credit notes of the invoices in dispute, and new invoices."""
        drafts = self.env["account.move"].sudo()
        live = self.line_ids.filtered("is_live")
        for move, lines in live.grouped(lambda line: line.move_line_id.move_id).items():
            if move.move_type not in ("out_invoice", "out_receipt"):
                continue
            if outcome == "reinvoice":
                credit, invoice = move._recouvrement_reinvoice(reason)
                self.reinvoice_move_ids |= invoice
                drafts |= invoice
            else:
                chosen = (invoice_lines or move.browse().line_ids) & move.line_ids
                amount = move.currency_id.round(sum(lines.mapped("amount_open")))
                credit = move._recouvrement_draft_credit(
                    lines=chosen, amount=None if chosen else amount, reason=reason
                )
            self.credit_move_ids |= credit
            drafts |= credit
        return drafts

    def _announce_decision(self, drafts):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        text = self.outcome_reason
        if not drafts:
            text = self.env._(
                "%s\nThe items are no invoices: the credit note is made by hand.", text
            )
        self._message_log(body=plaintext2html(f"{labels[self.outcome]}\n{text}"))
        self._log(self.env._("decided: %s", labels[self.outcome]), text)

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def action_conclude(self):
        """Ask how the dispute ends."""
        self.ensure_one()
        self._check_deciding()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Conclude"),
            "res_model": "recouvrement.dispute.outcome.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def action_undo_decision(self):
        """Take a decision back while its documents are still drafts.

        :raise UserError: when one was posted.
        """
        self._check_deciding()
        for dispute in self.sudo():
            documents = dispute.credit_move_ids | dispute.reinvoice_move_ids
            if any(move.state == "posted" for move in documents):
                raise UserError(
                    self.env._("A document was posted: what was done stays done.")
                )
            documents.filtered(lambda move: move.state == "draft").unlink()
            dispute.write(
                {"outcome": False, "outcome_reason": False, "concluded_by_id": False}
            )
            dispute._move_to("answered")
            dispute._log(self.env._("decision taken back"))
        return True

    def action_open_again(self):
        """Open disputes again that a person closed."""
        self.check_access("read")
        self.sudo().debtor_id.with_env(self.env).check_access("write")
        closed = self.sudo().filtered(
            lambda d: d.state == "closed" and not d.closed_by_ledger
        )
        if closed != self.sudo():
            raise UserError(
                self.env._(
                    "What the ledger closed opens by itself when the matching or the "
                    "payment is undone."
                )
            )
        closed._open_again(self.env._("by %s", self.env.user.name))
        return True

    def action_take(self):
        """The user takes charge of these disputes."""
        self.write({"user_id": self.env.uid})
        return True

    def action_documents(self):
        """The credit notes and new invoices of the dispute."""
        self.ensure_one()
        self.check_access("read")
        moves = self.sudo().credit_move_ids | self.sudo().reinvoice_move_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }

    def action_open_debtor(self):
        """The 360° page of the customer."""
        self.ensure_one()
        return self.debtor_id.action_open_desk()
