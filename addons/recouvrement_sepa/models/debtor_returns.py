"""Returns of direct debits on the debtor account and on the worklist."""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.recouvrement.models.debtor_work import WORK_KINDS

CODE = "debit_returned"
AFTER = "plan_default"
# What a collector does with the customer; the rest waits for a bank or an accountant.
FOR_COLLECTOR = ("call", "ask_iban", "dispute", "stop", "represent")
RATE_MONTHS = 12
# A customer who was asked for new bank details and does not answer is called.
ANSWER_DAYS = 10


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    work_kind = fields.Selection(
        selection_add=[(CODE, "Direct Debit Returned"), ("request",)]
    )
    sepa_return_ids = fields.One2many("recouvrement.sepa.return", "debtor_id")
    sepa_return_count = fields.Integer(
        string="Direct Debits Returned", compute="_compute_sepa_returns"
    )
    sepa_return_rate = fields.Float(
        string="Return Rate",
        compute="_compute_sepa_returns",
        help="Share of the direct debits of the last 12 months that came back, by "
        "number.",
    )

    def _compute_sepa_returns(self):
        since = fields.Date.subtract(
            fields.Date.context_today(self), months=RATE_MONTHS
        )
        lines = self.env["recouvrement.sepa.collection.line"]
        own = [("debtor_id", "in", self.ids), ("date", ">=", since)]
        sent = [*own, ("state", "not in", ["planned", "cancelled"])]
        back = [*own, ("return_ids.state", "in", ["waiting_booking", "done"])]
        sent_counts = dict(lines._read_group(sent, ["debtor_id"], ["__count"]))
        back_counts = dict(lines._read_group(back, ["debtor_id"], ["__count"]))
        all_counts = dict(
            self.env["recouvrement.sepa.return"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            sent_count = sent_counts.get(debtor, 0)
            debtor.sepa_return_count = all_counts.get(debtor, 0)
            debtor.sepa_return_rate = (
                back_counts.get(debtor, 0) / sent_count if sent_count else 0.0
            )

    def action_view_sepa_returns(self):
        return self._action_related("recouvrement_sepa.recouvrement_sepa_return_action")

    # ------------------------------------------------------------------
    # WORKLIST
    # ------------------------------------------------------------------

    @api.model
    def _expand_work_kinds(self, kinds, _domain):
        """Columns in the order of urgency, the returns after late plans."""
        order = [kind for kind, _label in WORK_KINDS]
        order.insert(order.index(AFTER) + 1, CODE)
        return [kind for kind in order if kind in kinds]

    @api.model
    def _flush_work_sources(self):
        result = super()._flush_work_sources()
        self.env["recouvrement.sepa.return"].flush_model()
        return result

    @api.model
    def _get_work_columns(self):
        """``debit_returned_date``: since when a return waits for a collector."""
        return {
            **super()._get_work_columns(),
            "debit_returned_date": SQL(
                """(SELECT MIN(CASE WHEN r.action_state = 'todo' THEN r.action_date
                                    ELSE r.action_date + %s END)
                      FROM recouvrement_sepa_return r
                     WHERE r.debtor_id = d.id AND r.action = ANY(%s)
                       AND (r.action_state = 'todo'
                            OR r.action_state = 'planned'
                               AND r.action = 'ask_iban'))""",
                ANSWER_DAYS,
                list(FOR_COLLECTOR),
            ),
        }

    @api.model
    def _get_work_kinds(self):
        kinds = super()._get_work_kinds()
        due = SQL(
            """CASE WHEN f.debit_returned_date IS NOT NULL
                     AND (f.contact_date >= f.debit_returned_date) IS NOT TRUE
                    THEN GREATEST(f.hold_until + 1, f.debit_returned_date,
                                  f.attempt_date + f.retry) END"""
        )
        found = {}
        for code, day in kinds.items():
            found[code] = day
            if code == AFTER:
                found[CODE] = due
        return found

    def _get_debit_returned_clause(self):
        """Sentence of the worklist: the last return that waits."""
        record = self.sudo().sepa_return_ids.filtered(
            lambda r: (
                r.action_state == "todo"
                or (r.action_state == "planned" and r.action == "ask_iban")
            )
        )[:1]
        if not record:
            return None
        return self.env._(
            "direct debit of %(day)s came back: %(reason)s",
            day=format_date(self.env, record.line_id.date or record.date),
            reason=record.reason_id.name
            or record.code
            or self.env._("no reason given"),
        )

    # ------------------------------------------------------------------
    # 360° PAGE
    # ------------------------------------------------------------------

    # EXTENDS recouvrement: what is under way.
    def _desk_blocks(self, options):
        block = self._desk_block(
            "sepa_returns",
            self.env._("Direct Debits That Came Back"),
            "fa-undo",
            "recouvrement.sepa.return",
            [("action_state", "in", ["todo", "planned"])],
            "date desc, id desc",
            self._desk_sepa_return,
        )
        blocks = super()._desk_blocks(options)
        return [*blocks, block] if block["items"] else blocks

    def _desk_sepa_return(self, record):
        todo = record.action_state == "todo"
        return {
            "title": record._get_reason_words(),
            "date": record.represent_from or record.date,
            "amount": record.amount,
            "currency_id": record.currency_id.id,
            "state": self._desk_label(record, "action"),
            "level": "danger" if todo else "info",
            "note": record.plain_words or "",
        }
