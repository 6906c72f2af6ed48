"""What customers read: every text, language and legal regime."""

import re
from pathlib import Path
from unittest.mock import patch

import polib

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools.translate import html_translate, xml_translate

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

LANGS = ("fr_FR", "nl_NL", "de_DE")
ALL_LANGS = ("en_US", *LANGS)
REGIMES = ("fr_b2b", "fr_public", "fr_consumer", "fr_non_professional", "other")
BLOCKS = (
    "reminder_items_table",
    "reminder_law",
    "reminder_reply",
    "reminder_payment",
    "reminder_closing",
    "report_reminder_letter_document",
)
INDEMNITY, RATE = "40,00 €", "12,40 %"
# What only a debtor who trades may be told (droit: C. com. L441-10, D441-5).
TRADE_ONLY = re.compile(
    r"40,00|12,40|441-10|441-5|pénalité|indemnité forfaitaire|frais de re"
    r"|penalt|indemnity|recovery cost|vertragingsrente|invorderingskosten"
    r"|Beitreibung",
    re.IGNORECASE,
)
# Nobody may be led to believe that a bailiff writes (C. pén. 433-13).
IMITATION = re.compile(
    r"sommation|\bsaisie\b|huissier|commissaire de justice|dernier avis|sommeren"
    r"|deurwaarder|beslag|Gerichtsvollzieher|Pfändung|bailiff|seizure|last notice",
    re.IGNORECASE,
)
FRENCH_LAW = re.compile(
    r"\b(articles?|artikel(en)?) (L\. |R\. |D\. )?\d|code (civil|de commerce)"
    r"|civil code|commercial code|chorus|surendettement|injonction",
    re.IGNORECASE,
)
FORMAL_NOTICE = {
    "en_US": "formal notice",
    "fr_FR": "mettons en demeure",
    "nl_NL": "stellen wij u in gebreke",
    "de_DE": "in Verzug",
}
EIGHT_DAYS = {
    "en_US": "within eight days of receipt",
    "fr_FR": "huit jours à compter de sa réception",
    "nl_NL": "binnen acht dagen na ontvangst",
    "de_DE": "innerhalb von acht Tagen nach Zugang",
}


def plain(markup):
    """Visible text of a rendered body, with ordinary spaces."""
    text = re.sub(r"<[^>]+>", " ", str(markup))
    text = text.replace("&nbsp;", " ").replace("&amp;", "&")
    return " ".join(re.sub(r"[\u00a0\u202f]", " ", text).split())


def terms(translate, source):
    found = []
    translate(lambda term: found.append(term), source)
    return {term for term in found if re.search(r"[A-Za-z]{3}", term)}


