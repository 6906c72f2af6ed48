"""One debit of a collection: one customer, one mandate, one day."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mandate import SCHEMES

STATES = [
    ("planned", "Planned"),
    ("presented", "Presented"),
    ("booked", "Booked"),
    ("settled", "Settled"),
    ("rejected", "Rejected"),
    ("returned", "Returned"),
    ("refunded", "Refunded"),
    ("reversed", "Reversed"),
    ("cancelled", "Cancelled"),
]
# From which states each one is reached: forward only.
STEPS = {
    "presented": ("planned",),
    "booked": ("presented",),
    "settled": ("booked",),
    "rejected": ("presented", "booked", "settled"),
    "returned": ("presented", "booked", "settled"),
    "refunded": ("presented", "booked", "settled"),
    "reversed": ("presented", "booked", "settled"),
    "cancelled": ("planned", "presented"),
}
# The ledger knows nothing of these yet.
UNBOOKED = ("planned", "presented")
FAILED = ("rejected", "returned", "refunded", "reversed")
HOLDING = ("planned", "presented", "booked", "settled")
SEQUENCES = [
    ("FRST", "First"),
    ("RCUR", "Recurrent"),
    ("FNAL", "Final"),
    ("OOFF", "One-off"),
]
SHOWN_DOCUMENTS = 2


class RecouvrementSepaCollectionLine(models.Model):
    _name = "recouvrement.sepa.collection.line"
    _description = "Direct Debit"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _rec_name = "end_to_end_id"
    _rec_names_search = ["end_to_end_id", "rum", "debtor_name"]
    _log_access = False  # the collection says who, its entries and returns when

    collection_id = fields.Many2one(
        "recouvrement.sepa.collection",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(required=True, readonly=True)
    date = fields.Date(
        string="Collection Date", required=True, readonly=True, index=True
    )
    # In no index: all debits of a collection change it at once, in place.
    state = fields.Selection(STATES, default="planned", required=True, readonly=True)
    live = fields.Boolean(
        readonly=True,
        help="It holds its items: they are in no other collection. It ends when the "
        "debit comes back or is cancelled, and when the collection is closed.",
    )

    # == As it stands in the file ==
    end_to_end_id = fields.Char(string="EndToEndId", required=True, readonly=True)
    payment_info_id = fields.Char(string="PmtInfId", readonly=True, index=True)
    scheme = fields.Selection(SCHEMES, required=True, readonly=True)
    sequence_type = fields.Selection(SEQUENCES, required=True, readonly=True)
    rum = fields.Char(string="Mandate Reference (RUM)", required=True, readonly=True)
    creditor_identifier = fields.Char(
        string="Creditor Identifier (ICS)", required=True, readonly=True
    )
    signed_on = fields.Date(string="Mandate Signed On", required=True, readonly=True)
    iban = fields.Char(string="IBAN", required=True, readonly=True)
    bic = fields.Char(string="BIC", readonly=True)
    debtor_name = fields.Char(string="Account Holder", required=True, readonly=True)
    remittance = fields.Text(string="Wording", readonly=True)
    documents = fields.Char(
        compute="_compute_documents", help="The first documents, and how many follow."
    )
    prenotified_on = fields.Date(readonly=True)
    amendment_json = fields.Json(
        string="Amendment", readonly=True, help="What changed of the mandate."
    )

    # == Where it comes from, what became of it ==
    attempt = fields.Integer(
        readonly=True,
        default=1,
        aggregator="max",
        help="2: presented again after one failure…",
    )
    previous_line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Presented before as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    has_installments = fields.Boolean(compute="_compute_has_installments")
    item_ids = fields.One2many(
        "recouvrement.sepa.collection.item", "line_id", string="Items"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _end_to_end_uniq = models.UniqueIndex(
        "(end_to_end_id)", "An EndToEndId is used once, for ever."
    )
    _one_off_uniq = models.UniqueIndex(
        "(mandate_id) WHERE live AND sequence_type = 'OOFF'",
        "A one-off mandate is collected once.",
    )
    _mandate_once_uniq = models.UniqueIndex(
        "(collection_id, mandate_id)",
        "A collection debits a mandate once.",
    )
    _check_amount = models.Constraint(
        "CHECK (amount > 0)", "A direct debit is never negative."
    )
    _live_is_holding = models.Constraint(
        "CHECK (NOT live OR state IN ('planned', 'presented', 'booked', 'settled'))",
        "What came back or was cancelled holds no item.",
    )

    def init(self):
        """Half of each page stays free, so that a state changes in place."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    @api.depends("item_ids.installment_id")
    def _compute_has_installments(self):
        for line in self:
            line.has_installments = bool(line.item_ids.installment_id)

    @api.depends("remittance")
    def _compute_documents(self):
        for line in self:
            names = (line.remittance or "").split(", ")
            rest = len(names) - SHOWN_DOCUMENTS
            shown = ", ".join(names[:SHOWN_DOCUMENTS])
            line.documents = f"{shown} + {rest}" if rest > 0 else shown

    @api.depends("end_to_end_id", "debtor_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " · ".join(
                filter(None, (line.end_to_end_id, line.partner_id.display_name))
            )

    # ------------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------------

    def _set_state(self, state, skip=False):
        """Move debits on, forward only; what came back lets its items go.

        Three statements, whatever the number of lines. Callers have checked rights.

        :param str state: a key of ``STEPS``.
        :param bool skip: leave out the lines that cannot go there, instead of
            refusing.
        :return: the lines that moved.
        :raise UserError: when a line cannot go there.
        """
        if not self:
            return self
        self.flush_recordset()
        self.env["recouvrement.sepa.collection.item"].flush_model(["live"])
        moved = self.env.execute_query(
            SQL(
                """UPDATE recouvrement_sepa_collection_line
                      SET state = %(state)s, live = live AND %(state)s = ANY(%(hold)s)
                    WHERE id = ANY(%(ids)s) AND state = ANY(%(steps)s)
                RETURNING id""",
                state=state,
                hold=list(HOLDING),
                ids=self.ids,
                steps=list(STEPS[state]),
            )
        )
        lines = self.browse(line_id for [line_id] in moved)
        if len(lines) < len(self) and not skip:
            (self - lines)[0]._refuse_step(state)
        if state not in HOLDING:
            lines._free_items()
        lines.invalidate_recordset(["state", "live"])
        return lines

    def _refuse_step(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(debit)s is “%(state)s”: it cannot become “%(target)s”.",
                debit=self.display_name,
                state=labels[self.state],
                target=labels[state],
            )
        )

    def _release(self):
        """Let the items of these debits go without changing where they stand: the
        collection is closed."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_sepa_collection_line SET live = FALSE
                    WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        self._free_items()
        self.invalidate_recordset(["live"])

    def _free_items(self):
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_sepa_collection_item SET live = FALSE
                    WHERE line_id = ANY(%s) AND live""",
                self.ids,
            )
        )
        self.env["recouvrement.sepa.collection.item"].invalidate_model(["live"])
