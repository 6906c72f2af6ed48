"""The catalogues say everything the addon says."""

import re

from odoo.tests import tagged

from ..tools.fec import FecIssue
from ..tools.fec.dialect import _SIGNATURES as SIGNATURES
from .translation_common import CataloguesCommon

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


@tagged("post_install", "-at_install")
class TestTranslations(CataloguesCommon):
    MODULE = "recouvrement"
    CUSTOMER_TEXTS = CUSTOMER_TEXTS

    def test_the_export_finds_the_terms_of_the_addon(self):
        self.assertIn("Propose Reminders", self.terms)
        self.assertGreater(len(self._customer_terms()), 60)

    def test_every_term_has_its_french(self):
        self._check_french_is_complete()

    def test_the_template_of_catalogues_is_up_to_date(self):
        self._check_template()

    def test_customer_texts_are_in_every_language(self):
        self._check_customer_texts()

    def test_placeholders_and_tags_are_those_of_the_source(self):
        self._check_placeholders()

    def test_no_term_is_left_that_the_addon_no_longer_says(self):
        self._check_nothing_is_left_over()

    def test_french_signs_and_spaces(self):
        self._check_french_typography()

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