class TextsCommon(AccountTestInvoicingCommon):
    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref("recouvrement.group_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGS:
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"]._load_module_terms(
            ["recouvrement"], list(LANGS), overwrite=True
        )
        cls.company = cls.env.company
        cls.company.write(
            {
                "name": "Atelier Sénard",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                "company_registry": "73282932000074",
                "recouvrement_signatory": "Claire Martin, responsable crédit",
            }
        )
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR1420041010050500013M02606",
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Boulangerie Dubois",
                "ref": "C0042",
                "is_company": True,
                "street": "12 rue des Lilas",
                "zip": "69003",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                "email": "compta@dubois.example",
            }
        )
        cls.templates = cls.env["mail.template"].search(
            [("model", "=", "recouvrement.reminder")]
        )
        cls.debtor = cls._get_debtor(cls.customer)
        cls.policy = cls.env["recouvrement.dunning.policy"].create({"name": "Test"})
        cls.levels = cls.env["recouvrement.dunning.level"].create(
            [
                {
                    "policy_id": cls.policy.id,
                    "name": f"Level {rank}",
                    "rank": rank,
                    "delay_days": 10 * rank if rank else -10,
                    "channel": "letter",
                    "template_id": cls._template(
                        f"l{rank}_letter" if rank else "preventive_email"
                    ).id,
                    "is_formal_notice": rank == 4,
                }
                for rank in range(5)
            ]
        )

    @classmethod
    def _get_debtor(cls, partner):
        debtors = cls.env["recouvrement.debtor"].sudo()
        values = {"partner_id": partner.id, "company_id": cls.company.id}
        domain = [(field, "=", value) for field, value in values.items()]
        return debtors.search(domain) or debtors.create(values)

    @classmethod
    def _template(cls, name):
        return cls.env.ref(f"recouvrement.template_{name}")

    @classmethod
    def _create_item(cls, amount, move_type="out_invoice", partner=None):
        move = cls.init_invoice(
            move_type,
            partner=partner or cls.customer,
            invoice_date="2026-01-10",
            amounts=[amount],
            post=True,
        )
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )[:1]

    @classmethod
    def _create_reminder(cls, items, rank=1, channel="letter", **values):
        level = cls.levels[rank]
        lines = [
            {
                "move_line_id": item.id,
                "debtor_id": cls.debtor.id,
                "company_id": cls.company.id,
                "currency_id": item.currency_id.id,
                "name": item.move_id.name,
                "document_date": item.move_id.date,
                "date_due": item.date_maturity,
                "days_overdue": 30,
                "amount": item.amount_currency,
                "amount_residual": item.amount_residual_currency,
                "role": "chase" if item.balance > 0 else "credit",
                "rank": rank,
            }
            for item in items
        ]
        due = sum(line["amount_residual"] for line in lines if line["role"] == "chase")
        net = sum(line["amount_residual"] for line in lines)
        return (
            cls.env["recouvrement.reminder"]
            .sudo()
            .create(
                {
                    "debtor_id": cls.debtor.id,
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "currency_id": items[0].currency_id.id,
                    "policy_id": cls.policy.id,
                    "level_id": level.id,
                    "rank": rank,
                    "channel": channel,
                    "preventive": not rank,
                    "collector_id": cls.env.user.id,
                    "amount_due": due,
                    "amount_credit": due - net,
                    "amount_net": net,
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    def _speak(self, lang, partner=None):
        (partner or self.customer).lang = lang

    def _patch_law(self, regime, indemnity=INDEMNITY, rate=RATE):
        model = type(self.env["recouvrement.reminder"])
        figures = {"fixed_indemnity": indemnity, "penalty_rate": rate}
        self.enterContext(patch.object(model, "_get_regime", lambda self: regime))
        self.enterContext(
            patch.object(model, "_get_legal_values", lambda self: figures)
        )

    def _render(self, template, reminder, field="body_html"):
        rendered = template._render_field(field, reminder.ids, compute_lang=True)
        return plain(rendered[reminder.id])


@tagged("post_install", "-at_install")
class TestTexts(TextsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_item(1234.56)
        cls.reminder = cls._create_reminder(cls.invoice)

    def _each_text(self, regime, langs=ALL_LANGS):
        """Every text by its own channel: ``(xmlid, lang, text)``."""
        self._patch_law(regime)
        names = self.templates.get_external_id()
        for lang in langs:
            self._speak(lang)
            for template in self.templates:
                name = names[template.id]
                self.reminder.channel = "letter" if "_letter" in name else "email"
                yield name, lang, self._render(template, self.reminder)

    def test_all_the_wanted_texts_exist(self):
        names = ["template_preventive_email"]
        for family in ("", "_consumer", "_public"):
            names += [f"template_l{rank}_email{family}" for rank in (1, 2, 3)]
            names += [f"template_l{rank}_letter{family}" for rank in (1, 2, 3, 4)]
            names.append(f"template_l4_formal{family}")
        for name in names:
            self.assertIn(self.env.ref(f"recouvrement.{name}"), self.templates)

    def test_every_text_asks_the_net_amount_in_every_language_and_regime(self):
        for regime in REGIMES:
            for name, lang, text in self._each_text(regime):
                where = (name, lang, regime)
                amount = plain(self.reminder._format_amount(self.reminder.amount_net))
                self.assertIn(amount, text, where)
                self.assertIn(self.reminder._get_reference(), text, where)
                self.assertIn("FR14 2004 1010 0505 0001 3M02 606", text, where)
                self.assertNotRegex(text, r"t-out|t-if|\{\{|\bFalse\b|\bNone\b")
                self.assertNotRegex(text, IMITATION, where)
                if regime != "fr_b2b":
                    self.assertNotRegex(text, TRADE_ONLY, where)
                if regime == "other":
                    self.assertNotRegex(text, FRENCH_LAW, where)
                if "_l4_" in name:
                    self.assertIn(FORMAL_NOTICE[lang], text, where)
                    self.assertIn(EIGHT_DAYS[lang], text, where)
                    self.assertEqual("1344" in text, regime != "other", where)

    def test_legal_interest_is_announced_from_the_formal_notice_only(self):
        for regime in ("fr_consumer", "fr_non_professional"):
            for name, _lang, text in self._each_text(regime, ["fr_FR"]):
                announced = "taux légal" in text
                self.assertEqual(announced, "_l3_" in name or "_l4_" in name, name)
                if "_l3_" in name:
                    self.assertIn("d’une mise en demeure, et non avant", text)

    def test_a_trader_is_told_what_the_law_gives_from_the_second_level(self):
        for name, _lang, text in self._each_text("fr_b2b", ["fr_FR"]):
            if re.search(r"_l[234]_(email|letter|formal)$", name):
                self.assertIn("article L. 441-10 du Code de commerce", text, name)
                self.assertIn(f"indemnité forfaitaire de {INDEMNITY}", text, name)
                self.assertIn(f"Le taux applicable est de {RATE}.", text, name)
            elif "_l1_" in name or "preventive" in name:
                self.assertNotRegex(text, TRADE_ONLY, name)

    def test_public_bodies_are_asked_for_the_progress_of_the_file(self):
        for name, _lang, text in self._each_text("fr_public", ["fr_FR"]):
            if "public" in name or "preventive" in name:
                self.assertIn("mandatement", text, name)
                self.assertIn("Chorus Pro", text, name)

    def test_a_figure_that_is_not_known_is_left_out(self):
        self._patch_law("fr_b2b", indemnity=False, rate=False)
        self._speak("fr_FR")
        text = self._render(self._template("l3_letter"), self.reminder)
        self.assertIn("pénalités de retard", text)
        self.assertNotIn("indemnité", text)
        self.assertNotIn("taux applicable", text)

    def test_no_english_is_left_in_the_other_languages(self):
        for template in self.templates:
            for lang in LANGS:
                english = template.with_context(lang="en_US")
                other = template.with_context(lang=lang)
                with self.subTest(text=english.name, lang=lang):
                    self.assertNotEqual(english.subject, other.subject)
                    self.assertFalse(
                        terms(html_translate, english.body_html)
                        & terms(html_translate, other.body_html)
                    )

    def test_no_english_is_left_in_the_shared_blocks(self):
        same = {"IBAN", "BIC", "SIREN", "Date", "Document", "Tel."}
        for block in BLOCKS:
            view = self.env.ref(f"recouvrement.{block}")
            english = terms(xml_translate, view.with_context(lang="en_US").arch_db)
            for lang in LANGS:
                other = terms(xml_translate, view.with_context(lang=lang).arch_db)
                with self.subTest(block=block, lang=lang):
                    self.assertFalse((english & other) - same)

    def test_catalogues_are_filled_and_keep_the_placeholders(self):
        folder = Path(__file__).parents[1] / "i18n"
        for lang in ("nl", "de"):
            catalogue = polib.pofile(str(folder / f"{lang}.po"))
            self.assertTrue(catalogue)
            for entry in catalogue:
                with self.subTest(lang=lang, term=entry.msgid):
                    self.assertTrue(entry.msgstr)
                    self.assertFalse(entry.fuzzy)
                    holes = r't-out="[^"]*"|\{\{.*?\}\}|%\(\w+\)s'
                    self.assertEqual(
                        sorted(re.findall(holes, entry.msgid)),
                        sorted(re.findall(holes, entry.msgstr)),
                    )

    def test_a_text_suits_the_channel_it_goes_by(self):
        """A level's e-mail text also serves as letter when the channel changes."""
        self._speak("fr_FR")
        for channel, answer, farewell in (
            ("email", "répondre à ce message", "Bien cordialement"),
            ("letter", "aux coordonnées ci-dessous", "Nous vous prions d’agréer"),
        ):
            self.reminder.channel = channel
            for name in ("l1_email", "l1_letter"):
                text = self._render(self._template(name), self.reminder)
                self.assertIn(answer, text)
                self.assertIn(farewell, text)

    def test_credits_are_shown_and_counted(self):
        items = [self.invoice, self._create_item(234.56, "out_refund")]
        reminder = self._create_reminder(items)
        self._speak("fr_FR")
        text = self._render(self._template("l1_email"), reminder)
        self.assertIn(plain(reminder._format_amount(1000.0)), text)
        self.assertIn(items[1].move_id.name, text)
        self.assertIn("Avoirs et règlements déduits", text)
        self.assertIn(plain(reminder._format_amount(-234.56)), text)

    def test_one_item_is_quoted_by_its_own_reference(self):
        move = self.invoice.move_id
        self.assertEqual(
            self.reminder._get_reference(), move.payment_reference or move.name
        )
        both = self._create_reminder([self.invoice, self._create_item(10)])
        self.assertEqual(both._get_reference(), f"C0042/R{both.id}")

    def test_only_a_proven_earlier_reminder_is_named(self):
        self._speak("fr_FR")
        later = self._create_reminder(self.invoice, rank=2)
        for state, test, preventive, named in (
            ("failed", False, False, False),
            ("sent", True, False, False),
            ("sent", False, True, False),
            ("sent", False, False, True),
        ):
            self.reminder.write(
                {
                    "state": state,
                    "is_test": test,
                    "preventive": preventive,
                    "date_sent": "2026-02-20" if state == "sent" else False,
                }
            )
            later.invalidate_recordset(["previous_reminder_date"])
            text = self._render(self._template("l2_letter"), later)
            with self.subTest(state=state, test=test, preventive=preventive):
                self.assertEqual("Notre relance du 20/02/2026" in text, named)

    def test_subject_names_the_company_and_the_reference(self):
        for lang in ALL_LANGS:
            self._speak(lang)
            for template in self.templates:
                subject = self._render(template, self.reminder, "subject")
                with self.subTest(lang=lang, text=template.name):
                    self.assertIn(self.reminder._get_reference(), subject)
                    if "letter" not in template.get_external_id()[template.id]:
                        self.assertIn("Atelier Sénard", subject)

    def test_the_account_is_in_the_currency_asked_and_may_be_missing(self):
        bank = self.company.partner_id.bank_ids
        bank.currency_id = self.env.ref("base.CHF")
        self.assertFalse(self.reminder._get_bank_details())
        self._speak("fr_FR")
        text = self._render(self._template("l1_letter"), self.reminder)
        self.assertIn("Pour régler", text)
        self.assertNotIn("IBAN", text)
        bank.currency_id = self.reminder.currency_id
        self.assertEqual(self.reminder._get_bank_details()["holder"], "Atelier Sénard")


@tagged("post_install", "-at_install")
class TestLetters(TextsCommon):
    REPORT = "recouvrement.report_reminder_letter"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_item(1234.56)

    def _print(self, reminders):
        reports = self.env["ir.actions.report"]
        html, _kind = reports._render_qweb_html(self.REPORT, reminders.ids)
        return html.decode() if isinstance(html, bytes) else str(html)

    def test_letter_has_its_window_subject_and_date_in_every_language(self):
        reminder = self._create_reminder(
            self.invoice, date_queued=fields.Datetime.to_datetime("2026-11-22 09:00")
        )
        dates = {
            "en_US": "Lyon, November 22, 2026",
            "fr_FR": "Lyon, le 22 novembre 2026",
            "nl_NL": "Lyon, 22 november 2026",
            "de_DE": "Lyon, den 22. November 2026",
        }
        for lang in ALL_LANGS:
            self._speak(lang)
            html = self._print(reminder)
            with self.subTest(lang=lang):
                self.assertEqual(html.count('class="rec_window"'), 1)
                window = plain(html.split('class="rec_window"')[1])
                self.assertRegex(
                    window, "Boulangerie Dubois 12 rue des Lilas 69003 Lyon"
                )
                self.assertIn(dates[lang], plain(html))
                self.assertIn("SIREN 732 829 320", plain(html))
                self.assertIn("Claire Martin, responsable crédit", html)
                self.assertNotIn("TEST", html)

    def test_registered_letter_says_so_with_its_number(self):
        reminder = self._create_reminder(
            self.invoice, 4, "registered", tracking_number="2C 123 456 7890 1"
        )
        self._speak("fr_FR")
        text = plain(self._print(reminder))
        self.assertIn("Lettre recommandée avec avis de réception", text)
        self.assertIn("N° 2C 123 456 7890 1", text)
        self.assertIn("Mise en demeure de payer", text)
        reminder.channel = "letter"
        self.assertNotIn("Lettre recommandée", plain(self._print(reminder)))

    def test_a_test_letter_is_marked(self):
        self._speak("fr_FR")
        reminder = self._create_reminder(self.invoice, is_test=True)
        self.assertIn("TEST – non envoyé au client", plain(self._print(reminder)))

    def test_a_text_edited_by_hand_is_printed_as_it_is(self):
        self._speak("fr_FR")
        reminder = self._create_reminder(
            self.invoice, subject="Mon objet", body="<p>Mon texte à moi.</p>"
        )
        text = plain(self._print(reminder))
        self.assertIn("Mon objet", text)
        self.assertIn("Mon texte à moi.", text)
        self.assertNotIn("simple oubli", text)

    def test_a_letter_to_somebody_names_that_person_and_the_country_abroad(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Léa Petit",
                "parent_id": self.customer.id,
                "type": "other",
                "street": "Hauptstraße 5",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref("base.de").id,
                "lang": "fr_FR",
            }
        )
        self.company.partner_id.lang = "fr_FR"
        reminder = self._create_reminder(self.invoice, partner_id=contact.id)
        window = plain(self._print(reminder).split('class="rec_window"')[1])
        self.assertRegex(
            window,
            "Boulangerie Dubois À l’attention de Léa Petit Hauptstraße 5 10115 Berlin"
            " ALLEMAGNE",
        )

    def test_letters_come_in_the_order_of_the_post(self):
        places = [("be", "1000"), ("fr", "75002"), ("fr", "13001"), ("de", "10115")]
        reminders = self.env["recouvrement.reminder"]
        for country, code in places:
            partner = self.customer.copy(
                {
                    "name": f"Client {country}{code}",
                    "zip": code,
                    "country_id": self.env.ref(f"base.{country}").id,
                }
            )
            reminders += self._create_reminder(self.invoice, partner_id=partner.id)
        values = self.env[f"report.{self.REPORT}"]._get_report_values(reminders.ids)
        self.assertEqual(
            values["docs"].partner_id.mapped("zip"), ["13001", "75002", "1000", "10115"]
        )

    def test_many_letters_in_several_languages_are_one_document(self):
        reminders = self.env["recouvrement.reminder"]
        for lang in ALL_LANGS:
            partner = self.customer.copy({"lang": lang})
            reminders += self._create_reminder(self.invoice, partner_id=partner.id)
        html = self._print(reminders)
        self.assertEqual(html.count('class="article"'), 1)
        self.assertEqual(html.count('class="rec_letter"'), 4)
        self.assertEqual(html.count("page-break-before: always"), 3)
        for words in ("Yours faithfully", "d’agréer", "Hoogachtend", "Grüßen"):
            self.assertIn(words, html)

    def test_a_long_list_is_cut_into_pages(self):
        items = [self._create_item(10 + number) for number in range(45)]
        reminder = self._create_reminder(items)
        pages = reminder._get_statement_pages()
        self.assertEqual([len(page["lines"]) for page in pages], [22, 23])
        self.assertEqual([page["full"] for page in pages], [True, True])
        html = self._print(reminder)
        self.assertEqual(html.count("page-break-before: always"), 1)
        self.assertEqual(html.count("page-break-after: always"), 1)
        for item in items:
            self.assertIn(item.move_id.name, html)
        reminder.channel = "email"
        self.assertEqual(len(reminder._get_statement_pages()), 1)

    def test_one_run_of_the_engine_prints_many_letters(self):
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed")
        reminders = self.env["recouvrement.reminder"]
        for _number in range(3):
            reminders += self._create_reminder(self.invoice)
        engine = type(reports)._run_wkhtmltopdf
        bodies = []

        def run(self, documents, *args, **kwargs):
            bodies.extend(documents)
            return engine(self, documents, *args, **kwargs)

        with (
            patch.object(type(reports), "_run_wkhtmltopdf", run),
            self.allow_pdf_render(),
        ):
            pdf, kind = reports.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(self.REPORT, reminders.ids)
        self.assertEqual(kind, "pdf")
        self.assertEqual(pdf[:4], b"%PDF")
        self.assertEqual(len(bodies), 1)
