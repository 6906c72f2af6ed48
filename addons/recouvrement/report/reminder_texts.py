"""What the texts of e-mails and letters say about the sender and the addressee."""

from stdnum.fr import siren

from odoo import fields, models
from odoo.tools import SQL, format_date

# Rows of items on the first and on the next pages of a letter: alone, or with the text
# that follows the table.
FIRST_PAGE, NEXT_PAGE = 22, 38
FIRST_PAGE_WITH_TEXT, NEXT_PAGE_WITH_TEXT = 7, 18


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    previous_reminder_date = fields.Date(
        compute="_compute_previous_reminder_date",
        help="Proven sending of the last earlier reminder of the same items.",
    )

    def _compute_previous_reminder_date(self):
        """Only what was really sent may be named in a text: neither tests nor
        failures count, and every item asked must have been in an earlier reminder.
        One query for all reminders."""
        self.env["recouvrement.reminder.line"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT reminder_id, MAX(date_sent)
                  FROM (SELECT mine.reminder_id, mine.id,
                               MAX(earlier.date_sent) AS date_sent
                          FROM recouvrement_reminder_line mine
                          JOIN recouvrement_reminder own ON own.id = mine.reminder_id
                     LEFT JOIN recouvrement_reminder_line theirs
                            ON theirs.move_line_id = mine.move_line_id
                           AND theirs.reminder_id <> mine.reminder_id
                           AND theirs.role IN ('chase', 'recall')
                     LEFT JOIN recouvrement_reminder earlier
                            ON earlier.id = theirs.reminder_id
                           AND earlier.state = 'sent'
                           AND earlier.is_test IS NOT TRUE
                           AND earlier.preventive IS NOT TRUE
                           AND earlier.channel IN ('email', 'letter', 'registered')
                           AND (own.date_sent IS NULL
                                OR earlier.date_sent < own.date_sent)
                         WHERE mine.reminder_id = ANY(%(ids)s)
                           AND mine.role IN ('chase', 'recall')
                      GROUP BY mine.reminder_id, mine.id) item
              GROUP BY reminder_id
                HAVING BOOL_AND(date_sent IS NOT NULL)
                """,
                ids=self.ids,
            )
        )
        dates = dict(self.env.cr.fetchall())
        for reminder in self:
            reminder.previous_reminder_date = dates.get(reminder.id, False)

    def _get_previous_reminder_date(self):
        """Date of the last earlier reminder, formatted, or an empty string."""
        self.ensure_one()
        return self._format_date(self.previous_reminder_date)

    def _get_reference(self):
        """What the debtor should quote: the document's own payment reference when
        one is asked, else the customer's number and ours."""
        self.ensure_one()
        only = self.only_line_id
        if only:
            return only.move_line_id.move_id.payment_reference or only.name
        customer = self.debtor_id.partner_id.ref
        return f"{customer}/R{self.id}" if customer else f"R{self.id}"

    def _get_statement_pages(self):
        """Items of the text, page by page: an unpatched wkhtmltopdf cuts rows in two
        wherever it has to find the page break itself. An e-mail has one page.

        :return: dicts ``lines`` and ``full``: the text goes on the next page.
        """
        self.ensure_one()
        rest = self._get_statement_lines()
        pages, size, with_text = [], FIRST_PAGE, FIRST_PAGE_WITH_TEXT
        if self._is_one_page():
            size = with_text = len(rest)
        while not pages or rest:
            lines, rest = rest[:size], rest[size:]
            pages.append({"lines": lines, "full": len(lines) > with_text})
            size, with_text = NEXT_PAGE, NEXT_PAGE_WITH_TEXT
        return pages

    def _is_one_page(self):
        return self.channel == "email" and not self._is_statement()

    def _is_statement(self):
        """Whether the statement is being written, not the message or letter."""
        return self.env.context.get("reminder_document") == "statement"

    def _get_bank_details(self):
        """Account to pay to: the company's first one in the currency asked, or
        without a currency.

        :return: dict ``holder, number, bic``, empty when the company has none.
        """
        self.ensure_one()
        return self.company_id._get_collection_account(self.currency_id)

    def _get_sender_contact(self):
        """Who writes: ``name, phone, email`` of the collector, else of the company,
        and the ``signatory`` of letters."""
        self.ensure_one()
        company = self.company_id.sudo()
        collector = self.collector_id.sudo()
        name = collector.name or company.name
        return {
            "name": name,
            "phone": collector.partner_id.phone or company.phone or "",
            "email": collector.email or company.email or "",
            "signatory": company.recouvrement_signatory or name,
        }

    def _get_sender_identity(self):
        """Letterhead and address window, as lines ready to print.

        :return: dict ``address, siren`` of the company, ``addressee, attention,
            customer_ref`` of the debtor, place and ``date`` in full.
        """
        self.ensure_one()
        debtor = self.debtor_id.partner_id
        contact = self.partner_id or debtor
        person = contact.name if contact != debtor and contact.name else ""
        return {
            "address": self._get_address_lines(self.company_id.sudo().partner_id),
            "siren": self._get_siren(self.company_id.sudo()),
            "addressee": [debtor.name, *self._get_address_lines(contact)],
            "attention": person,
            "customer_ref": debtor.ref or "",
            "date": self._get_letter_date(),
        }

    def _get_letter_date(self):
        day = format_date(
            self.env,
            self.date_queued or fields.Datetime.now(),
            lang_code=self.lang,
            date_format="long",
        )
        city = self.company_id.city
        if not city:
            return day
        env = self.with_context(lang=self.lang).env
        return env._("%(city)s, %(date)s", city=city, date=day)

    def _get_address_lines(self, partner):
        """Postal lines without the name; the country only when it is abroad, in
        capitals and in the language of the country of posting."""
        home = self.company_id.country_id
        lang = self.company_id.partner_id.lang or self.lang
        partner = partner.with_context(lang=lang)
        text = partner._display_address(without_company=True)
        rows = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
        country = partner.country_id
        if country and rows and rows[-1] == country.name:
            rows = rows[:-1] if country == home else [*rows[:-1], country.name.upper()]
        return rows

    @staticmethod
    def _get_siren(company):
        """SIREN of a French company, from its registry number or its VAT number."""
        if company.country_id.code != "FR":
            return ""
        for number in (company.company_registry, (company.vat or "")[-9:]):
            digits = "".join(filter(str.isdigit, number or ""))[:9]
            if siren.is_valid(digits):
                return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
        return ""
