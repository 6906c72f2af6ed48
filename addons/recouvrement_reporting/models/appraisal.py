"""The appraisal of a customer or of a prospect on one page."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REPORT = "recouvrement_reporting.report_appraisal"
MONTHS = (12, 24)
READERS = ("collector", "accountant", "auditor", "manager")


class RecouvrementAppraisal(models.AbstractModel):
    """What our own ledger says of a partner: facts, no opinion.

    Salespeople ask for it about their own customers; collectors about those whose
    account they may read and about whoever has no account yet.
    """

    _name = "recouvrement.appraisal"
    _description = "Appraisal of a Customer"

    # ------------------------------------------------------------------
    # FILE
    # ------------------------------------------------------------------

    @api.model
    def _print_pdf(self, partner, company=None, months=None):
        """The appraisal of a partner as a PDF of one page.

        :param company: any company of the legal entity; by default the main one.
        :param int months: months of sales shown, 12 or 24; None: 24 when the older ones
            are not empty.
        :return: ``(content, file name)``.
        :raise AccessError: when it is not for this user.
        """
        company = (company or self.env.company).sudo().root_id
        partner = partner.commercial_partner_id
        self._check_reader(partner, company)
        report = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(
                appraisal_company_id=company.id,
                appraisal_months=months if months in MONTHS else None,
            )
        )
        content, kind = report._render_qweb_pdf(REPORT, res_ids=partner.ids)
        name = self._with_lang(company).env._(
            "Appraisal %(customer)s %(day)s",
            customer=partner.sudo().name,
            day=fields.Date.context_today(self),
        )
        return content, f"{name}.{kind}".replace("/", "-")

    @api.model
    def _get_action(self, partner, company=None):
        """Download the appraisal of a partner.

        :raise AccessError: when it is not for this user.
        """
        company = (company or self.env.company).sudo().root_id
        self._check_reader(partner.commercial_partner_id, company)
        companies = ",".join(str(one) for one in self.env.companies.ids)
        return {
            "type": "ir.actions.act_url",
            "url": (
                f"/recouvrement/appraisal/{partner.commercial_partner_id.id}.pdf"
                f"?company={company.id}&companies={companies}"
            ),
            "target": "download",
        }

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    @api.model
    def _check_reader(self, partner, company):
        """:raise AccessError: when the user may not have this appraisal."""
        partner.check_access("read")
        if company not in self.env.companies.sudo().root_id:
            raise AccessError(self.env._("This company is not one of yours."))
        debtors = self.env["recouvrement.debtor"]
        debtors.check_access("read")
        account = debtors.sudo().search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        if account:
            account.sudo(False).check_access("read")
        elif not self._may_read_prospect(partner):
            raise AccessError(
                self.env._("Only the appraisal of your own customers is for you.")
            )

    @api.model
    def _may_read_prospect(self, partner):
        """Who has no account is seen by whoever is not just a salesperson, and by the
        salesperson of its form."""
        if partner.sudo().user_id == self.env.user:
            return True
        return any(
            self.env.user.has_group(f"recouvrement.group_{role}") for role in READERS
        )

    # ------------------------------------------------------------------
    # CONTENTS
    # ------------------------------------------------------------------

    @api.model
    def _get_docs(self, partners):
        """The appraisals that the report prints, after their reader was checked."""
        context = self.env.context
        company = self.env["res.company"].sudo()
        company = company.browse(context.get("appraisal_company_id")).exists()
        company = (company or self.env.company.sudo()).root_id
        months = context.get("appraisal_months")
        if months not in (None, *MONTHS) or len(partners) != 1:
            raise UserError(self.env._("One customer, over 12 or 24 months."))
        partner = partners.commercial_partner_id
        self.sudo(False)._check_reader(partner.sudo(False), company)
        return [self._with_lang(company)._get_appraisal(partner, company, months)]

    @api.model
    def _with_lang(self, company):
        """In the language of the company: the page circulates within it."""
        lang = company.sudo().partner_id.lang or self.env.user.lang
        return self.with_context(lang=lang)

    @api.model
    def _get_appraisal(self, partner, company, months):
        """Everything that the page shows, as texts and numbers ready to print."""
        appraisal, partner = self.sudo(), partner.sudo()
        facts = appraisal._get_facts(partner, company)
        months = months or MONTHS[any(facts["sales"][: MONTHS[0]])]
        natural = self._is_natural_person(partner)
        rating = None if natural else self._get_appraisal_rating(partner, company)
        return {
            "company": company,
            "partner": partner,
            "lang": self.env.lang,
            "day": facts["today"],
            "user": self.env.user,
            "is_natural": natural,
            "rating": rating,
            "identity": appraisal._get_identity(partner, facts),
            "sales": appraisal._get_sales_block(facts, company, months),
            "ages": appraisal._get_ages_block(facts, company),
            "habits": appraisal._get_habits(facts, company),
            "sentences": appraisal._get_sentences(facts, company),
            "months": months,
        }

    @api.model
    def _is_natural_person(self, partner):
        """Facts only about people: no score, no advice (GDPR, article 22)."""
        return not partner.is_company

    @api.model
    def _get_appraisal_rating(self, partner, company):
        """What a scoring says of a company: a hook; None: nothing is said.

        :return: None or ``(title, text)``.
        """
        return None

    @api.model
    def _get_returned_payments(self, partner, companies, since):
        """Direct debits that came back unpaid since a day: a hook.

        :return: None when they are not followed, else ``(count, amount)``.
        """
        return None
