"""The request form of a change of manager: one page, kept with its fingerprint."""

import hashlib

from odoo import fields, models
from odoo.tools import format_date, format_datetime, formatLang

REPORT = "recouvrement_litige.report_mutation"


class RecouvrementMutation(models.Model):
    _inherit = "recouvrement.mutation"

    def _get_form_lang(self):
        """The form is read by colleagues: in the language of the company."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = self.company_id.sudo().partner_id.lang
        return lang if lang in installed else self.env.lang

    def _make_form(self):
        """Keep the form as it is now; earlier copies stay among the files."""
        mutation = self.sudo()
        mutation.env.flush_all()
        content, kind = mutation.env["ir.actions.report"]._render_qweb_pdf(
            REPORT, res_ids=mutation.ids
        )
        stamp = format_datetime(
            self.env, fields.Datetime.now(), dt_format="yyyyMMdd-HHmm"
        )
        attachment = mutation.env["ir.attachment"].create(
            {
                "name": f"{mutation.name.replace('/', '-')} {stamp}.{kind}",
                "raw": content,
                "res_model": mutation._name,
                "res_id": mutation.id,
            }
        )
        mutation.write(
            {
                "form_id": attachment.id,
                "form_sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        mutation.message_post(
            body=self.env._("Request form"), attachment_ids=attachment.ids
        )

    def action_print(self):
        """The form that was kept, else as it is now."""
        self.ensure_one()
        self.check_access("read")
        if self.form_id and self.state != "draft":
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.form_id.id}?download=true",
                "target": "download",
            }
        return self.env.ref("recouvrement_litige.action_report_mutation").report_action(
            self
        )

    # ------------------------------------------------------------------
    # WHAT THE FORM PRINTS
    # ------------------------------------------------------------------

    def _get_form(self):
        """All that the form prints, in its language."""
        self.ensure_one()
        mutation = self.sudo().with_context(lang=self._get_form_lang())
        return {
            "mutation": mutation,
            "company": mutation.company_id,
            "parts": mutation._get_form_parts(),
            "pieces": mutation._get_form_pieces(),
            "visas": mutation._get_form_visas(),
            "draft": mutation.state == "draft",
        }

    def _get_form_parts(self):
        """Parts of the form: ``(title, [(label, value)])``."""
        env = self.env
        return [
            (env._("Association (debtor, unchanged)"), self._get_association_rows()),
            (env._("Manager before"), self._get_old_rows()),
            (env._("New manager"), self._get_new_rows()),
            (env._("Account on the day of the form"), self._get_account_rows()),
        ]

    def _get_association_rows(self):
        env, customer = self.env, self.customer_id
        return [
            (env._("Name"), customer.name),
            (env._("Customer number"), customer.ref),
            (env._("Address"), self._in_line(customer)),
            (env._("SIRET"), self.siret),
            (env._("Registration number (RNC)"), self.rnc_number),
        ]

    def _get_old_rows(self):
        env, old = self.env, self.old_partner_id
        before = self.date_effect and fields.Date.subtract(self.date_effect, days=1)
        return [
            (env._("Name"), old.name),
            (env._("Address"), old and self._in_line(old)),
            (env._("In office until"), self._day(before)),
        ]

    def _get_new_rows(self):
        env = self.env
        address = self._get_manager_address()
        place = f"{address.pop('zip') or ''} {address.pop('city') or ''}".strip()
        return [
            (env._("Name"), self.manager_name),
            (env._("SIRET"), self.manager_siret),
            (env._("Address"), ", ".join(filter(None, [*address.values(), place]))),
            (env._("In office from"), self._day(self.date_effect)),
            (env._("Appointed by"), self._get_decision()),
            (env._("Person in charge"), self.contact_name),
            (env._("E-mail"), self.manager_email),
            (env._("Phone"), self.manager_phone),
            (env._("E-invoicing address"), self.billing_platform),
            (env._("Direct debit mandate"), self._label("mandate_state")),
        ]

    def _get_account_rows(self):
        env, currency = self.env, self.currency_id
        return [
            (
                env._("Open Amount"),
                formatLang(env, self.open_amount, currency_obj=currency),
            ),
            (
                env._("Overdue"),
                formatLang(env, self.overdue_amount, currency_obj=currency),
            ),
            (env._("Collector"), self.collector_id.name),
            (env._("Remark"), self.note),
        ]

    def _get_decision(self):
        parts = (self._label("decision"), self._day(self.date_decision))
        return ", ".join(filter(None, parts))

    def _get_form_pieces(self):
        """Pieces with their state: ``(name, state, label)``."""
        return [
            (piece.name, piece.state, piece._show_state())
            for piece in self.piece_ids._get_shown()
        ]

    def _get_form_visas(self):
        """Who entered, submitted and validated it, when: ``(step, name, moment)``."""
        env = self.env
        return [
            (env._("Entered by"), self.user_id.name, self._moment(self.create_date)),
            (
                env._("Sent to accounting by"),
                self.submitted_by_id.name,
                self._moment(self.date_submitted),
            ),
            (
                env._("Validated by"),
                self.validated_by_id.name,
                self._moment(self.date_validated),
            ),
        ]

    def _in_line(self, partner):
        text = partner._display_address(without_company=True)
        return ", ".join(row.strip() for row in text.splitlines() if row.strip())

    def _label(self, name):
        field = self._fields[name]
        return dict(field._description_selection(self.env)).get(self[name], "")

    def _day(self, day):
        return format_date(self.env, day) if day else ""

    def _moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else ""


class RecouvrementRequestPiece(models.Model):
    _inherit = "recouvrement.request.piece"

    def _show_state(self):
        field = self._fields["state"]
        return dict(field._description_selection(self.env))[self.state]
