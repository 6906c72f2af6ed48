"""Questions to whoever knows what happened, with or without an Odoo user, and their
answers."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

PROPOSALS = [
    ("founded", "The Customer Is Right"),
    ("partly", "The Customer Is Right in Part"),
    ("reinvoice", "The Invoice Must Be Made Again"),
    ("unfounded", "The Customer Is Wrong"),
    ("unknown", "I Cannot Say"),
]
STATES = [("asked", "Asked"), ("answered", "Answered"), ("cancelled", "Withdrawn")]


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
