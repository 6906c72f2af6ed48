"""Refund of a credit balance: to an account that was verified, approved by a second
person within the authority limit, as a draft payment and nothing more."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from odoo.addons.recouvrement.tools.bank_account import BankAccountError, read_iban


class RecouvrementAuthority(models.Model):
    _inherit = "recouvrement.authority"

    subject = fields.Selection(
        selection_add=[("refund", "Refund Credit Balances")],
        ondelete={"refund": "cascade"},
    )


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account to Refund",
        index="btree_not_null",
        domain="[('partner_id', '=', customer_id)]",
    )
    bank_change_id = fields.Many2one(
        "recouvrement.bank.change",
        string="Check of the Account",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    payment_id = fields.Many2one(
        "account.payment",
        string="Payment to Make",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )
    refundable = fields.Monetary(
        string="Credits to Refund", compute="_compute_refundable", compute_sudo=True
    )
    refund_note = fields.Char(string="Before Refunding", compute="_compute_refundable")

    @api.constrains("bank_id", "debtor_id")
    def _check_bank(self):
        for request in self.sudo().filtered("bank_id"):
            if request.bank_id.partner_id != request.debtor_id.partner_id:
                raise ValidationError(
                    self.env._("The account to refund is that of the customer.")
                )

    @api.depends("kind", "debtor_id", "currency_id", "move_line_ids", "amount")
    def _compute_refundable(self):
        refunds = self.filtered(lambda r: r.kind == "refund" and r.debtor_id)
        (self - refunds).update({"refundable": 0.0, "refund_note": False})
        for request in refunds:
            request.refundable = request._get_refundable()
            request.refund_note = request._describe_refund()

    def _describe_refund(self):
        """What the debtor still owes is set off first (C. civ. 1347)."""
        overdue = self.debtor_id.overdue_amount
        if self.env.company.currency_id.is_zero(overdue):
            return False
        return self.env._(
            "%s is overdue on this account: a set-off may come first (C. civ. 1347).",
            formatLang(self.env, overdue, currency_obj=self.debtor_id.currency_id),
        )

    # ------------------------------------------------------------------
    # AMOUNT
    # ------------------------------------------------------------------

    def _get_credit_lines(self):
        """Open credits of the request, or of the account in its currency, in sudo."""
        request = self.sudo()
        chosen = request.move_line_ids.filtered(
            lambda line: not line.reconciled and line.amount_residual_currency < 0
        )
        if chosen:
            return chosen.filtered(lambda x: x.currency_id == request.currency_id)
        items = (
            self.env["recouvrement.open.item"]
            .sudo()
            .search(
                [
                    ("debtor_id", "=", request.debtor_id.id),
                    ("amount_residual_currency", "<", 0),
                    ("currency_id", "=", request.currency_id.id),
                ]
            )
        )
        return items.move_line_id

    def _get_refundable(self):
        """Open credits, less the refunds that are prepared and not paid yet."""
        self.ensure_one()
        credits = -sum(self._get_credit_lines().mapped("amount_residual_currency"))
        prepared = (
            self.sudo()
            .search(
                [
                    ("debtor_id", "=", self.debtor_id.id),
                    ("id", "not in", self.ids),
                    ("kind", "=", "refund"),
                    ("payment_id.state", "=", "draft"),
                    ("payment_id.currency_id", "=", self.currency_id.id),
                ]
            )
            .payment_id
        )
        return self.currency_id.round(credits - sum(prepared.mapped("amount")))

    def _get_refund_amount(self):
        return self.amount_granted or self.amount

    # ------------------------------------------------------------------
    # ACCOUNT
    # ------------------------------------------------------------------

    def _find_bank(self):
        """The account of the customer that is meant, in sudo; empty when unknown."""
        request = self.sudo()
        banks = request.debtor_id.partner_id.bank_ids
        if request.iban:
            try:
                iban = read_iban(request.iban).iban
            except BankAccountError as error:
                raise UserError(self.env._("%s is no IBAN.", request.iban)) from error
            return banks.filtered(lambda b: b.sanitized_acc_number == iban)
        if request.bank_id:
            return request.bank_id
        verified = banks.filtered(self._is_verified)
        return verified if len(verified) == 1 else banks.browse()

    def _is_verified(self, bank):
        """Whether two persons checked an account by a call back, or Odoo's own right
        trusts it for outgoing payments."""
        if bank.allow_out_payment:
            return True
        changes = self.env["recouvrement.bank.change"].sudo()
        return bool(
            changes.search_count(
                [("bank_id", "=", bank.id), ("state", "=", "approved")], limit=1
            )
        )

    def _prepare_refund(self):
        """A refund needs credits and an account that was checked.

        :return: the action that checks the account first, or None.
        """
        debtor = self._get_debtor()
        amount = self._get_refund_amount()
        currency = self.currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Write the amount to refund."))
        available = self._get_refundable()
        if currency.compare_amounts(amount, available) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s cannot be refunded: the open credits of this account "
                    "come to %(available)s.",
                    amount=formatLang(self.env, amount, currency_obj=currency),
                    available=formatLang(self.env, available, currency_obj=currency),
                )
            )
        bank = self._find_bank()
        if bank and self._is_verified(bank):
            self.sudo().bank_id = bank
            return None
        return self._check_account(debtor, bank)

    def _check_account(self, debtor, bank):
        """Open the check of the account by a call back; it goes on from there."""
        if not (self.iban or bank):
            raise UserError(
                self.env._("Write the IBAN to refund, or choose an account on file.")
            )
        changes = self.env["recouvrement.bank.change"].sudo()
        waiting = changes.search(
            [("debtor_id", "=", debtor.id), ("state", "in", ("to_call", "to_approve"))]
        )
        if not waiting:
            vals = self._prepare_bank_change_vals(debtor)
            vals.update(
                {
                    "request_id": False,
                    "iban": self.iban or bank.acc_number,
                    "requester": vals["requester"] or debtor.sudo().partner_id.name,
                    "old_bank_ids": [fields.Command.clear()],
                }
            )
            waiting = changes.create(vals)
        self.sudo().bank_change_id = waiting
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check the Account First"),
            "res_model": waiting._name,
            "res_id": waiting.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # EFFECT
    # ------------------------------------------------------------------

    def _accept_refund(self):
        """A draft payment for the treasurer; nothing leaves by itself."""
        self._get_debtor()
        self._check_refund_authority()
        payment = self.env["account.payment"].sudo().create(self._prepare_payment())
        self.sudo().payment_id = payment
        self._inform(
            self.env._("Refund to pay: %s", self.sudo().customer_id.name),
            self._get_facts("customer_id", "amount_granted", "amount", "bank_id"),
            payment,
        )
        self._close("done")

    def _check_refund_authority(self):
        company = self.sudo().company_id
        amount = self.currency_id._convert(
            self._get_refund_amount(),
            company.currency_id,
            company,
            fields.Date.context_today(self),
        )
        self.env["recouvrement.authority"]._check("refund", amount, company)

    def _prepare_payment(self):
        request = self.sudo()
        company = request.company_id
        journal = (
            self.env["account.journal"]
            .sudo()
            .search(
                [("type", "=", "bank"), ("company_id", "=", company.id)],
                order="sequence, id",
                limit=1,
            )
        )
        if not journal:
            raise UserError(self.env._("%s has no bank journal.", company.name))
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": request.debtor_id.partner_id.id,
            "partner_bank_id": request.bank_id.id,
            "amount": request._get_refund_amount(),
            "currency_id": request.currency_id.id,
            "date": fields.Date.context_today(self),
            "journal_id": journal.id,
            "company_id": company.id,
            "memo": self.env._("Refund %s", request.name),
        }

    def action_open_payment(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.payment",
            "res_id": self.payment_id.id,
            "view_mode": "form",
        }

    def action_open_bank_change(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.bank.change",
            "res_id": self.bank_change_id.id,
            "view_mode": "form",
        }
