"""E-mails that come in: to the debtor of their sender, shown until they are read."""

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, html2plaintext

from ..tools.auto_reply import is_automatic

TEXT_KEPT = 2000


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # EXTENDS 'mail'
    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Keep in mind whether a machine sent it: the headers are not kept."""
        automatic = is_automatic(
            message,
            message_dict.get("subject"),
            message.get_content_type(),
            message.get_param("report-type") or "",
        )
        thread = self.with_context(recouvrement_automatic_mail=automatic)
        return super(MailThread, thread)._message_route_process(
            message, message_dict, routes
        )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    date_answered = fields.Datetime(
        string="Answer Received On",
        readonly=True,
        help="When the last answer of the customer came in.",
    )

    # ------------------------------------------------------------------
    # WHOSE IT IS
    # ------------------------------------------------------------------

    # OVERRIDES 'mail'
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """The debtor account of the sender, in the company of the address; never
        loses an e-mail: who is not known goes to ``_route_unknown_sender``."""
        company_id = (custom_values or {}).get("company_id")
        company = self.env["res.company"].browse(company_id) or self.env.company
        company = company.root_id
        partners = self._find_senders(msg_dict, company)
        if len(partners) > 1:
            partners = self._choose_sender(partners, msg_dict, company)
        if len(partners) == 1:
            return self._get_or_create_debtor(partners, company)
        return self._route_unknown_sender(msg_dict, company)

    @api.model
    def _find_senders(self, msg_dict, company):
        """Customers of a company that the sender may write for: those that have a
        debtor account, else those it sells to. Archived ones still owe."""
        address = email_normalize(msg_dict.get("email_from"), strict=False)
        if not address:
            return self.env["res.partner"]
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("email_normalized", "=", address)])
            .commercial_partner_id
        )
        debtors = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
            )
        )
        return debtors.partner_id or partners.filtered(
            lambda partner: self._may_open_account(partner, company)
        )

    @api.model
    def _may_open_account(self, partner, company):
        """Whether a sender without a debtor account is a customer of a company."""
        ours = self.env["res.company"].sudo().search([]).partner_id  # pylint: disable=no-search-all
        if partner in ours or partner.customer_rank <= 0:
            return False
        return not partner.company_id or partner.company_id.root_id == company

    @api.model
    def _choose_sender(self, partners, msg_dict, company):
        """Of several customers with one address, the one whose invoice is named, else
        the only one that is overdue; else nobody: a letter in the wrong file is worse
        than one to sort."""
        text = "\n".join(
            (msg_dict.get("subject") or "", html2plaintext(msg_dict.get("body") or ""))
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT m.commercial_partner_id FROM account_move m
                     JOIN res_company c ON c.id = m.company_id
                    WHERE m.commercial_partner_id = ANY(%s) AND m.state = 'posted'
                      AND %s = %s AND length(m.name) > 3
                      AND position(m.name IN %s) > 0""",
                partners.ids,
                self.env["recouvrement.open.item"]._root_company_sql("c"),
                company.id,
                text,
            )
        )
        named = partners.browse(partner_id for [partner_id] in rows)
        if len(named) == 1:
            return named
        overdue = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("overdue_amount", ">", 0),
            ]
        )
        return overdue.partner_id if len(overdue) == 1 else partners.browse()

    @api.model
    def _get_or_create_debtor(self, partner, company):
        debtors = self.sudo().with_context(active_test=False)
        debtor = debtors.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        if not debtor:
            debtor = debtors.create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "salesperson_id": partner.user_id.id,
                }
            )
            debtor._classify()
            self._mark_dirty_debtors(debtor.ids)
        return debtor

    @api.model
    def _route_unknown_sender(self, msg_dict, company):
        """The record on which an e-mail that belongs to no debtor is kept: a hook.

        :return: a record with a message thread.
        """
        return self.env["recouvrement.request"]._create_from_mail(msg_dict, company)

    @api.model
    def _get_a_manager(self, company):
        managers = self.env.ref("recouvrement.group_manager").sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and company in user.company_ids
        )[:1]

    # ------------------------------------------------------------------
    # WHAT IT CHANGES
    # ------------------------------------------------------------------

    # EXTENDS 'mail'
    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email":
            self._receive_mail(message)
        return result

    def _receive_mail(self, message):
        """An e-mail of the customer is an answer until it is read; not that of a
        machine, of a colleague, or of a relay, whose question it answers."""
        if self.env.context.get("recouvrement_automatic_mail"):
            self._log_event(
                "note",
                self.env._("Automatic e-mail: %s", self._describe_mail(message)),
                detail=message.preview,
            )
            return
        author = message.author_id
        relay = self._find_mailing_relay(message)
        if relay:
            relay._answer("by_mail", html2plaintext(message.body)[:TEXT_KEPT] or "-")
        ours = bool(author.sudo().user_ids.filtered(lambda user: not user.share))
        if ours or (relay and author.commercial_partner_id != self.partner_id):
            return
        self._mark_answered(message)

    def _describe_mail(self, message):
        return message.subject or message.email_from or ""

    def _mark_answered(self, message):
        self.sudo().write(
            {"answered": True, "date_answered": message.date or fields.Datetime.now()}
        )
        self._log_event(
            "answer",
            self.env._("Answer: %s", self._describe_mail(message)),
            detail=message.preview,
        )

    def _find_mailing_relay(self, message):
        """The relay of this debtor that the author of an e-mail was asked."""
        address = email_normalize(message.email_from or "", strict=False)
        relays = (
            self.env["recouvrement.relay"]
            .sudo()
            .search(
                [
                    ("debtor_id", "in", self.ids),
                    ("state", "in", ("asked", "returned")),
                ]
            )
        )
        return relays.filtered(
            lambda relay: (
                relay.person_id == message.author_id
                or (address and relay.person_id.email_normalized == address)
            )
        )[:1]

    def action_mark_answer_read(self):
        """The answer was read: reminders go on."""
        unread = self.filtered("answered")
        unread.check_access("write")
        unread.write({"answered": False})
        unread._log_event("answer", self.env._("Answer read"))
