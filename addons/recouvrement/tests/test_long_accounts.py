"""Long accounts: the oldest items are listed, the others are one line and a file."""

import io
import re
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.tests import tagged
from odoo.tools.misc import mute_logger

from .common import RecouvrementCommon

LANGS = {
    "en_US": "and 2 other documents, for a total of",
    "fr_FR": "et 2 autres pièces, pour un total de",
    "nl_NL": "en nog 2 andere documenten, voor een totaal van",
    "de_DE": "sowie 2 weitere Belege, insgesamt",
}
ATTACHED = {
    "en_US": "in the spreadsheet attached to this message",
    "fr_FR": "tableau joint à ce message",
    "nl_NL": "in de bijlage bij dit bericht",
    "de_DE": "dieser Nachricht als Tabelle beigefügt",
}
ON_REQUEST = {
    "en_US": "we will send it to you by e-mail on request",
    "fr_FR": "sur simple demande",
    "nl_NL": "op eenvoudig verzoek",
    "de_DE": "auf Wunsch",
}


def plain(html):
    """Text of a page, on one line, with ordinary spaces."""
    text = re.sub(r"<[^>]*>", " ", str(html))
    return re.sub(r"[\s\xa0\u202f]+", " ", text)


def text_of(reminder):
    return str(reminder.rendered_body)


