"""The catalogues say everything that disputes and litigation say."""

import re

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.translation_common import CataloguesCommon

# What customers read: e-mails, answers, their page, claims that are sent.
CUSTOMER_TEXTS = re.compile(
    r"model:mail\.template,(subject|body_html):"
    r"|model:recouvrement\.dispute\.category,portal_label:"
    r"|model:recouvrement\.request\.type,(portal_name|answer):"
    r"|model:recouvrement\.request\.type\.piece,name:"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement_litige\.(letter_|portal_)"
    r"|code:addons/recouvrement_litige/(controllers/portal|static/src/portal/)"
)


@tagged("post_install", "-at_install")
class TestLitigeTranslations(CataloguesCommon):
    MODULE = "recouvrement_litige"
    CUSTOMER_TEXTS = CUSTOMER_TEXTS

    def test_the_export_finds_the_terms_of_the_addon(self):
        self.assertIn("Disputes", self.terms)

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
