"""A direct debit that did not last: rejected, returned, refunded or reversed.

One record per failure, however often the bank told of it: see ``return_take.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.returns import last_refund_day
from .return_rule import ACTIONS, MANDATE_EFFECTS

KINDS = [
    ("reject", "Rejected"),
    ("return", "Returned"),
    ("refund", "Refunded"),
    ("reversal", "Reversed by Us"),
    ("unknown", "Unknown"),
]
STATES = [
    ("to_match", "To Match"),
    ("waiting_booking", "Announced"),
    ("done", "Recorded"),
    ("not_ours", "Not Ours"),
    ("ignored", "Set Aside"),
]
HOW = [
    ("end_to_end_id", "Our Reference"),
    ("rum", "Mandate and Amount"),
    ("iban", "Account, Amount and Date"),
    ("message", "Whole File or Lot"),
    ("person", "A Person"),
    ("nothing", "No debit of ours fits"),
    ("amount", "Another amount than the debit"),
    ("several", "Several debits fit"),
    ("currency", "Another currency than the euro"),
    ("again", "This debit came back already"),
    ("cancelled", "This debit was cancelled before it left"),
    ("not_ours", "Another creditor"),
]
ACTION_STATES = [
    ("none", "Nothing to Do"),
    ("todo", "To Do"),
    ("planned", "Planned"),
    ("done", "Done"),
]
MATCHED = ("waiting_booking", "done")


class RecouvrementSepaReturn(models.Model):
    _name = "recouvrement.sepa.return"
    _description = "Returned Direct Debit"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["end_to_end_id", "rum", "iban", "debtor_name", "code"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, index=True, group_expand=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    level = fields.Selection(
        [
            ("message", "Whole File"),
            ("group", "Whole Lot"),
            ("transaction", "One Debit"),
        ],
        required=True,
        readonly=True,
        default="transaction",
    )

    # == What the bank said ==
    reason_id = fields.Many2one(
        "recouvrement.sepa.reason", readonly=True, index=True, ondelete="restrict"
    )
    code = fields.Char(
        string="Code Received", readonly=True, help="As the bank wrote it."
    )
    family = fields.Selection(related="reason_id.family", store=True)
    reason_text = fields.Text(string="Text of the Bank", readonly=True)
    plain_words = fields.Text(related="reason_id.description")
    date = fields.Date(readonly=True, index=True, help="Booking date of the bank.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    fee = fields.Monetary(string="Bank Fee", readonly=True)
    booked = fields.Boolean(
        string="Booked by the Bank",
        readonly=True,
        help="On our account: only then does the ledger move.",
    )
    end_to_end_id = fields.Char(string="Reference (EndToEndId)", readonly=True)
    rum = fields.Char(string="Mandate Reference (RUM)", readonly=True)
    iban = fields.Char(string="IBAN", readonly=True)
    ics = fields.Char(string="Creditor Identifier (ICS)", readonly=True)
    debtor_name = fields.Char(string="Name at the Bank", readonly=True)
    customer_label = fields.Char(
        string="Customer",
        compute="_compute_customer_label",
        help="While nobody found the debit: the name that the bank gives, or the IBAN.",
    )
    notice_ids = fields.One2many(
        "recouvrement.sepa.return.notice", "return_id", string="Messages of the Bank"
    )

    # == The debit ==
    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Direct Debit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    collection_id = fields.Many2one(
        "recouvrement.sepa.collection",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    payment_info_id = fields.Char(string="Lot (PmtInfId)", readonly=True)
    mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    match_how = fields.Selection(HOW, string="Found By", readonly=True)
    candidate_ids = fields.Many2many(
        "recouvrement.sepa.collection.line",
        "recouvrement_sepa_return_candidate_rel",
        "return_id",
        "line_id",
        string="Possible Debits",
        readonly=True,
    )
    difference = fields.Monetary(
        readonly=True, help="Amount of the bank less that of the only possible debit."
    )
    matched_by_id = fields.Many2one("res.users", readonly=True)
    set_aside_reason = fields.Text(readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    too_late = fields.Boolean(
        string="Beyond the Delay",
        compute="_compute_too_late",
        store=True,
        help="The bank gave the money back after the 8 weeks (13 months without a "
        "mandate) that the law leaves to the debtor: contest it with your bank.",
    )

    # == What follows ==
    failures = fields.Integer(
        string="Failure No.",
        readonly=True,
        aggregator=None,
        help="How often these items have failed, this time included.",
    )
    rule_id = fields.Many2one(
        "recouvrement.sepa.return.rule", readonly=True, ondelete="set null"
    )
    action = fields.Selection(ACTIONS, readonly=True, index=True)
    action_state = fields.Selection(
        ACTION_STATES, string="Follow-up", readonly=True, default="none", index=True
    )
    action_date = fields.Date(string="To Do Since", readonly=True)
    mandate_effect = fields.Selection(
        MANDATE_EFFECTS, string="Effect on the Mandate", readonly=True
    )
    represent_from = fields.Date(
        string="Collect Again From",
        readonly=True,
        help="From this day on, its items are proposed again in collections.",
    )
    handled_by_id = fields.Many2one("res.users", readonly=True)
    handled_note = fields.Char(readonly=True)

    # A debit fails once, whatever the number of messages.
    _line_once = models.UniqueIndex(
        "(line_id) WHERE line_id IS NOT NULL AND state IN ('waiting_booking', 'done')",
        "This debit came back already.",
    )
    _lot_once = models.UniqueIndex(
        "(collection_id, COALESCE(payment_info_id, '')) "
        "WHERE line_id IS NULL AND collection_id IS NOT NULL AND state = 'done'",
        "This lot was refused already.",
    )
    _work_idx = models.Index("(debtor_id) WHERE action_state = 'todo'")
    _waiting_idx = models.Index(
        "(company_id) WHERE state IN ('to_match', 'waiting_booking')"
    )

    @api.depends("partner_id", "debtor_name")
    def _compute_customer_label(self):
        for record in self:
            name = record.sudo().partner_id.display_name or record.debtor_name
            record.customer_label = name or record.iban

    @api.depends("reason_id", "code", "partner_id", "debtor_name", "amount")
    def _compute_display_name(self):
        for record in self:
            who = record.sudo().partner_id.name or record.debtor_name
            what = record.reason_id.name or record.code
            amount = record.amount and format_amount(
                record.env, record.amount, record.currency_id
            )
            record.display_name = " · ".join(filter(None, (what, who, amount)))

    @api.depends("line_id", "kind", "date", "code")
    def _compute_too_late(self):
        for record in self:
            line = record.line_id
            last = (
                line
                and record.kind in ("refund", "return")
                and last_refund_day(
                    line.date,
                    record.kind,
                    record.reason_id.code or record.code or "",
                    record.mandate_id.scheme,
                )
            )
            record.too_late = bool(last and record.date and record.date > last)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._mark_worklist()
        return records

    def write(self, vals):
        result = super().write(vals)
        if {"action", "action_state", "action_date", "debtor_id"} & vals.keys():
            self._mark_worklist()
        return result

    def _mark_worklist(self):
        """Their debtors need something else today."""
        debtors = self.sudo().debtor_id
        if debtors:
            debtors.sudo()._mark_work_dirty(debtors.ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(
            self.env._("What a bank said is a record: set it aside with a reason.")
        )

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _get_reason_words(self):
        """``Insufficient Funds (AM04)``; the code as received when nobody knows it."""
        self.ensure_one()
        if self.reason_id:
            return self.reason_id.display_name
        return self.code or self.env._("no reason given")

    def _get_summary(self):
        """One line of the debtor's history."""
        self.ensure_one()
        texts = {
            "reject": self.env._("Direct debit rejected: %s"),
            "return": self.env._("Direct debit returned: %s"),
            "refund": self.env._("Direct debit refunded to the customer: %s"),
            "reversal": self.env._("Direct debit given back by us: %s"),
            "unknown": self.env._("Direct debit not honoured: %s"),
        }
        return texts[self.kind] % self._get_reason_words()

    def _get_detail(self):
        """What it means, what the bank wrote and what follows, for the history."""
        self.ensure_one()
        labels = dict(self._fields["action"]._description_selection(self.env))
        parts = [self.reason_id.description, self.reason_text]
        if self.state == "waiting_booking":
            parts.append(
                self.env._("Announced: the ledger moves when the bank books it.")
            )
        elif self.action and self.action != "none":
            parts.append(self.env._("Next step: %s", labels[self.action]))
        return "\n".join(filter(None, parts))

    def _log_history(self):
        """One event per return in the history of its debtor, in one statement.

        sudo: nobody has the right to write events by hand; the author stays.
        """
        own = self.filtered("debtor_id")
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": record.debtor_id.id,
                    "company_id": record.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "debit",
                    "summary": record._get_summary(),
                    "detail": record._get_detail(),
                    "amount": record.amount,
                    "currency_id": record.currency_id.id,
                }
                for record in own
            ]
        )
