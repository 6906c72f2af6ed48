"""What every catalogue of translations must say, for any of our addons."""

import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

HOLES = re.compile(
    r"%(?:\(\w+\))?[sd]|\{\{.*?\}\}|</?\w+|t-out=\"[^\"]*\"|t-call=\"[^\"]*\""
)
SAME_EVERYWHERE = {"BIC", "IBAN", "SIREN"}


class CataloguesCommon(TransactionCase):
    """Checks of the catalogues of one addon.

    :cvar str MODULE: the addon.
    :cvar re.Pattern CUSTOMER_TEXTS: places of the texts that customers read, which are
        also in the languages that the screens are not in.
    """

    MODULE = None
    CUSTOMER_TEXTS = None
    LANGUAGES = ("fr", "nl", "de")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(False, [cls.MODULE], buffer, "po", cls.env)
        inherited = cls._get_inherited_fields()
        cls.terms = {}
        for entry in polib.pofile(buffer.getvalue().decode()):
            places = {place for place, _line in entry.occurrences}
            if {place.rpartition(".")[2] for place in places} - inherited:
                cls.terms[entry.msgid] = places
        folder = Path(file_path(f"{cls.MODULE}/i18n"))
        cls.catalogues = {
            lang: polib.pofile(str(folder / f"{lang}.po")) for lang in cls.LANGUAGES
        }
        cls.template = polib.pofile(str(folder / f"{cls.MODULE}.pot"))

    @classmethod
    def _get_inherited_fields(cls):
        """Names of the fields that other addons put on our models."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", cls.MODULE), ("model", "=", "ir.model.fields")]
        )
        names = dict(zip(data.mapped("res_id"), data.mapped("name"), strict=True))
        return {
            names[field.id]
            for field in cls.env["ir.model.fields"].browse(names)
            if cls.MODULE not in cls.env[field.model]._fields[field.name]._modules
        }

    def _translated(self, lang):
        return {entry.msgid for entry in self.catalogues[lang] if entry.msgstr.strip()}

    def _customer_terms(self):
        return {
            term
            for term, places in self.terms.items()
            if any(self.CUSTOMER_TEXTS.match(place) for place in places)
        } - SAME_EVERYWHERE

    def _check_french_is_complete(self):
        self.assertFalse(set(self.terms) - self._translated("fr"))

    def _check_template(self):
        self.assertFalse(set(self.terms) - {entry.msgid for entry in self.template})

    def _check_customer_texts(self):
        for lang in self.catalogues:
            with self.subTest(lang=lang):
                self.assertFalse(self._customer_terms() - self._translated(lang))

    def _check_placeholders(self):
        for lang, catalogue in self.catalogues.items():
            for entry in catalogue:
                with self.subTest(lang=lang, term=entry.msgid[:60]):
                    self.assertEqual(
                        sorted(HOLES.findall(entry.msgid)),
                        sorted(HOLES.findall(entry.msgstr)),
                    )

    def _check_nothing_is_left_over(self):
        for lang, catalogue in self.catalogues.items():
            with self.subTest(lang=lang):
                kept = {
                    entry.msgid
                    for entry in catalogue
                    if any(
                        "ir.model.fields" not in place for place, _ in entry.occurrences
                    )
                }
                self.assertFalse(kept - set(self.terms))

    def _check_french_typography(self):
        for entry in self.catalogues["fr"]:
            text = re.sub(r"<[^>]*>|\{\{.*?\}\}", "", entry.msgstr)
            with self.subTest(term=entry.msgid[:60]):
                self.assertNotRegex(text, r" [:;?!»]|« |\w'\w")
