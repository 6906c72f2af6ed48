"""A litigation file entrusted to a lawyer, an officer or an agency."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

STATES = [
    ("draft", "To Send"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("returned", "Returned"),
    ("closed", "Closed"),
]
OPEN = ("draft", "sent", "accepted")
STATUSES = [
    ("received", "Received"),
    ("in_progress", "In Progress"),
    ("promise", "Promise or Plan"),
    ("disputed", "Disputed"),
    ("insolvent", "Insolvent"),
    ("untraceable", "Not Found"),
    ("paid", "Paid"),
    ("closed", "Closed"),
]


class RecouvrementCounselAssignment(models.Model):
    """draft → sent (instructions left) → accepted or refused → returned or closed."""

    _name = "recouvrement.counsel.assignment"
    _description = "Mandate on a File"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    counsel_id = fields.Many2one(
        "recouvrement.counsel",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="counsel_id.kind", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True
    )
    reference = fields.Char(
        string="Their Reference", index="btree_not_null", help="Their file number."
    )
    instructions = fields.Html()
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one("res.users", readonly=True)
    answer = fields.Text(help="What they answered.")
    status = fields.Selection(
        STATUSES, string="Their Status", readonly=True, help="As last reported."
    )
    status_date = fields.Date(string="Reported On", readonly=True)
    date_end = fields.Date(string="Ended On", readonly=True)
    is_silent = fields.Boolean(
        compute="_compute_is_silent",
        string="No News",
        help="Nothing was reported for 60 days.",
    )

    # == Money, in company currency ==
    amount_entrusted = fields.Monetary(
        string="Entrusted", readonly=True, help="Claimed when the file was sent."
    )
    amount_announced = fields.Monetary(
        string="Announced", readonly=True, help="Payments that they reported."
    )
    amount_collected = fields.Monetary(
        string="Collected",
        readonly=True,
        help="Money received on the items since the file was sent, in the ledger.",
    )
    gap = fields.Monetary(
        string="Not in the Ledger",
        compute="_compute_gap",
        help="Announced, but not received here yet. An agency passes on what it "
        "collects within a month (CPCE art. R124-6).",
    )
    cost_ids = fields.One2many("recouvrement.litigation.cost", "assignment_id")
    fee_total = fields.Monetary(string="Fees", readonly=True)
    report_line_ids = fields.One2many(
        "recouvrement.counsel.report.line", "assignment_id", readonly=True
    )

    _one_open = models.UniqueIndex(
        "(litigation_id, counsel_id) WHERE state IN ('draft', 'sent', 'accepted')",
        "This file is entrusted to them already.",
    )
    _open_idx = models.Index("(counsel_id) WHERE state IN ('sent', 'accepted')")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("litigation_id", "counsel_id")
    def _compute_display_name(self):
        for one in self:
            parts = (one.litigation_id.name, one.counsel_id.name)
            one.display_name = " · ".join(filter(None, parts))

    @api.depends("amount_announced", "amount_collected")
    def _compute_gap(self):
        for one in self:
            one.gap = max(0.0, one.amount_announced - one.amount_collected)

    @api.depends("state", "status_date", "sent_on")
    def _compute_is_silent(self):
        limit = fields.Date.subtract(fields.Date.context_today(self), days=60)
        for one in self:
            last = one.status_date or (one.sent_on and one.sent_on.date())
            one.is_silent = one.state in ("sent", "accepted") and (
                not last or last < limit
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["state"])  # One that just ended is no obstacle.
        made = super().create(vals_list)
        if not self.env.su:
            made.litigation_id.check_access("write")
        return made

    def write(self, vals):
        result = super().write(vals)
        if "litigation_id" in vals and not self.env.su:
            self.litigation_id.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("A file that was sent is returned or closed."))

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def action_write(self):
        """Write to them: instructions at first, then to ask for news."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to %s", self.counsel_id.name),
            "res_model": "recouvrement.counsel.mail",
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_id": self.id},
        }

    def action_accept(self):
        self._move("sent", "accepted")

    def action_refuse(self):
        self._move("sent", "refused")

    def action_return(self):
        self._move("sent accepted", "returned")

    def action_close(self):
        self._move("sent accepted", "closed")

    def action_mark_sent(self):
        """Sent by other means than an e-mail from here."""
        self._check_state("draft")
        self.check_access("write")
        self._mark_sent()

    def _move(self, before, after):
        self.check_access("write")
        self._check_state(*before.split())
        vals = {"state": after}
        if after not in OPEN:
            vals["date_end"] = fields.Date.context_today(self)
        self.sudo().write(vals)
        self._tell()

    def _check_state(self, *states):
        if self.filtered(lambda one: one.state not in states):
            raise UserError(self.env._("This is not possible in this state."))

    def _mark_sent(self):
        """The files left: what was claimed then is what was entrusted."""
        for one in self.sudo():
            litigation = one.litigation_id
            one.write(
                {
                    "state": "sent",
                    "sent_on": fields.Datetime.now(),
                    "sent_by_id": self.env.uid,
                    "amount_entrusted": litigation.amount_claimed
                    or litigation.amount_remaining,
                }
            )
        self._tell()
        self._refresh_amounts()

    def _tell(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.sudo():
            one.litigation_id._message_log(
                body=f"{one.counsel_id.name}: {labels[one.state]}"
            )

    # ------------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------------

    def _get_mail_obstacle(self):
        """Why no e-mail can leave, or False."""
        company = self.company_id.sudo()
        partner = self.counsel_id.partner_id
        if company.recouvrement_test_mode and not company.recouvrement_test_email:
            return self.env._(
                "Test mode is on for %s, but no test address is set.", company.name
            )
        if not email_normalize(partner.sudo().email, strict=False):
            return self.env._("%s has no valid e-mail address.", partner.display_name)
        return False

    def _queue_mail(self, subject, body, attachments):
        """One e-mail on the thread of the litigation file, where answers come back; in
        test mode it goes to the test address.

        :return: the ``mail.mail``, in sudo.
        """
        self.ensure_one()
        obstacle = self._get_mail_obstacle()
        if obstacle:
            raise UserError(obstacle)
        litigation = self.litigation_id.sudo()
        values = self.debtor_id.sudo()._prepare_mail_vals(
            self.counsel_id.partner_id, subject, body
        )
        author_id = values["author_id"]
        values |= {
            "model": litigation._name,
            "res_id": litigation.id,
            "record_name": litigation.display_name,
            "headers": repr({"X-Odoo-Objects": f"{litigation._name}-{litigation.id}"}),
            "reply_to": litigation._notify_get_reply_to_batch(
                {litigation.id: values["email_from"]}, {litigation.id: author_id}
            )[litigation.id],
            "attachment_ids": [fields.Command.set(attachments.ids)],
            "body": Markup(body),
        }
        mail = self.env["mail.mail"].sudo().create(values)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mail

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def _refresh_amounts(self):
        """What they announced, what the ledger received, what they cost; one
        statement, in sudo."""
        if not self:
            return
        for model in (
            self._name,
            "account.partial.reconcile",
            "account.move.line",
            "recouvrement.litigation.line",
            "recouvrement.litigation.cost",
            "recouvrement.counsel.report.line",
        ):
            self.env[model].flush_model()
        litigation = self.env["recouvrement.litigation"]
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_counsel_assignment a
                   SET amount_collected = COALESCE(x.collected, 0),
                       amount_announced = COALESCE(x.announced, 0),
                       fee_total = COALESCE(x.fees, 0)
                  FROM (SELECT b.id,
                       (SELECT SUM(pr.amount)
                          FROM recouvrement_litigation_line l
                          JOIN account_partial_reconcile pr
                            ON pr.debit_move_id = l.move_line_id
                          JOIN account_move_line cl ON cl.id = pr.credit_move_id
                          JOIN account_move cm ON cm.id = cl.move_id
                         WHERE l.litigation_id = b.litigation_id
                           AND b.sent_on IS NOT NULL
                           AND %(day)s >= b.sent_on::date
                           AND (b.date_end IS NULL OR %(day)s <= b.date_end)
                           AND %(receipt)s) AS collected,
                       (SELECT SUM(r.paid)
                          FROM recouvrement_counsel_report_line r
                         WHERE r.assignment_id = b.id
                           AND r.state = 'loaded') AS announced,
                       (SELECT SUM(c.amount_company)
                          FROM recouvrement_litigation_cost c
                         WHERE c.assignment_id = b.id) AS fees
                          FROM recouvrement_counsel_assignment b
                         WHERE b.id = ANY(%(ids)s)) x
                 WHERE x.id = a.id
                """,
                ids=self.ids,
                day=litigation._credit_day_sql(),
                receipt=litigation._is_receipt_sql(),
            )
        )
        self.invalidate_recordset(
            ["amount_collected", "amount_announced", "fee_total", "gap"]
        )

    def _get_default_subject(self):
        self.ensure_one()
        return self.env._(
            "%(file)s – %(creditor)s / %(debtor)s",
            file=self.litigation_id.name,
            creditor=self.company_id.name,
            debtor=self.customer_id.name,
        )
