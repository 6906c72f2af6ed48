"""The credit limit holds where an invoice is posted, whoever posts it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

LIMITED_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_release_ids = fields.One2many("recouvrement.credit.release", "move_id")
    credit_warning = fields.Char(compute="_compute_credit_warning", compute_sudo=True)
    credit_blocked = fields.Boolean(
        compute="_compute_credit_warning", compute_sudo=True
    )

    _recouvrement_draft_idx = models.Index(
        "(commercial_partner_id) INCLUDE (company_id, amount_total_signed) "
        "WHERE state = 'draft' "
        "AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    @api.depends(
        "state",
        "move_type",
        "amount_total_signed",
        "partner_id",
        "credit_release_ids.state",
    )
    def _compute_credit_warning(self):
        """What posting this draft would meet; for one document on a form."""
        drafts = self.filtered(
            lambda m: m.state == "draft" and m.move_type in LIMITED_TYPES
        )
        excesses = drafts._get_excesses()
        for move in self:
            excess = excesses.get(move._get_debtor_key())
            waits = excess and move in drafts and not move._is_released()
            move.credit_warning = waits and self._describe_excess(excess)
            move.credit_blocked = bool(
                waits and excess.debtor._get_credit_control() == "block"
            )

    def _get_debtor_key(self):
        return self.commercial_partner_id.id, self.company_id.root_id.id

    def _get_excesses(self):
        """What is above a limit among the customers of these documents, by customer
        and legal entity; the verdict is the same for every user."""
        pairs = {move._get_debtor_key() for move in self}
        return self.env["recouvrement.credit.verdict"]._get_excesses(pairs)

    def _get_excess_to_release(self, excess):
        """What somebody must have the authority for, to let this document pass: a
        hook."""
        return excess.amount

    @api.model
    def _describe_excess(self, excess):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=excess.debtor.currency_id)

        values = {
            "customer": excess.debtor.partner_id.display_name,
            "limit": money(excess.limit),
            "exposure": money(excess.exposure),
            "excess": money(excess.amount),
        }
        if excess.for_group:
            return self.env._(
                "Credit limit of the group %(customer)s: %(limit)s, exposure "
                "%(exposure)s with its drafts and orders, without what guarantees "
                "bear, %(excess)s above.",
                **values,
            )
        return self.env._(
            "Credit limit of %(customer)s: %(limit)s, exposure %(exposure)s with its "
            "drafts and orders, without what guarantees bear, %(excess)s above.",
            **values,
        )

    def _is_released(self):
        """Whether somebody with the authority let this very document pass."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        currency = self.company_id.currency_id
        return any(
            release.state == "released"
            and release.date_valid >= today
            and currency.compare_amounts(self.amount_total_signed, release.amount) <= 0
            for release in self.sudo().credit_release_ids
        )

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    # EXTENDS 'account'
    def _post(self, soft=True):
        self._check_credit_limits()
        return super()._post(soft)

    def _check_credit_limits(self):
        """Refuse, or note, documents of customers that are above their limit; a
        constant number of queries.

        :raise UserError: with the customer, limit, exposure and what to do.
        """
        claims = self.filtered(
            lambda m: m.move_type in LIMITED_TYPES and m.amount_total_signed > 0
        )
        if not claims:
            return
        verdict = self.env["recouvrement.credit.verdict"]
        verdict._lock({move._get_debtor_key() for move in claims})
        excesses = claims._get_excesses()
        if not excesses:
            return
        for move in claims:
            excess = excesses.get(move._get_debtor_key())
            if not excess or move._is_released():
                continue
            if excess.debtor._get_credit_control() == "block":
                raise UserError(move._get_block_message(excess))
            excess.debtor._log_event(
                "limit",
                self.env._("Invoice posted above the credit limit"),
                detail=self._describe_excess(excess),
                amount=move.amount_total_signed,
                currency_id=excess.debtor.currency_id.id,
            )
        claims.sudo().credit_release_ids.filtered(
            lambda release: release.state == "released"
        )._use()

    def _get_block_message(self, excess):
        return self.env._(
            "%(excess)s\n%(document)s is not posted. Ask for its release with the "
            "button “Ask for a Release”, for a higher limit, or wait for a payment.",
            excess=self._describe_excess(excess),
            document=self.display_name,
        )

    def action_ask_release(self):
        """Ask who has the authority to let this document pass."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a Release"),
            "res_model": "recouvrement.credit.release.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }
