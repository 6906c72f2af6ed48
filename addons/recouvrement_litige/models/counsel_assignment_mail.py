"""The mail to a counsel, and what the file entrusted brings in."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize


class RecouvrementCounselAssignment(models.Model):
    _inherit = "recouvrement.counsel.assignment"

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