@tagged("post_install", "-at_install")
class TestLongAccounts(RecouvrementCommon):
    """Lists of at most 3 items; customers have 5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGS:
            cls.env["res.lang"]._activate_lang(lang)
            cls.env["ir.module.module"]._load_module_terms(["recouvrement"], [lang])
        cls.company.write(
            {
                "recouvrement_message_items": 3,
                "recouvrement_statement_items": 4,
                "recouvrement_invoice_copies": 2,
            }
        )
        cls.levels[1].template_id = cls.env.ref("recouvrement.template_l1_email")
        cls.levels[1].letter_template_id = cls.env.ref(
            "recouvrement.template_l1_letter"
        )

    def _propose_five(self, name="Long", credit=0, **vals):
        """Items of 101.01, 202.02… 505.05, the largest the oldest."""
        items = [(101.01 * number, -9 - number) for number in range(1, 6)]
        debtor = self._make_debtor(name, items, **vals)
        if credit:
            self._make_credit_note(debtor.partner_id, credit)
        self._propose()
        return self._reminders(debtor)

    def _send(self, reminder):
        engine = type(self.env["ir.actions.report"])
        with patch.object(engine, "_run_wkhtmltopdf", return_value=b"%PDF-1.4"):
            reminder.action_send_now()

    def _printed_amounts(self, reminder):
        """What the lines of the text and the line of the others add up to."""
        lines = reminder._get_statement_lines()
        total = sum(line["residual"] for line in lines) + reminder.rest_amount
        return reminder.currency_id.round(total)

    def _read_sheet(self, attachment):
        return list(load_workbook(io.BytesIO(attachment.raw)).active.values)

    # == The list ==

    def test_the_oldest_are_listed_and_the_others_are_one_line(self):
        reminder = self._propose_five()
        self.assertEqual(
            [line["residual"] for line in reminder._get_statement_lines()],
            [505.05, 404.04, 303.03],
        )
        self.assertEqual(reminder.rest_count, 2)
        self.assertEqual(reminder.rest_amount, 303.03)
        self.assertEqual(self._printed_amounts(reminder), reminder.amount_net)
        text = plain(reminder.rendered_body)
        self.assertIn("and 2 other documents, for a total of $ 303.03", text)
        [items, _payment] = re.findall(r"<tbody.*?</tbody>", text_of(reminder), re.S)
        self.assertEqual(items.count("<tr"), 3 + 1 + 1)

    def test_nothing_changes_up_to_the_limit(self):
        self.company.recouvrement_message_items = 5
        reminder = self._propose_five()
        self.assertEqual(len(reminder._get_statement_lines()), 5)
        self.assertFalse(reminder._get_rest_label())
        self.assertNotIn("full list", reminder.rendered_body)
        self._send(reminder)
        self.assertFalse(reminder.mail_message_id.attachment_ids)
        self.assertFalse(reminder.contents_note)

    def test_one_more_than_the_limit(self):
        self.company.recouvrement_message_items = 4
        reminder = self._propose_five()
        self.assertIn("and 1 other document $ 101.01", plain(reminder.rendered_body))

    def test_no_list_at_all(self):
        self.company.recouvrement_message_items = 0
        reminder = self._propose_five()
        self.assertFalse(reminder._get_statement_lines())
        self.assertIn(
            "5 documents, for a total of $ 1,515.15", plain(reminder.rendered_body)
        )
        self.assertIn("Amount to pay $ 1,515.15", plain(reminder.rendered_body))

    def test_credits_that_are_not_listed_are_in_the_line_of_the_others(self):
        reminder = self._propose_five(credit=50.5)
        self.assertEqual(reminder.rest_count, 3)
        self.assertEqual(reminder.rest_credit_count, 1)
        self.assertEqual(reminder.rest_amount, 252.53)
        self.assertEqual(self._printed_amounts(reminder), reminder.amount_net)
        text = plain(reminder.rendered_body)
        self.assertIn(
            "and 3 other documents, sums in your favour deducted, for a net total of "
            "$ 252.53",
            text,
        )
        self.assertIn("Credit notes and payments deducted $ -50.50", text)

    def test_currencies_do_not_mix(self):
        dollars = self.company.currency_id
        euros = self.env.ref("base.EUR")
        euros.active = True
        reminder = self._propose_five()
        partner = reminder.debtor_id.partner_id
        for number in range(1, 6):
            self._make_invoice(
                partner, 10 * number, due=-20 - number, currency_id=euros.id
            )
        self._propose()
        reminders = self._reminders(reminder.debtor_id, "proposed")
        rests = {r.currency_id: (r.rest_count, r.rest_amount) for r in reminders}
        self.assertEqual(rests, {dollars: (2, 303.03), euros: (2, 30.0)})

    def test_the_reference_does_not_depend_on_the_list(self):
        self.company.recouvrement_message_items = 0
        debtor = self._make_debtor("One", [(100, -10)])
        self._propose()
        invoice = debtor.partner_id.invoice_ids
        self.assertEqual(
            self._reminders(debtor)._get_reference(), invoice.payment_reference
        )

    def test_an_item_taken_out_by_hand_is_in_no_list(self):
        reminder = self._propose_five()
        reminder.line_ids.filtered(
            lambda line: line.amount_residual == 505.05
        ).action_remove()
        self.assertEqual(
            [line["residual"] for line in reminder._get_statement_lines()],
            [404.04, 303.03, 202.02],
        )
        self.assertEqual(reminder.rest_count, 1)
        self.assertEqual(self._printed_amounts(reminder), reminder.amount_net)

    def test_a_limit_is_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.company.recouvrement_message_items = -1
            self.env.flush_all()
        self.assertIn("recouvrement_list_limits", str(caught.exception))

    def test_queries_do_not_grow_with_the_reminders(self):
        first = self._propose_five("A")
        for name in "BCDEF":
            self._propose_five(name)
        everyone = self.env["recouvrement.reminder"].search(
            [("state", "=", "proposed")]
        )
        counts = []
        for reminders in (first, everyone):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for reminder in reminders:
                reminder._get_statement_lines()
                reminder._get_reference()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(everyone), 6)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # == Languages ==

    def test_the_line_of_the_others_in_every_language(self):
        for lang, words in LANGS.items():
            with self.subTest(lang=lang):
                reminder = self._propose_five(lang, lang=lang)
                text = plain(reminder.rendered_body)
                self.assertIn(words, text)
                self.assertIn(ATTACHED[lang], text)
                reminder.channel = "letter"
                text = plain(reminder.rendered_body)
                self.assertIn(words, text)
                self.assertIn(ON_REQUEST[lang], text)
                self.assertNotIn(ATTACHED[lang], text)

    def test_the_spreadsheet_speaks_the_language_of_the_customer(self):
        headings = {
            "en_US": ("Document", "Due date", "Still due (USD)"),
            "fr_FR": ("Pièce", "Échéance", "Reste dû (USD)"),
            "nl_NL": ("Document", "Vervaldatum", "Openstaand (USD)"),
            "de_DE": ("Beleg", "Fälligkeit", "Offen (USD)"),
        }
        for lang, (document, due, open_amount) in headings.items():
            with self.subTest(lang=lang):
                reminder = self._propose_five(lang, lang=lang)
                labels = [column.label for column in reminder._get_sheet_columns()]
                self.assertEqual(
                    (labels[0], labels[3], labels[-1]), (document, due, open_amount)
                )

    # == What goes along ==

    def test_the_full_list_goes_with_the_message(self):
        reminder = self._propose_five(credit=50.5)
        self._send(reminder)
        self.assertEqual(reminder.mail_message_id.attachment_ids, reminder.annex_id)
        heading, *rows, total = self._read_sheet(reminder.annex_id)
        self.assertEqual(heading[0], "Document")
        self.assertEqual(
            [row[-1] for row in rows], [505.05, 404.04, 303.03, 202.02, 101.01, -50.5]
        )
        self.assertEqual(rows[0][3].date(), self._day(-14))
        self.assertEqual((rows[0][4], rows[-1][3:5]), (14, (None, None)))
        self.assertEqual(rows[-1][1], "Credit note to deduct")
        self.assertEqual(total[-1], reminder.amount_net)
        [mail] = self._deliver()
        [(name, _content, _type)] = mail["attachments"]
        self.assertIn(f"R{reminder.id}", name)

    def test_names_are_never_formulas(self):
        reminder = self._propose_five()
        names = ["=1+1", "+33", "@SUM(A1)", "-2+3", "https://example.com"]
        for line, name in zip(reminder.sudo().line_ids, names, strict=True):
            line.name = name
        content = reminder._make_item_sheet()
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [row[0] for row in sheet.iter_rows(min_row=2, max_row=6)]
        self.assertEqual({cell.value for cell in cells}, set(names))
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
        self.assertFalse([cell for cell in cells if cell.hyperlink])
        self.assertEqual(sheet.freeze_panes, "A2")

    def test_a_statement_that_is_cut_takes_the_full_list_along(self):
        self.company.recouvrement_message_items = 10
        self.levels[1].include_statement = True
        reminder = self._propose_five()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recouvrement.report_reminder_statement", reminder.ids
        )
        text = plain(html.decode())
        self.assertIn("and 1 other document $ 101.01", text)
        self.assertIn("in the spreadsheet that comes with this statement", text)
        self.assertFalse(reminder.rest_count)
        self._send(reminder)
        self.assertIn(reminder.annex_id, reminder.mail_message_id.attachment_ids)
        self.assertEqual(len(reminder.mail_message_id.attachment_ids), 2)

    def test_the_statement_is_cut_into_pages_whatever_the_channel(self):
        self.company.recouvrement_statement_items = 100
        debtor = self._make_debtor("Pages", [(10 + n, -10) for n in range(30)])
        self._propose()
        reminder = self._reminders(debtor)
        self.assertEqual(len(reminder._get_statement_pages()), 1)
        statement = reminder.with_context(reminder_document="statement")
        self.assertEqual(
            [len(page["lines"]) for page in statement._get_statement_pages()], [22, 8]
        )

    def test_copies_of_invoices_are_limited_and_the_history_says_so(self):
        self.levels[1].include_invoices = True
        reminder = self._propose_five()
        self.assertIn(
            "The oldest of these invoices are attached as copies",
            plain(reminder.rendered_body),
        )
        self._send(reminder)
        self.assertEqual(len(reminder.mail_message_id.attachment_ids), 3)
        self.assertEqual(
            reminder.invoice_copy_ids.mapped("amount_total"), [505.05, 404.04]
        )
        self._deliver()
        event = self.env["recouvrement.event"].search(
            [("reminder_id", "=", reminder.id), ("kind", "=", "reminder")]
        )
        self.assertEqual(
            event.detail,
            "Documents listed in the text: 3 of 5. "
            "Copies of invoices attached: 2 of 5.",
        )

    def test_a_list_that_cannot_be_made_fails_its_reminder_alone(self):
        broken, good = self._propose_five("Broken"), self._propose_five("Good")
        make = type(broken)._make_item_sheet

        def make_or_break(reminder):
            if reminder == broken:
                raise ValueError("no room left")
            return make(reminder)

        with (
            patch.object(type(broken), "_make_item_sheet", make_or_break),
            mute_logger("odoo.addons.recouvrement.models.reminder_documents"),
        ):
            (broken + good).action_send_now()
        self.assertEqual((broken.state, good.state), ("failed", "queued"))
        self.assertIn("no room left", broken.failure_reason)

    # == Download ==

    def test_whoever_reads_the_reminder_downloads_its_list(self):
        reminder = self._propose_five()
        reminder.channel = "letter"
        auditor = self._make_user("auditor")
        for _time in range(2):
            action = reminder.with_user(auditor).action_download_items()
        self.assertIn(f"/web/content/{reminder.annex_id.id}", action["url"])
        self.assertEqual(len(self._read_sheet(reminder.annex_id)), 1 + 5 + 1)
        kept = self.env["ir.attachment"].search_count(
            [("res_model", "=", reminder._name), ("res_id", "=", reminder.id)]
        )
        self.assertEqual(kept, 1)
        self.assertTrue(reminder.annex_id.with_user(auditor).raw)

    def test_a_list_that_left_is_the_one_that_is_downloaded(self):
        reminder = self._propose_five()
        self._send(reminder)
        left = reminder.annex_id
        reminder.action_download_items()
        self.assertEqual(reminder.annex_id, left)

    def test_the_call_note_is_short_too(self):
        self.levels[1].channel = "call"
        reminder = self._propose_five()
        reminder.action_send_now()
        note = plain(reminder.activity_id.note)
        self.assertRegex(note, r"and other documents: 2, for a total of \$\S* 303.03")
        self.assertEqual(reminder.activity_id.note.count("<li"), 4)
