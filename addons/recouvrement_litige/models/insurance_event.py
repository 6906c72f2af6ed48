"""What the insurer has to be told, and by when; what is proposed at night."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

KINDS = [
    ("declaration", "Declaration of Default (DMS)"),
    ("extension", "Extension Asked For"),
    ("claim", "Hand-over to the Insurer (DI)"),
    ("insolvency", "Insolvency Declared"),
    ("indemnity", "Indemnity"),
]
# From which day of a step the next one runs, and for how many days of the policy.
NEXT = {
    "declaration": ("claim", "claim_days"),
    "extension": ("declaration", "declare_days"),
    "claim": ("indemnity", "waiting_days"),
    "insolvency": ("indemnity", "waiting_days"),
}


class RecouvrementInsuranceEvent(models.Model):
    _name = "recouvrement.insurance.event"
    _description = "Credit Insurance Event"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        "recouvrement.insurance.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    insolvency_id = fields.Many2one(
        "recouvrement.insolvency",
        string="Proceedings",
        readonly=True,
        index="btree_not_null",
    )
    previous_id = fields.Many2one(
        "recouvrement.insurance.event",
        string="Follows",
        readonly=True,
        index="btree_not_null",
    )
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_insurance_event_line_rel",
        "event_id",
        "line_id",
        string="Items",
        readonly=True,
    )
    date_due = fields.Date(string="To Do Before", required=True, readonly=True)
    date_done = fields.Date(string="Done On", readonly=True, tracking=True)
    amount = fields.Monetary(readonly=True, help="Open amount of the items then.")
    amount_indemnity = fields.Monetary(string="Indemnity", readonly=True, tracking=True)
    reference = fields.Char(
        string="Reference of the Insurer", readonly=True, tracking=True
    )
    note = fields.Text()
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("void", "Without Object")],
        default="todo",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    void_reason = fields.Char(readonly=True)

    _one_todo = models.UniqueIndex(
        "(debtor_id, policy_id, kind) WHERE state = 'todo'",
        "This event waits for the same customer already.",
    )

    @api.depends("kind", "customer_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = (
                f"{labels.get(event.kind, '')} · {event.customer_id.display_name or ''}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._sync_deadlines()
        return events

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("An event is a record: set it aside instead."))

    def _sync_deadlines(self):
        deadlines = self.env["recouvrement.deadline"]
        deadlines._drop_all([(one, "insurer") for one in self if one.state == "void"])
        deadlines._put_all(
            [
                (one, "insurer", one._prepare_deadline())
                for one in self.sudo()
                if one.state != "void"
            ]
        )

    def _prepare_deadline(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "name": f"{labels[self.kind]} · {self.insurer_id.name}",
            "date_due": self.date_due,
            "date_done": self.date_done,
            "user_id": (self.collector_id or self.env.user).id,
            "alert_days": self.policy_id.alert_days,
            "escalate_days": 0,
            "timing": "earliest" if self.kind == "indemnity" else "latest",
            "source": self.env._("Policy %s", self.policy_id.name),
            "confidence": "S",
            "lapse_text": self.env._("The cover of these items."),
        }

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _do(self, day, reference=None, indemnity=0.0):
        """The insurer was told; the next deadline of the policy runs from that day.

        :return: the events that follow.
        """
        self.check_access("write")
        if any(event.state != "todo" for event in self):
            raise UserError(self.env._("This event is over."))
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("The day is today or earlier."))
        events = self.sudo()
        events.write(
            {
                "state": "done",
                "date_done": day,
                "reference": reference,
                "amount_indemnity": indemnity,
            }
        )
        events._sync_deadlines()
        for event in events:
            event.debtor_id._log_event(
                "insurance",
                event.display_name,
                detail=reference,
                amount=indemnity or event.amount,
                currency_id=event.currency_id.id,
            )
        return events._follow(day)

    def _follow(self, day):
        """What comes next by the policy."""
        rows = []
        for event in self:
            if event.kind not in NEXT:
                continue
            kind, days = NEXT[event.kind]
            rows.append(
                {
                    "debtor_id": event.debtor_id.id,
                    "policy_id": event.policy_id.id,
                    "insolvency_id": event.insolvency_id.id,
                    "kind": kind,
                    "previous_id": event.id,
                    "date_due": day + timedelta(days=event.policy_id[days]),
                    "amount": event.amount,
                    "line_ids": [Command.set(event.line_ids.ids)],
                }
            )
        return self._create_missing(rows)

    @api.model
    def _create_missing(self, rows):
        """Create events, but not one that waits already."""
        waiting = {
            (event.debtor_id.id, event.policy_id.id, event.kind)
            for event in self.search(
                [
                    ("state", "=", "todo"),
                    ("debtor_id", "in", [row["debtor_id"] for row in rows]),
                ]
            )
        }
        return self.create(
            [
                row
                for row in rows
                if (row["debtor_id"], row["policy_id"], row["kind"]) not in waiting
            ]
        )

    def action_done(self):
        """Done today."""
        self._do(fields.Date.context_today(self))

    def action_extend(self):
        """Ask the insurer for an extension instead of declaring the default, by the
        same day. Once it is granted, the declaration is due as the policy says; set
        aside, the night proposes the declaration again.

        :raise UserError: for another event than a declaration that waits.
        """
        self.check_access("write")
        if any((one.kind, one.state) != ("declaration", "todo") for one in self):
            raise UserError(
                self.env._(
                    "Only a declaration that waits can be put off by an extension."
                )
            )
        events = self.sudo()
        events._void(self.env._("Extension asked for instead"))
        return events._create_missing(
            [
                {
                    "debtor_id": event.debtor_id.id,
                    "policy_id": event.policy_id.id,
                    "kind": "extension",
                    "previous_id": event.id,
                    "date_due": event.date_due,
                    "amount": event.amount,
                    "line_ids": [Command.set(event.line_ids.ids)],
                }
                for event in events
            ]
        )

    def action_void(self):
        """Nothing to tell the insurer any more."""
        self.check_access("write")
        events = self.sudo().filtered(lambda event: event.state == "todo")
        events._void(self.env._("Set aside by %s", self.env.user.name))

    def _void(self, reason):
        self.write({"state": "void", "void_reason": reason})
        self._sync_deadlines()

    def action_decide(self):
        """Say on which day, under which reference, for how much."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "recouvrement.insurance.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id},
        }
