"""Questions to whoever knows what happened, with or without an Odoo user, and their
answers."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html

PROPOSALS = [
    ("founded", "The Customer Is Right"),
    ("partly", "The Customer Is Right in Part"),
    ("reinvoice", "The Invoice Must Be Made Again"),
    ("unfounded", "The Customer Is Wrong"),
    ("unknown", "I Cannot Say"),
]
STATES = [("asked", "Asked"), ("answered", "Answered"), ("cancelled", "Withdrawn")]
LINK_DAYS = 30


class RecouvrementAccessLink(models.Model):
    _inherit = "recouvrement.access.link"

    purpose = fields.Selection(
        selection_add=[("dispute", "Dispute")], ondelete={"dispute": "cascade"}
    )


class RecouvrementDisputeAnswer(models.Model):
    """What one person was asked about a dispute, and answered."""

    _name = "recouvrement.dispute.answer"
    _description = "Answer on a Dispute"
    _inherit = ["recouvrement.guarded"]
    _order = "id desc"
    _rec_name = "partner_id"

    dispute_id = fields.Many2one(
        "recouvrement.dispute",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="dispute_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="dispute_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Asked Person", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Asked By", readonly=True)
    lang = fields.Char(compute="_compute_lang")
    question = fields.Text(readonly=True)
    date_asked = fields.Datetime(readonly=True)
    date_due = fields.Date(string="Answer Before", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="asked")
    link_id = fields.Many2one("recouvrement.access.link", readonly=True, copy=False)
    date_answered = fields.Datetime(readonly=True)
    answer = fields.Text(readonly=True)
    proposal = fields.Selection(PROPOSALS, string="Opinion", readonly=True)
    amount = fields.Monetary(
        string="Amount to Credit", readonly=True, help="With taxes, as proposed."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_dispute_answer_attachment_rel", readonly=True
    )

    @api.depends("partner_id", "company_id")
    def _compute_lang(self):
        for one in self.sudo():
            company = one.company_id.partner_id
            one.lang = one.partner_id.lang or company.lang or self.env.lang

    # ------------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------------

    def _get_url(self):
        return self.sudo().link_id._get_url()

    def _get_facts(self):
        """What the page and the e-mail show of the dispute, in sudo."""
        self.ensure_one()
        dispute = self.sudo().dispute_id
        return {
            "dispute": dispute,
            "items": dispute.line_ids,
            "history": dispute.answer_ids.filtered(
                lambda one: one.state == "answered" and one != self
            ),
        }

    def _send(self):
        """Write to the person asked, through Odoo's mail queue."""
        template = self.env.ref("recouvrement_litige.template_dispute_question").sudo()
        for one in self.sudo():
            company = one.company_id
            test = company.recouvrement_test_mode and company.recouvrement_test_email
            # The message stays when the mail goes.
            values = {"is_notification": True}
            if test:
                values.update(email_to=test, recipient_ids=[])
            template.with_context(lang=one.lang).send_mail(
                one.id, email_values=values, force_send=False
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # ------------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------------

    def _answer(self, proposal, text, amount=0, attachments=None):
        """Record an answer; who calls has proved the right to answer.

        :raise UserError: when it waits for no answer any more, or says nothing.
        """
        self.ensure_one()
        one = self.sudo()
        one.lock_for_update()
        one.invalidate_recordset(["state"], flush=False)
        if one.state != "asked" or one.dispute_id.state != "open":
            raise UserError(self.env._("This question waits for no answer any more."))
        if proposal not in dict(PROPOSALS):
            raise UserError(self.env._("Choose an answer."))
        if not (text or "").strip():
            raise UserError(self.env._("Say what happened."))
        if amount and amount < 0:
            raise UserError(self.env._("An amount cannot be negative."))
        one.write(
            {
                "state": "answered",
                "answer": text.strip(),
                "proposal": proposal,
                "amount": amount or 0,
                "date_answered": fields.Datetime.now(),
                "attachment_ids": [
                    fields.Command.link(file.id) for file in attachments or ()
                ],
            }
        )
        one._announce_answer()

    def _announce_answer(self):
        dispute = self.dispute_id
        labels = dict(self._fields["proposal"]._description_selection(self.env))
        summary = self.env._(
            "%(person)s answered: %(opinion)s",
            person=self.partner_id.name,
            opinion=labels[self.proposal],
        )
        followers = (
            dispute.user_id | dispute.collector_id | self.user_id
        ).partner_id - self.partner_id
        dispute.message_post(
            body=Markup("<p>%s</p>%s") % (summary, plaintext2html(self.answer)),
            author_id=self.partner_id.id,
            partner_ids=followers.ids,
            attachment_ids=[],
            subtype_xmlid="mail.mt_note",
        )
        dispute._move_to("answered")
        dispute._log(summary, self.answer)
        decider = dispute.collector_id or dispute.user_id or self.user_id
        if decider and decider != self.env.user:
            dispute.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(self),
                user_id=decider.id,
                summary=self.env._("Dispute answered: decide"),
                note=plaintext2html(summary),
            )


