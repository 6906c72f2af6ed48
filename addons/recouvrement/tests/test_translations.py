"""The catalogues say everything the addon says."""

import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from ..tools.fec import FecIssue
from ..tools.fec.dialect import _SIGNATURES as SIGNATURES

FOLDER = Path(__file__).parents[1] / "i18n"
HOLES = re.compile(
    r"%(?:\(\w+\))?[sd]|\{\{.*?\}\}|</?\w+|t-out=\"[^\"]*\"|t-call=\"[^\"]*\""
)
# What customers read, also in the languages that the screens are not in.
CUSTOMER_TEXTS = re.compile(
    r"model:mail\.template,(subject|body_html):"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement\.(report_)?reminder_(?!activity)"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement\."
    r"(report_)?(interest_account|write_off_duplicate|debtor_statement)"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement\.(report_)?plan_(agreement|mail)"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement\.(portal|relay)_(?!activity)"
    r"|model:ir\.model\.fields\.selection,name:"
    r"recouvrement\.selection__recouvrement_relay__answer_outcome__"
    r"|code:addons/recouvrement/(report/|controllers/|static/src/portal/)"
    r"|code:addons/recouvrement/models/(interest_explain|plan_signature)"
    r"|code:addons/recouvrement/wizards/interest_detail_"
)
SAME_EVERYWHERE = {"BIC", "IBAN", "SIREN"}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(False, ["recouvrement"], buffer, "po", cls.env)
        inherited = cls._get_inherited_fields()
        cls.terms = {}
        for entry in polib.pofile(buffer.getvalue().decode()):
            places = {place for place, _line in entry.occurrences}
            if {place.rpartition(".")[2] for place in places} - inherited:
                cls.terms[entry.msgid] = places
        cls.catalogues = {
            lang: polib.pofile(str(FOLDER / f"{lang}.po"))
            for lang in ("fr", "nl", "de")
        }
        cls.template = polib.pofile(str(FOLDER / "recouvrement.pot"))

    @classmethod
    def _get_inherited_fields(cls):
        """Names of the fields that other addons put on our models."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", "recouvrement"), ("model", "=", "ir.model.fields")]
        )
        names = dict(zip(data.mapped("res_id"), data.mapped("name"), strict=True))
        return {
            names[field.id]
            for field in cls.env["ir.model.fields"].browse(names)
            if "recouvrement" not in cls.env[field.model]._fields[field.name]._modules
        }

    def _translated(self, lang):
        return {entry.msgid for entry in self.catalogues[lang] if entry.msgstr.strip()}

    def _customer_terms(self):
        return {
            term
            for term, places in self.terms.items()
            if any(CUSTOMER_TEXTS.match(place) for place in places)
        } - SAME_EVERYWHERE

    def test_the_export_finds_the_terms_of_the_addon(self):
        self.assertIn("Propose Reminders", self.terms)
        self.assertGreater(len(self._customer_terms()), 60)

    def test_every_term_has_its_french(self):
        self.assertFalse(set(self.terms) - self._translated("fr"))

    def test_the_template_of_catalogues_is_up_to_date(self):
        self.assertFalse(set(self.terms) - {entry.msgid for entry in self.template})

    def test_customer_texts_are_in_every_language(self):
        for lang in self.catalogues:
            with self.subTest(lang=lang):
                self.assertFalse(self._customer_terms() - self._translated(lang))

    def test_placeholders_and_tags_are_those_of_the_source(self):
        for lang, catalogue in self.catalogues.items():
            for entry in catalogue:
                with self.subTest(lang=lang, term=entry.msgid[:60]):
                    self.assertEqual(
                        sorted(HOLES.findall(entry.msgid)),
                        sorted(HOLES.findall(entry.msgstr)),
                    )

    def test_no_term_is_left_that_the_addon_no_longer_says(self):
        for lang in ("fr", "nl", "de"):
            with self.subTest(lang=lang):
                kept = {
                    entry.msgid
                    for entry in self.catalogues[lang]
                    if any(
                        "ir.model.fields" not in place for place, _ in entry.occurrences
                    )
                }
                self.assertFalse(kept - set(self.terms))

    def test_french_signs_and_spaces(self):
        for entry in self.catalogues["fr"]:
            text = re.sub(r"<[^>]*>|\{\{.*?\}\}", "", entry.msgstr)
            with self.subTest(term=entry.msgid[:60]):
                self.assertNotRegex(text, r" [:;?!»]|« |\w'\w")

    def test_a_file_that_is_no_fec_is_named_in_french(self):
        speaker = self.env["recouvrement.fec.import"].with_context(lang="fr_FR")
        kinds = speaker._get_file_kinds()
        self.assertFalse({found for _start, _code, found in SIGNATURES} - set(kinds))
        self.assertEqual(
            speaker._format_issue(
                FecIssue("archive", params={"found": "a RAR archive"})
            ),
            "C’est une archive RAR. Extrayez-en le fichier texte et donnez-le.",
        )
