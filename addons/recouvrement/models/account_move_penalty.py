from odoo import api, fields, models
from odoo.exceptions import UserError

PENALTY_TYPES = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    _inherit = "account.move"

    penalty_statement_id = fields.Many2one(
        "recouvrement.interest.statement",
        string="Late-payment Penalties",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Set on penalty invoices and their credit notes: they bear no interest "
        "and are never matched with credit notes or invoices of the principal.",
    )

    # ------------------------------------------------------------------
    # THE STATEMENT FOLLOWS
    # ------------------------------------------------------------------

    # EXTENDS 'account'
    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.sudo().penalty_statement_id._follow_invoices()
        return result

    # EXTENDS 'account'
    def unlink(self):
        statements = self.sudo().penalty_statement_id
        result = super().unlink()
        statements.exists()._follow_invoices()
        return result

    # EXTENDS 'account'
    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note of penalties belongs to the same statement."""
        values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.penalty_statement_id:
                values["penalty_statement_id"] = move.penalty_statement_id.id
        return super()._reverse_moves(values_list, cancel=cancel)

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    # EXTENDS 'account'
    def _post(self, soft=True):
        for move in self.filtered(lambda m: m.move_type in PENALTY_TYPES):
            move._check_penalties()
        return super()._post(soft=soft)

    def _check_penalties(self):
        """What a penalty document says must be what its statement says."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.penalty_line_id)
        if not self.penalty_statement_id:
            if lines and self.move_type == "out_invoice":
                raise UserError(
                    self.env._(
                        "Penalties are not copied from one invoice to another: claim "
                        "them again from the debtor."
                    )
                )
            return
        products = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        if products != lines or lines.tax_ids:
            raise UserError(
                self.env._(
                    "A penalty document has no other lines than those of its "
                    "statement, and no tax."
                )
            )
        self._check_penalty_amounts()

    def _check_penalty_amounts(self):
        statement = self.sudo().penalty_statement_id
        if self.commercial_partner_id != statement.partner_id.commercial_partner_id or (
            self.currency_id != statement.currency_id
        ):
            raise UserError(
                self.env._(
                    "%s belongs to another customer or currency: cancel this invoice "
                    "and claim again.",
                    statement.name,
                )
            )
        for line in self.invoice_line_ids.filtered("penalty_line_id"):
            claimed = line.penalty_line_id.sudo()
            amount = claimed[
                f"{line.penalty_part}_initial"
                if self.move_type == "out_invoice"
                else line.penalty_part
            ]
            order = self.currency_id.compare_amounts(line.price_subtotal, amount)
            if order and (self.move_type == "out_invoice" or order > 0):
                raise UserError(
                    self.env._(
                        "“%(line)s” does not agree with the penalty statement: "
                        "%(found)s instead of %(expected)s.",
                        line=(line.name or "").split("\n")[0],
                        found=statement._format(line.price_subtotal),
                        expected=statement._format(amount),
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    penalty_line_id = fields.Many2one(
        "recouvrement.interest.statement.line",
        string="Penalty",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    penalty_part = fields.Selection(
        [("interest", "Interest"), ("indemnity", "Fixed Indemnity")],
        readonly=True,
        copy=False,
    )

    # EXTENDS 'account'
    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if self.penalty_line_id:
            values["penalty_line_id"] = self.penalty_line_id.id
            values["penalty_part"] = self.penalty_part
        return result

    def _is_claim_document(self):
        """Whether the item is an invoice or a credit note, here or taken over."""
        self.ensure_one()
        return self.move_id.is_invoice(include_receipts=True) or (
            self.takeover_kind in ("invoice", "credit_note")
        )


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._check_penalties_apart()
        return partials

    def _check_penalties_apart(self):
        """Penalties and principal are two debts: no document of one pays the other.

        Receipts may pay either. Credit notes of penalties only pay penalties, and
        credit notes of the principal only the principal.

        :raise UserError: naming the two documents.
        """
        for partial in self:
            moves = partial.debit_move_id.move_id, partial.credit_move_id.move_id
            kinds = {bool(move.penalty_statement_id) for move in moves}
            if len(kinds) == 2 and all(
                line._is_claim_document()
                for line in (partial.debit_move_id, partial.credit_move_id)
            ):
                raise UserError(
                    self.env._(
                        "%(debit)s and %(credit)s cannot be matched: one is about "
                        "late-payment penalties, the other about the principal.",
                        debit=moves[0].name,
                        credit=moves[1].name,
                    )
                )