class RecouvrementDispute(models.Model):
    _inherit = "recouvrement.dispute"

    answer_ids = fields.One2many("recouvrement.dispute.answer", "dispute_id")
    answer_count = fields.Integer(compute="_compute_answer_count")

    @api.depends("answer_ids")
    def _compute_answer_count(self):
        for dispute in self:
            dispute.answer_count = len(dispute.answer_ids)

    def _ask(self, partner, question, date_due=None):
        """Ask a person about the dispute: a question with a signed link, by e-mail.

        :raise UserError: when the person has no e-mail address.
        """
        self.ensure_one()
        self._check_deciding()
        if not email_normalize(partner.sudo().email, strict=False):
            raise UserError(
                self.env._("%s has no valid e-mail address.", partner.display_name)
            )
        if not (question or "").strip():
            raise UserError(self.env._("Write your question."))
        today = fields.Date.context_today(self)
        dispute = self.sudo()
        date_due = date_due or dispute.date_due or today
        answers = self.env["recouvrement.dispute.answer"].sudo()
        one = answers.create(
            {
                "dispute_id": dispute.id,
                "partner_id": partner.id,
                "user_id": self.env.uid,
                "question": question.strip(),
                "date_asked": fields.Datetime.now(),
                "date_due": date_due,
            }
        )
        one.link_id = (
            self.env["recouvrement.access.link"]
            .sudo()
            .create(
                {
                    "purpose": "dispute",
                    "debtor_id": dispute.debtor_id.id,
                    "partner_id": partner.id,
                    "res_id": one.id,
                    "date_expiry": max(date_due, today) + timedelta(days=LINK_DAYS),
                }
            )
        )
        one._send()
        dispute._move_to("waiting")
        dispute._log(self.env._("asked to %s", partner.name), question)
        return one.sudo(self.env.su)

    def _answer_as_owner(self, proposal, text, amount=0, attachments=None):
        """The answer of the owner of the dispute, or of whoever may write to it."""
        self.ensure_one()
        self.check_access("read")
        if self.sudo().user_id != self.env.user:
            self.check_access("write")
        one = (
            self.env["recouvrement.dispute.answer"]
            .sudo()
            .create(
                {
                    "dispute_id": self.id,
                    "partner_id": self.env.user.partner_id.id,
                    "user_id": self.env.uid,
                    "date_asked": fields.Datetime.now(),
                }
            )
        )
        one._answer(proposal, text, amount, attachments)

    def _withdraw_questions(self):
        """Nobody answers about a dispute that is closed."""
        waiting = self.answer_ids.filtered(lambda one: one.state == "asked")
        waiting.write({"state": "cancelled"})
        waiting.link_id.write({"revoked": True, "revoked_by_id": self.env.uid})

    def action_ask(self):
        """Ask somebody by e-mail."""
        self.ensure_one()
        self._check_deciding()
        return self._action_wizard(
            "recouvrement.dispute.ask.wizard", self.env._("Ask by E-mail")
        )

    def action_answer(self):
        """Answer what happened, as the owner."""
        self.ensure_one()
        self.check_access("read")
        return self._action_wizard(
            "recouvrement.dispute.answer.wizard", self.env._("Answer")
        )

    def action_transfer(self):
        """Hand the dispute over to another department."""
        self.ensure_one()
        self._check_transfer()
        return self._action_wizard(
            "recouvrement.dispute.transfer.wizard", self.env._("Hand Over")
        )

    def _action_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    # ------------------------------------------------------------------
    # HANDING OVER
    # ------------------------------------------------------------------

    def _check_transfer(self):
        """The owner, and whoever may write, hands a dispute over."""
        self.check_access("read")
        if self.sudo().user_id != self.env.user:
            self.check_access("write")
        if self.sudo().state != "open":
            raise UserError(self.env._("This dispute is closed already."))

    def _transfer(self, role, user, reason):
        """Hand over to another department or person; both go on following.

        :raise UserError: without a reason.
        """
        self.ensure_one()
        self._check_transfer()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the dispute is handed over."))
        dispute = self.sudo()
        before = dispute.user_id
        if not user:
            [user] = self.env["recouvrement.dispute.rule"]._find_owners(
                [(dispute.debtor_id, dispute.category_id, role)]
            )
        labels = dict(self._fields["role"]._description_selection(self.env))
        text = self.env._(
            "handed over from %(before)s to %(after)s (%(person)s)",
            before=labels[dispute.role],
            after=labels[role],
            person=user.name or self.env._("nobody yet"),
        )
        dispute.message_subscribe((before | user).partner_id.ids)
        dispute.write(
            {
                "role": role,
                "user_id": user.id,
                "transfer_count": dispute.transfer_count + 1,
            }
        )
        dispute.message_post(
            body=Markup("<p>%s</p>%s") % (text, plaintext2html(reason)),
            author_id=self.env.user.partner_id.id,
            partner_ids=user.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        dispute._log(text, reason)
