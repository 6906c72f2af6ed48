"""What customers ask for or tell, until somebody has dealt with it."""

import hashlib
from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .selections import PAYMENT_MEANS, REQUEST_KINDS, REQUEST_SOURCES

STATES = [("new", "To Handle"), ("done", "Done"), ("refused", "Refused")]
# What stays as it was told; the rest may be completed while the request waits.
RECORDED = {
    "kind",
    "source",
    "text",
    "amount",
    "currency_id",
    "date_promised",
    "company_id",
    "email_from",
    "attachment_ids",
}


class RecouvrementRequest(models.Model):
    """A request or declaration of a customer, validated by a person.

    Nothing that a customer says changes the dunning or the file before it is
    accepted. What accepting does is in ``request_accept.py``: a method
    ``_accept_<kind>`` for each kind.
    """

    _name = "recouvrement.request"
    _description = "Customer Request"
    _inherit = ["recouvrement.guarded"]
    _order = "state, date_due, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    kind = fields.Selection(REQUEST_KINDS, required=True, index=True)
    source = fields.Selection(REQUEST_SOURCES, required=True, default="call")
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="new",
        index=True,
        copy=False,
        group_expand=True,
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty only for a message whose sender is not known.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    collector_id = fields.Many2one(related="debtor_id.collector_id", string="Collector")
    partner_id = fields.Many2one(
        "res.partner", string="Asked By", index="btree_not_null"
    )
    email_from = fields.Char(string="Sender")
    user_id = fields.Many2one(
        "res.users",
        string="In Charge",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )

    # == What is asked ==
    text = fields.Text(string="Words of the Customer")
    summary = fields.Char(compute="_compute_summary", string="In Short")
    move_line_ids = fields.Many2many(
        "account.move.line", "recouvrement_request_line_rel", string="Items"
    )
    item_count = fields.Integer(
        string="Number of Items", compute="_compute_item_count", compute_sudo=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary()
    date_promised = fields.Date(
        string="Day Given",
        help="Day promised for the payment, or day on which the customer says to have "
        "paid.",
    )
    payment_means = fields.Selection(PAYMENT_MEANS, string="Paid By")
    payment_reference = fields.Char()
    reason_code = fields.Char(
        readonly=True, help="What was chosen in the list of the form."
    )
    contact_name = fields.Char(string="New Contact")
    contact_email = fields.Char(string="E-mail of the Contact")
    contact_phone = fields.Char(string="Phone of the Contact")
    contact_type = fields.Selection(
        [("invoice", "Invoices"), ("collection", "Reminders")], default="invoice"
    )
    iban = fields.Char(string="New IBAN")
    account_holder = fields.Char()
    known_phones = fields.Text(
        readonly=True,
        copy=False,
        help="Numbers on the file of the customer when new bank details were asked.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_request_attachment_rel", string="Attachments"
    )

    # == Handling ==
    date_due = fields.Date(
        string="Answer Before",
        index="btree_not_null",
        default=lambda self: self._default_date_due(),
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    answer = fields.Text(help="Words to the customer, added to the answer by e-mail.")
    handled_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_handled = fields.Datetime(readonly=True, copy=False)
    digest = fields.Char(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(debtor_id, digest) WHERE state = 'new' AND digest IS NOT NULL",
        "This request was already made and is being dealt with.",
    )
    _waiting_idx = models.Index("(debtor_id) WHERE state = 'new'")
    _check_debtor = models.Constraint(
        "CHECK (debtor_id IS NOT NULL OR kind = 'message')",
        "Only a message may wait without a debtor account.",
    )

    # ------------------------------------------------------------------
    # COMPUTES AND SEARCHES
    # ------------------------------------------------------------------

    @api.depends("debtor_id")
    def _compute_company_id(self):
        for request in self:
            company = request.debtor_id.company_id or request.company_id
            request.company_id = company or self.env.company.root_id

    @api.depends("company_id", "move_line_ids.currency_id")
    def _compute_currency_id(self):
        """Currency of the items when they share one, else of the company."""
        for request in self:
            currency = request.move_line_ids.currency_id
            request.currency_id = (
                currency if len(currency) == 1 else request.company_id.currency_id
            )

    @api.depends("text")
    def _compute_summary(self):
        """The first words, on one line."""
        for request in self:
            request.summary = shorten(request.text or "", 120, placeholder="…")

    @api.depends("move_line_ids")
    def _compute_item_count(self):
        for request in self:
            request.item_count = len(request.move_line_ids)

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            due = request.date_due
            request.is_late = bool(request.state == "new" and due and due < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "new") & Domain(
            "date_due", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    def _default_date_due(self):
        days = self.env.company.root_id.recouvrement_request_days
        return fields.Date.add(fields.Date.context_today(self), days=days)

    # ------------------------------------------------------------------
    # CONSTRAINTS AND CRUD
    # ------------------------------------------------------------------

    @api.constrains("debtor_id", "company_id", "move_line_ids")
    def _check_items(self):
        """sudo: also what the user may not read must fit together."""
        for request in self.sudo():
            debtor, lines = request.debtor_id, request.move_line_ids
            if debtor and request.company_id != debtor.company_id:
                raise ValidationError(
                    self.env._("The request belongs to the company of the debtor.")
                )
            if lines and (
                lines.partner_id.commercial_partner_id != debtor.partner_id
                or lines.company_id.root_id != debtor.company_id
                or any(
                    line.account_id.account_type != "asset_receivable"
                    or line.parent_state != "posted"
                    for line in lines
                )
            ):
                raise ValidationError(
                    self.env._("Some of these items are no items of this debtor.")
                )

    @api.constrains("debtor_id", "kind", "partner_id")
    def _check_asker(self):
        """The answer with its documents goes to who asked: somebody of the customer.
        A message may come from anybody."""
        for request in self.sudo():
            debtor, asker = request.debtor_id, request.partner_id
            if debtor and asker and request.kind != "message":
                if not debtor._has_person(asker) and asker != debtor.contact_id:
                    raise ValidationError(
                        self.env._(
                            "%s is no contact of this customer.", asker.display_name
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        requests = super().create(vals_list)
        if not self.env.su and "portal" in requests.mapped("source"):
            raise UserError(
                self.env._("Only the customer's page writes what came from there.")
            )
        for request in requests.sudo():
            request.write(
                {
                    "name": sequence.next_by_code("recouvrement.request"),
                    "digest": request._get_digest(),
                    "user_id": (request.user_id or request.collector_id).id,
                    **request._prepare_snapshot_vals(),
                }
            )
        requests.sudo()._own_attachments()
        requests._mark_debtors()
        return requests

    def write(self, vals):
        if not self.env.su:
            self._check_editable(vals)
        debtors = self.sudo().debtor_id
        result = super().write(vals)
        if {"state", "debtor_id"} & vals.keys():
            self._mark_debtors(debtors)
        return result

    def _check_editable(self, vals):
        """What the customer said is a record, and so is a request that was handled."""
        if any(request.state != "new" for request in self):
            raise UserError(self.env._("This request was handled: it is a record."))
        told = RECORDED & vals.keys()
        if "debtor_id" in vals:
            if any(r.debtor_id and r.kind != "message" for r in self):
                told.add("debtor_id")
            self.env["recouvrement.debtor"].browse(vals["debtor_id"]).check_access(
                "write"
            )
        if told:
            field = self._fields[min(told)]._description_string(self.env)
            raise UserError(
                self.env._(
                    "“%s” is what the customer said: it is not changed. Write your "
                    "answer, or log a request of your own.",
                    field,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A customer request is a record: refuse it."))

    def _prepare_snapshot_vals(self):
        """What must be kept as it is on the day of the request: a hook."""
        return {}

    def _get_digest(self):
        """The same words about the same items make the same request: what a customer
        sends twice is stored once while it waits (index ``_once``)."""
        if not self.debtor_id:
            return False
        facts = (
            self.kind,
            self.partner_id.id,
            sorted(self.move_line_ids.ids),
            f"{self.amount:.2f}",
            str(self.date_promised),
            (self.text or "").strip(),
            self.iban or "",
            self.contact_email or "",
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    def _own_attachments(self):
        """Documents are read by whoever reads the request, and by nobody else."""
        for request in self:
            loose = request.attachment_ids.filtered(lambda a: not a.res_id)
            loose.write({"res_model": self._name, "res_id": request.id})

    def _mark_debtors(self, debtors=None):
        debtors = (debtors or self.env["recouvrement.debtor"]) | self.sudo().debtor_id
        self.env["recouvrement.debtor"]._mark_dirty_debtors(debtors.ids)

    # ------------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------------

    def _check_waiting(self):
        """Take requests to decide on: of two people at the same moment, one decides.

        :raise UserError: on a request that was handled.
        """
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if any(request.state != "new" for request in self):
            raise UserError(self.env._("This request was handled: it is a record."))

    def action_accept(self):
        """Do what the customer asks; the answer leaves by e-mail.

        :return: the action that goes on with it, such as a plan to fill in.
        """
        self._check_waiting()
        action = None
        for request in self:
            action = getattr(request, f"_accept_{request.kind}")() or action
        return action or True

    def action_refuse(self, reason=None):
        """Refuse with a reason, which the customer is told; without one, ask for it."""
        reason = (reason or "").strip()
        if not reason:
            return self._action_refuse_wizard()
        self._check_waiting()
        self.sudo().answer = reason
        self._close("refused")
        self._on_refused(reason)
        return True

    def _on_refused(self, reason):
        """What waited for these requests is given up: a hook."""

    def _action_refuse_wizard(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "recouvrement.request.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_ids": self.ids},
        }

    def _close(self, state, answered=False):
        """Settle requests, trace it and answer the customer.

        :param str state: ``done`` or ``refused``.
        :param bool answered: the customer already got an e-mail that answers.
        """
        self.sudo().write(
            {
                "state": state,
                "handled_by_id": self.env.uid,
                "date_handled": fields.Datetime.now(),
            }
        )
        self._log(dict(self._fields["state"]._description_selection(self.env))[state])
        if not answered:
            self.filtered(lambda r: r._expects_answer())._answer_customer()

    def action_take(self):
        """The user takes charge of these requests."""
        self.write({"user_id": self.env.uid})

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _log(self, what, detail=False):
        """One event for each request in its debtor's history."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self.filtered("debtor_id"):
            request.debtor_id._log_event(
                "request",
                self.env._(
                    "%(number)s, %(kind)s: %(what)s",
                    number=request.name,
                    kind=kinds[request.kind],
                    what=what,
                ),
                detail=detail or request.answer or False,
                amount=request.amount,
                currency_id=request.currency_id.id,
            )

    @api.model
    def _request_counts_sql(self, condition):
        """Statement that refreshes the number of requests to handle per debtor.

        :param SQL condition: on ``recouvrement_debtor d``.
        """
        return SQL(
            """
            UPDATE recouvrement_debtor d SET request_count = f.number
              FROM (SELECT d.id, COUNT(r.id) AS number
                      FROM recouvrement_debtor d
                 LEFT JOIN recouvrement_request r
                        ON r.debtor_id = d.id AND r.state = 'new'
                     WHERE %s
                  GROUP BY d.id) f
             WHERE f.id = d.id AND d.request_count IS DISTINCT FROM f.number
            """,
            condition,
        )
