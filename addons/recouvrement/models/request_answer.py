"""How a request comes in and how its answer leaves."""

from odoo import api, models
from odoo.tools import plaintext2html

TEMPLATE = "recouvrement.template_request_answer"


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    # ------------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------------

    @api.model
    def _find_twin(self, values):
        """The waiting request that says the same, if any."""
        digest = self.new(values)._get_digest()
        return self.search(
            [
                ("debtor_id", "=", values["debtor_id"]),
                ("state", "=", "new"),
                ("digest", "=", digest),
            ],
            limit=1,
        )

    @api.model
    def _make_attachments(self, attachments):
        """Documents as ``ir.attachment`` records, in sudo. What could run in a browser
        is stored as plain text."""
        model = self.env["ir.attachment"].sudo()
        if isinstance(attachments, models.BaseModel):
            return attachments.sudo()
        return model.with_context(attachments_mime_plainxml=True).create(
            [{"name": name, "raw": content} for name, content in attachments]
        )

    @api.model
    def _declare_unknown(self, email_from, text, company, attachments=(), partner=None):
        """A message whose sender belongs to no debtor account: a person attaches it.

        :return: the request, in sudo.
        """
        requests = self.sudo().with_company(company)
        return requests.create(
            {
                "kind": "message",
                "source": "email",
                "company_id": company.id,
                "email_from": email_from,
                "partner_id": partner.id if partner else False,
                "text": text,
                "attachment_ids": [
                    (6, 0, requests._make_attachments(attachments).ids),
                ],
            }
        )

    # ------------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------------

    def _expects_answer(self):
        """Whether the customer is told by e-mail: who asked in writing, of kinds that
        have an answer."""
        return self.source in ("portal", "email") and bool(self.debtor_id)

    def _get_addressee(self):
        """Who gets the answer: who asked, else the contact of the debtor."""
        self.ensure_one()
        debtor = self.sudo().debtor_id
        asker = self.sudo().partner_id
        return asker if asker.email else debtor.contact_id or debtor.partner_id

    def _answer_customer(self):
        """Queue the answers; one that cannot leave is told in the history, because
        the decision stands."""
        for request in self:
            debtor, partner = request.debtor_id, request._get_addressee()
            obstacle = debtor._get_mail_obstacle(partner)
            if obstacle:
                request._log(self.env._("the customer was not told"), detail=obstacle)
                continue
            debtor._queue_mail(partner, *request._render_answer(partner))

    def _render_answer(self, partner):
        """Subject and body of the answer, in the language of who gets it."""
        self.ensure_one()
        lang = self.debtor_id._get_mail_lang(partner)
        template = self.env.ref(TEMPLATE).sudo().with_context(lang=lang)
        subject = template._render_field("subject", self.ids)[self.id]
        body = template._render_field(
            "body_html", self.ids, options={"post_process": True}
        )[self.id]
        return subject, body

    def _get_answer_html(self):
        """Words of the person who handled it, as safe HTML."""
        self.ensure_one()
        return plaintext2html(self.answer or "")

    def _get_answer_documents(self):
        """Names of the documents the request is about, oldest first."""
        self.ensure_one()
        lines = self.sudo().move_line_ids.sorted(lambda line: (line.date, line.id))
        return ", ".join(
            line.move_id.name
            if line.move_id.move_type != "entry"
            else line.name or line.move_id.name
            for line in lines[:20]
        ) + ("…" if len(lines) > 20 else "")
