"""The duplicate of unpaid invoices that goes with the recovery of their VAT."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date, formatLang

FRENCH = "fr_FR"
REPORT = "recouvrement.action_report_write_off_duplicate"


class RecouvrementWriteOff(models.Model):
    _inherit = "recouvrement.write.off"

    # ------------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------------

    def _get_duplicate_lines(self):
        """Items whose VAT is recovered: what the duplicate lists."""
        return self.line_ids.filtered("vat_paid")

    def _get_duplicate_totals(self):
        """``{"net", "vat"}`` of what the duplicate lists, in company currency."""
        lines, currency = self._get_duplicate_lines(), self.currency_id
        return {
            "net": currency.round(sum(lines.mapped("loss"))),
            "vat": currency.round(sum(lines.mapped("vat_paid"))),
        }

    def _get_mention(self, net, vat):
        """What every duplicate must say, word for word, whatever the language of the
        customer (CGI art. 272, 1).

        :param float net: unpaid amount without VAT; ``vat``: its VAT.
        """
        return (
            "Facture demeurée impayée pour la somme de "
            f"{self._format_french(net)} (prix net) et pour la somme de "
            f"{self._format_french(vat)} (TVA correspondante) qui ne peut faire "
            "l'objet d'une déduction (CGI art. 272)."
        )

    def _format_french(self, amount):
        lang = self.env["res.lang"]._get_data(code=FRENCH)
        env = self.with_context(lang=FRENCH if lang else self.env.lang).env
        return formatLang(env, amount, currency_obj=self.currency_id)

    def _format_day(self, day):
        return format_date(self.env, day, lang_code=self.lang) if day else ""

    def _get_address_rows(self, partner):
        text = partner.sudo()._display_address(without_company=True)
        return [" ".join(row.split()) for row in text.splitlines() if row.strip()]

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def action_print_duplicate(self):
        self._check_duplicate()
        return self.env.ref(REPORT).report_action(self)

    def action_send_duplicate(self):
        """Queue the duplicate for the customer, or for the test address in test mode
        (which does not count as sent)."""
        self.check_access("write")
        self._check_duplicate()
        for write_off in self:
            write_off._check_address()
            write_off._queue_duplicate()
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    def action_duplicate_posted(self):
        """The duplicate was sent on paper today."""
        self.check_access("write")
        self._check_duplicate()
        self._set_duplicate_sent()

    def _check_duplicate(self):
        for write_off in self:
            if write_off.state != "posted" or not write_off._needs_duplicate():
                raise UserError(
                    self.env._(
                        "%s recovers no VAT: there is no duplicate to send.",
                        write_off.name,
                    )
                )

    def _check_address(self):
        company, contact = self.root_company_id, self.debtor_id.contact_id
        if company.recouvrement_test_mode:
            if not company.recouvrement_test_email:
                raise UserError(
                    self.env._(
                        "Test mode is on for %s, but no test address is set.",
                        company.name,
                    )
                )
        elif not email_normalize(contact.email, strict=False):
            raise UserError(
                self.env._("%s has no valid e-mail address.", self.partner_id.name)
            )

    def _queue_duplicate(self):
        is_test = self.root_company_id.recouvrement_test_mode
        template = self.env.ref("recouvrement.template_write_off_duplicate").sudo()
        values = {
            "model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "is_notification": True,
        }
        if is_test:
            subject = template._render_field("subject", self.ids, compute_lang=True)
            values.update(
                {
                    "email_to": self.root_company_id.recouvrement_test_email,
                    "recipient_ids": [],
                    "subject": self.env._(
                        "[TEST for %(contact)s] %(subject)s",
                        contact=self.partner_id.display_name,
                        subject=subject[self.id],
                    ),
                }
            )
        template.send_mail(self.id, email_values=values)
        if not is_test:
            self._set_duplicate_sent()

    def _set_duplicate_sent(self):
        self.sudo().date_duplicate = fields.Date.context_today(self)
        self._log_write_off(self.env._("Duplicate for the VAT sent"))
