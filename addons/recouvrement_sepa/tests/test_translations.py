"""The catalogues say everything that direct debits say."""

import re

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.translation_common import CataloguesCommon

# What customers read: mandate forms, notices, their page.
CUSTOMER_TEXTS = re.compile(
    r"model:mail\.template,(subject|body_html):"
    r"|model_terms:ir\.ui\.view,arch_db:recouvrement_sepa\."
    r"((report_)?mandate|invoice_prenotification|portal_)"
    r"|code:addons/recouvrement_sepa/(controllers/portal|static/src/portal/)"
)


@tagged("post_install", "-at_install")
class TestSepaTranslations(CataloguesCommon):
    MODULE = "recouvrement_sepa"
    CUSTOMER_TEXTS = CUSTOMER_TEXTS

    def test_the_export_finds_the_terms_of_the_addon(self):
        self.assertIn("Direct Debits", self.terms)

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
