"""E-mails of unknown senders wait as requests without a debtor account."""

from odoo import api, models
from odoo.tools import html2plaintext

TEXT_KEPT = 4000


class RecouvrementRequest(models.Model):
    _name = "recouvrement.request"
    _inherit = ["recouvrement.request", "mail.thread"]

    @api.model
    def _create_from_mail(self, msg_dict, company):
        """A message to sort; the e-mail with its documents is on its thread.

        :param dict msg_dict: as ``message_new`` gets it.
        """
        subject = (msg_dict.get("subject") or "").strip()
        body = html2plaintext(msg_dict.get("body") or "").strip()
        debtors = self.env["recouvrement.debtor"]
        assignee = company.recouvrement_default_collector_id or debtors._get_a_manager(
            company
        )
        return self.sudo().create(
            {
                "kind": "message",
                "source": "email",
                "company_id": company.id,
                "email_from": msg_dict.get("email_from"),
                "text": "\n".join(filter(None, (subject, body)))[:TEXT_KEPT],
                "user_id": assignee.id,
            }
        )
