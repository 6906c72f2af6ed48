"""Asking about a dispute, answering it and handing it over."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html

from ..tools.procedural_calendar import add_working_days, place_of

LINK_DAYS = 30
ANSWER_DAYS = 2  # working days to answer about a dispute that is late


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
        date_due = date_due or dispute._get_answer_day()
        if date_due < today:
            raise UserError(self.env._("Nobody can answer before a day that is past."))
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

    def _get_answer_day(self):
        """Day before which an answer is asked for: that of the dispute, or soon when it
        is late already."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.date_due and self.date_due > today:
            return self.date_due
        company = self.company_id
        place = place_of(company.country_id.code, company.zip)
        return add_working_days(today, ANSWER_DAYS, place)

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
