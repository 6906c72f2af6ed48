"""One of our open items, frozen, and what the customer says of it."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from odoo.addons.recouvrement.models.selections import ITEM_KINDS

from ..tools.reconciliation import AnswerError, check_answer, customer_amount

ANSWERS = [
    ("agreed", "Agreed"),
    ("unknown", "Unknown"),
    ("paid", "Already Paid"),
    ("differs", "Other Amount"),
]
ANSWER_FIELDS = {
    "answer",
    "answer_amount",
    "answer_date",
    "answer_reference",
    "answer_text",
}


class RecouvrementReconciliationLine(models.Model):
    _name = "recouvrement.reconciliation.line"
    _description = "Item of a Reconciliation"
    _inherit = ["recouvrement.reconciliation.difference"]
    _order = "reconciliation_id, id"

    # == Our side, frozen ==
    reconciliation_id = fields.Many2one(readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="Document", readonly=True)
    kind = fields.Selection(ITEM_KINDS, readonly=True)
    document_date = fields.Date(string="Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(string="Original Amount", readonly=True)
    residual = fields.Monetary(string="Open Amount", readonly=True)

    # == The customer's ==
    answer = fields.Selection(ANSWERS)
    answer_amount = fields.Monetary(
        string="Amount Given",
        help="What the customer has in its books, or has paid; a payment without an "
        "amount settled all of it.",
    )
    answer_date = fields.Date(string="Paid On")
    answer_reference = fields.Char(string="Payment Reference")
    answer_text = fields.Char(string="Remark")
    customer_amount = fields.Monetary(
        string="Amount of the Customer",
        compute="_compute_customer_amount",
        store=True,
        help="What is open in the books of the customer, as it says.",
    )
    difference = fields.Monetary(compute="_compute_customer_amount", store=True)
    is_difference = fields.Boolean(compute="_compute_customer_amount", store=True)
    is_settled = fields.Boolean(
        string="Settled Since",
        compute="_compute_is_settled",
        compute_sudo=True,
        help="Nothing of the item is open today.",
    )

    _item_once = models.UniqueIndex(
        "(reconciliation_id, move_line_id) WHERE move_line_id IS NOT NULL",
        "An item is in a reconciliation once.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("answer", "answer_amount", "residual")
    def _compute_customer_amount(self):
        for line in self:
            residual = line._decimal(line.residual)
            theirs = customer_amount(line.answer, residual, line._get_given())
            line.customer_amount = float(theirs or 0)
            line.difference = float(residual - theirs) if theirs is not None else 0
            line.is_difference = bool(line.answer) and line.answer != "agreed"

    def _get_given(self):
        """The amount that was given, as a Decimal; a payment of all gives none."""
        self.ensure_one()
        if self.answer == "paid" and not self.answer_amount:
            return None
        return self._decimal(self.answer_amount)

    def _decimal(self, amount):
        digits = self.currency_id.decimal_places or 0
        return Decimal(f"{amount or 0:.{digits}f}")

    @api.depends("move_line_id.reconciled", "move_line_id.parent_state")
    def _compute_is_settled(self):
        for line in self:
            item = line.move_line_id
            line.is_settled = not item or (
                item.reconciled or item.parent_state != "posted"
            )

    @api.depends("name", "reconciliation_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.reconciliation_id.name}: {line.name}"

    # ------------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and ANSWER_FIELDS & vals.keys():
            self.reconciliation_id._check_state("sent")
        result = super().write(vals)
        if ANSWER_FIELDS & vals.keys():
            self._check_answers()
        return result

    def _check_answers(self):
        """Refuse answers that are not complete; an empty one may stay.

        :raise UserError: naming the item and what is missing.
        """
        today = fields.Date.context_today(self)
        for line in self.filtered("answer"):
            try:
                check_answer(
                    line.answer,
                    line._get_given(),
                    line.answer_date or None,
                    today,
                    line._decimal(line.residual),
                )
            except AnswerError as error:
                raise UserError(
                    self.env._(
                        "%(item)s: %(reason)s",
                        item=line.name,
                        reason=self._explain_answer_error(error.code),
                    )
                ) from None

    @api.model
    def _explain_answer_error(self, code):
        return {
            "answer": self.env._("Please choose an answer."),
            "amount": self.env._("Please give the amount; it differs from ours."),
            "date": self.env._("Please give the day of the payment, today or earlier."),
        }[code]

    def _is_different(self):
        return self.is_difference

    def _describe(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        facts = [
            answers.get(self.answer),
            self.answer_date and format_date(self.env, self.answer_date),
            self.answer_amount
            and formatLang(self.env, self.answer_amount, currency_obj=self.currency_id),
            self.answer_reference,
            self.answer_text,
        ]
        return f"{self.name}: {', '.join(filter(None, facts))}"

    def _get_answer_text(self):
        """The answer in the words of the customer, in the language of the context."""
        self.ensure_one()
        minutes = self.reconciliation_id
        parts = [minutes._get_answer_labels().get(self.answer, "")]
        if self.answer == "paid":
            parts.append(minutes._day(self.answer_date))
        if self.answer == "differs" or (self.answer == "paid" and self.answer_amount):
            parts.append(minutes._money(self.answer_amount, self.currency_id))
        parts += [self.answer_reference, self.answer_text]
        return " – ".join(filter(None, parts))

    # ------------------------------------------------------------------
    # WHAT IS MADE OF IT
    # ------------------------------------------------------------------

    def action_dispute(self):
        """Make a dispute of items that the customer does not agree with."""
        return self._treat("dispute")

    def action_duplicate(self):
        """Send the customer the invoices that it does not have."""
        return self._treat("duplicate")

    def _make_dispute(self, minutes):
        request = self._declare("dispute", minutes)
        request.action_accept()

    def _make_duplicate(self, minutes):
        request = self._declare("duplicate", minutes)
        request.action_accept()

    def _make_payment_check(self, minutes):
        """A request for each payment: same day and reference."""
        for _key, lines in self.grouped(
            lambda line: (line.currency_id, line.answer_date, line.answer_reference)
        ).items():
            first = lines[0]
            amounts = [
                line._get_given() or line._decimal(line.residual) for line in lines
            ]
            lines._declare(
                "payment_check",
                minutes,
                amount=float(max(sum(amounts), 0)),
                day=first.answer_date or None,
                payment_reference=first.answer_reference or False,
            )

    def _declare(self, kind, minutes, **vals):
        """A request about these items in the words of the customer.

        :raise UserError: when an item is no longer in the ledger.
        """
        items = self.sudo().move_line_id
        if len(items) != len(self):
            raise UserError(self.env._("Some of these items are no longer there."))
        request = minutes.debtor_id._declare(
            kind,
            source="other",
            text="\n".join([minutes.name, *(line._describe() for line in self)]),
            lines=items.sudo(False),
            partner=minutes.partner_id or None,
            **vals,
        )
        self.sudo().write({"request_id": request.id})
        return request
