"""What must be done before a day, or may be done from a day on, and what is lost."""

from odoo import api, fields, models

STATES = [
    ("todo", "To Do"),
    ("late", "Late"),
    ("done", "Done"),
    ("void", "Without Object"),
]
TIMINGS = [("latest", "At the Latest"), ("earliest", "Not Before")]
CONFIDENCES = [("S", "Sure"), ("L", "Likely"), ("NV", "To Verify")]


class RecouvrementDeadline(models.Model):
    """A deadline of a litigation file, of insolvency proceedings…

    The record it comes from writes it (``_put``, ``_drop``) and is the truth; nobody
    enters one by hand.
    """

    _name = "recouvrement.deadline"
    _description = "Deadline"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"

    name = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    litigation_id = fields.Many2one(
        "recouvrement.litigation",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    date_due = fields.Date(string="Due Date", readonly=True, required=True)
    date_done = fields.Date(string="Done On", readonly=True)
    timing = fields.Selection(TIMINGS, required=True, readonly=True, default="latest")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="todo", index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", readonly=True, index="btree_not_null"
    )
    alert_days = fields.Integer(
        readonly=True, help="Days before the day to be reminded."
    )
    escalate_days = fields.Integer(
        string="Escalation Days",
        readonly=True,
        help="Days after the day before the manager is told; may be negative.",
    )
    alerted_on = fields.Date(readonly=True)
    escalated_on = fields.Date(readonly=True)
    source = fields.Char(readonly=True, help="Article of law, or contract.")
    confidence = fields.Selection(CONFIDENCES, readonly=True, default="S")
    lapse_text = fields.Char(
        string="What Is Lost", readonly=True, help="What a missed day costs."
    )

    _one_per_code = models.UniqueIndex(
        "(res_model, res_id, code)", "This deadline exists already."
    )
    _open_idx = models.Index("(date_due, id) WHERE state IN ('todo', 'late')")
    _company_due_idx = models.Index("(company_id, date_due, id)")

    # ------------------------------------------------------------------
    # WRITTEN BY THE RECORDS THEY COME FROM
    # ------------------------------------------------------------------

    @api.model
    def _put(self, record, code, vals):
        """Write a deadline of a record: see ``_put_all``."""
        return self._put_all([(record, code, vals)])

    @api.model
    def _put_all(self, wanted):
        """Create or update deadlines, a constant number of queries.

        The caller has checked the rights of the user: written in sudo. A day that
        moves is alerted and escalated again.

        :param list wanted: ``(record, code, vals)``; ``record.debtor_id`` is the debtor
            unless ``vals`` names one; ``vals`` without ``date_due`` drops the deadline.
        :return: the deadlines that were put.
        """
        deadlines = self.sudo()
        gone = [(record, code) for record, code, vals in wanted if not vals["date_due"]]
        deadlines._drop_all(gone)
        known = deadlines._find([(record, code) for record, code, _vals in wanted])
        fresh, kept = [], deadlines.browse()
        for record, code, vals in wanted:
            if not vals["date_due"]:
                continue
            deadline = known.get((record._name, record.id, code))
            if deadline:
                deadline._update(vals)
                kept |= deadline
            else:
                fresh.append(deadlines._prepare_vals(record, code, vals))
        return kept | deadlines.create(fresh)

    def _update(self, vals):
        """Write what changes; a deadline that is put without a day done is to do."""
        vals = {"date_done": False, **vals}
        if fields.Date.to_date(vals["date_due"]) != self.date_due:
            vals = {**vals, "alerted_on": False, "escalated_on": False}
        vals = {**vals, "state": self._get_state(vals)}
        self._write_changes(
            **{
                name: (
                    self.env[self._fields[name].comodel_name].browse(value)
                    if self._fields[name].type == "many2one"
                    else fields.Date.to_date(value) or False
                    if self._fields[name].type == "date"
                    else value
                )
                for name, value in vals.items()
            }
        )

    @api.model
    def _prepare_vals(self, record, code, vals):
        return {
            "res_model": record._name,
            "res_id": record.id,
            "code": code,
            "debtor_id": record.debtor_id.id if "debtor_id" in record else False,
            **vals,
            "state": self._get_state(vals),
        }

    @api.model
    def _get_state(self, vals):
        """State that dates give; ``void`` is told."""
        if vals.get("state") == "void":
            return "void"
        if vals.get("date_done"):
            return "done"
        today = fields.Date.context_today(self)
        late = vals.get("timing", "latest") == "latest" and (
            fields.Date.to_date(vals["date_due"]) < today
        )
        return "late" if late else "todo"

    @api.model
    def _drop(self, record, code):
        """Delete a deadline of a record, if there is one."""
        self._drop_all([(record, code)])

    @api.model
    def _drop_all(self, pairs):
        """Delete deadlines: what they were about is no more.

        :param list pairs: ``(record, code)``.
        """
        found = self.sudo()._find(pairs)
        self.sudo().union(*found.values()).unlink()

    @api.model
    def _find(self, pairs):
        """Deadlines of records.

        :param list pairs: ``(record, code)``.
        :return: ``{(model, id, code): deadline}``.
        """
        keys = {(record._name, record.id, code) for record, code in pairs}
        found = self.search(
            [
                ("res_model", "in", list({key[0] for key in keys})),
                ("res_id", "in", list({key[1] for key in keys})),
                ("code", "in", list({key[2] for key in keys})),
            ]
        )
        named = {(one.res_model, one.res_id, one.code): one for one in found}
        return {key: named[key] for key in keys if key in named}

    def action_open_record(self):
        """The file, or the record, that it is of."""
        self.ensure_one()
        if self.litigation_id:
            return self.litigation_id._get_form_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
