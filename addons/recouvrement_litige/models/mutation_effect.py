"""What a validated change of manager does: the dated representative, the contacts of
the association, billing, and the account sent to the new manager."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, format_date


class RecouvrementMutation(models.Model):
    _inherit = "recouvrement.mutation"

    # ------------------------------------------------------------------
    # REPRESENTATIVE
    # ------------------------------------------------------------------

    def _write_representative(self):
        """The new manager from its day on; the former one leaves the day before. In
        sudo: both people were checked."""
        mutation = self.sudo()
        manager = mutation._take_manager()
        before = fields.Date.subtract(mutation.date_effect, days=1)
        leaving = mutation.debtor_id.representative_ids.filtered(
            lambda one: not one.date_to or one.date_to > before
        )
        leaving.write({"date_to": before})
        leaving.flush_recordset()
        proofs = mutation.piece_ids._get_shown().attachment_ids
        representative = mutation.env["recouvrement.representative"].create(
            {
                "debtor_id": mutation.debtor_id.id,
                "kind": mutation.representative_kind,
                "partner_id": manager.id,
                "contact_id": mutation._take_person(manager).id,
                "date_from": mutation.date_effect,
                "mutation_id": mutation.id,
                "proof_ids": [fields.Command.set(proofs.ids)],
            }
        )
        mutation.write(
            {"representative_id": representative.id, "new_partner_id": manager.id}
        )
        mutation._write_association()

    def _take_manager(self):
        """The partner of the new manager: chosen, found by its SIRET, or created."""
        manager = self.new_partner_id.commercial_partner_id or self._find_manager()
        if manager:
            return manager
        customer = self.customer_id
        return self.env["res.partner"].create(
            {
                "name": self.manager_name,
                "is_company": True,
                "company_registry": self.manager_siret,
                "lang": customer.lang,
                "country_id": customer.country_id.id,
                **self._get_manager_address(),
                "email": self.manager_email,
                "phone": self.manager_phone,
            }
        )

    def _get_manager_address(self):
        return {
            "street": self.manager_street,
            "street2": self.manager_street2,
            "zip": self.manager_zip,
            "city": self.manager_city,
        }

    def _take_person(self, manager):
        """Who is written to at the manager's: a person of its own, when one is named
        or has another address."""
        same = email_normalize(manager.email or "") == email_normalize(
            self.manager_email or ""
        )
        if same and not self.contact_name:
            return manager.browse()
        name = self.contact_name or self.customer_id.name
        found = manager.child_ids.filtered(
            lambda p: (
                p.name == name
                and email_normalize(p.email or "")
                == email_normalize(self.manager_email)
            )
        )
        return found[:1] or manager.create(
            {
                "parent_id": manager.id,
                "type": "other",
                "name": name,
                "lang": manager.lang,
                "country_id": manager.country_id.id or self.customer_id.country_id.id,
                **self._get_manager_address(),
                "email": self.manager_email,
                "phone": self.manager_phone,
            }
        )

    def _write_association(self):
        """Its numbers, where they were missing or are new."""
        values = {"rnc_number": self.rnc_number, "company_registry": self.siret}
        customer = self.customer_id
        changed = {k: v for k, v in values.items() if v and v != customer[k]}
        if changed:
            customer.write(changed)

    # ------------------------------------------------------------------
    # ON THE DAY
    # ------------------------------------------------------------------

    @api.model
    def _cron_apply(self):
        """Managers who take office today: contacts change, the account is sent."""
        domain = [
            ("state", "=", "validated"),
            ("date_applied", "=", False),
            ("date_effect", "<=", fields.Date.context_today(self)),
        ]
        mutations = self.search(domain, order="date_effect, id")
        self.env["ir.cron"]._commit_progress(remaining=len(mutations))
        for mutation in mutations:
            mutation = mutation.try_lock_for_update().filtered_domain(domain)
            if mutation:
                mutation._apply()
                if not self.env["ir.cron"]._commit_progress(1):
                    break

    def _apply(self):
        """What happens on the day the manager takes office."""
        mutation = self.sudo()
        mutation.date_applied = fields.Date.context_today(self)
        mutation._update_contacts()
        self.debtor_id._mark_dirty_debtors(self.debtor_id.ids)
        self._send_account()

    def _update_contacts(self):
        """Invoices go to the new manager; contacts of the former one are put away: a
        hook. Letters that were sent keep who they were sent to."""
        customer, debtor = self.customer_id, self.debtor_id
        if self.archives_contacts:
            customer.child_ids.filtered(
                lambda p: p.type in ("invoice", "collection") and not p.user_ids
            ).write({"active": False})
        if debtor.collection_contact_id:
            debtor.collection_contact_id = False
        customer.create(
            {
                "parent_id": customer.id,
                "type": "invoice",
                "name": self.manager_name,
                "lang": customer.lang,
                "country_id": customer.country_id.id,
                **self._get_manager_address(),
                "email": self.manager_email,
                "phone": self.manager_phone,
            }
        )
        waiting = self.env["recouvrement.reminder"].search(
            [
                ("debtor_id", "=", debtor.id),
                ("state", "in", ("proposed", "approved")),
            ]
        )
        waiting._address_to_representative()

    # ------------------------------------------------------------------
    # ACCOUNT SENT
    # ------------------------------------------------------------------

    def action_send_account(self):
        """Send the statement and the open invoices to the manager again."""
        self.ensure_one()
        self.check_access("write")
        self._send_account()
        return True

    def _send_account(self):
        """Statement and copies of the open invoices to the new manager; what stands in
        the way is kept, because the change is validated."""
        self.ensure_one()
        debtor, mutation = self.debtor_id, self.sudo()
        partner = mutation.representative_id._get_addressee()
        obstacle = debtor._get_mail_obstacle(partner)
        mutation.document_obstacle = obstacle
        if obstacle:
            return
        what = {"statement": True}
        lines = self._get_open_invoices()
        if mutation.with_invoices and lines:
            what["duplicates"] = lines
        lang = debtor._get_mail_lang(partner)
        attachments = debtor.sudo()._make_documents(lang=lang, **what)
        subject, body = debtor._render_document_mail(
            lang,
            answer=self._get_welcome(lang),
            **debtor.sudo()._describe_documents(**what),
        )
        debtor._send_documents(partner, attachments, subject, body)
        mutation.date_documents = fields.Date.context_today(self)

    def _get_open_invoices(self):
        """Items whose invoices are copied, the oldest first, in sudo."""
        items = self.env["recouvrement.open.item"].sudo()
        found = items.search(
            [("debtor_id", "=", self.debtor_id.id), ("kind", "=", "invoice")]
        )
        return found.move_line_id

    def _get_welcome(self, lang):
        """Words to the new manager, in its language."""
        mutation = self.sudo().with_context(lang=lang)
        return mutation.env._(
            "We have noted that %(manager)s acts for %(association)s from %(day)s. The "
            "debtor stays the association: what is due before that day stays due, with "
            "its due dates.",
            manager=mutation.manager_name,
            association=mutation.customer_id.name,
            day=format_date(mutation.env, mutation.date_effect, lang_code=lang),
        )

    # ------------------------------------------------------------------
    # COLLEAGUES
    # ------------------------------------------------------------------

    def _inform_billing(self):
        """An activity with the facts for billing, and one for the mandate."""
        kind = self.env["recouvrement.request.type"]._get_type("mutation")
        user = kind._get_informed(self.company_id)
        self._tell(
            user,
            self.env._("New manager: bill %s", self.sudo().customer_id.name),
            self._get_billing_facts(),
        )
        if self.mandate_state == "asked":
            self._tell(
                self.sudo().collector_id or user,
                self.env._("Direct debit mandate to be signed again"),
                Markup("<p>%s</p>") % self._describe(),
            )

    def _tell(self, user, summary, note):
        if not user:
            return
        readable = self.with_user(user).has_access("read")
        target = self if readable else self.customer_id
        target.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=user.id,
            date_deadline=max(self.date_effect, fields.Date.context_today(self)),
        )

    def _get_billing_facts(self):
        """How invoices are to be addressed from now on."""
        mutation = self.sudo()
        rows = [
            self._describe(),
            self.env._(
                "Invoice: %(association)s, represented by its property manager "
                "%(manager)s.",
                association=mutation.customer_id.name,
                manager=mutation.manager_name,
            ),
            ", ".join(filter(None, self._get_manager_address().values())),
            mutation.manager_email,
            mutation.billing_platform,
        ]
        return Markup("<br/>").join(filter(None, rows))
