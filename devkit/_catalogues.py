"""Run by ``odoo shell`` for ``catalogues.py``: rewrites the catalogues of our addons.

``RECOUVREMENT_CATALOGUES``: ``{"folders": {addon: its folder}, "additions": [paths]}``.
"""

import io
import json
import os
import re
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

CUSTOMER_TEXTS = re.compile(r"CUSTOMER_TEXTS = re\.compile\((.*?)\n\)", re.DOTALL)
STRING = re.compile(r'r?"((?:[^"\\]|\\.)*)"')


def inherited_fields(env, addon):
    """Names of the fields that other addons put on the models of this one."""
    data = env["ir.model.data"].search(
        [("module", "=", addon), ("model", "=", "ir.model.fields")]
    )
    names = dict(zip(data.mapped("res_id"), data.mapped("name"), strict=True))
    return {
        names[field.id]
        for field in env["ir.model.fields"].browse(names)
        if addon not in env[field.model]._fields[field.name]._modules
    }


def terms(env, addon):
    """``[{msgid, comment, occurrences, ours}]`` as Odoo exports them.

    ``ours``: false for the labels of fields that other addons put on our models, whose
    translation is welcome and not asked for.
    """
    buffer = io.BytesIO()
    trans_export(False, [addon], buffer, "po", env)
    inherited = inherited_fields(env, addon)
    return [
        {
            "msgid": entry.msgid,
            "comment": entry.comment,
            "occurrences": entry.occurrences,
            "ours": bool(
                {place.rpartition(".")[2] for place, _line in entry.occurrences}
                - inherited
            ),
        }
        for entry in polib.pofile(buffer.getvalue().decode())
    ]


def read(additions):
    """``{addon or None: {msgid: {language: text}}}``; under an addon stands what takes
    the place of the text that it has, under None what is missing anywhere."""
    known = {}
    for path in additions:
        for line in filter(str.strip, Path(path).read_text("utf-8").splitlines()):
            row = json.loads(line)
            texts = known.setdefault(row.pop("in", None), {})
            texts.setdefault(row.pop("msgid"), {}).update(row)
    return known


def refresh(folder, addon, terms, known):
    """Rewrite the catalogues of an addon; ``(language, term without a text)``."""
    catalogues = folder / "i18n"
    fill(catalogues / f"{addon}.pot", terms, lambda msgid: "")
    customers = customer_texts(folder)
    missing = []
    for path in sorted(catalogues.glob("*.po")):
        lang = path.stem
        before = {e.msgid: e.msgstr for e in polib.pofile(str(path)) if e.msgstr}

        def text(msgid, lang=lang, before=before):
            return (
                known.get(addon, {}).get(msgid, {}).get(lang)
                or before.get(msgid)
                or known.get(None, {}).get(msgid, {}).get(lang, "")
            )

        wanted = [
            term
            for term in terms
            if (term["ours"] if lang == "fr" else is_read(term, customers))
        ]
        kept = [t for t in terms if t in wanted or text(t["msgid"])]
        fill(path, kept, text)
        missing += [(lang, t["msgid"]) for t in wanted if not text(t["msgid"])]
    return missing


def customer_texts(folder):
    """Places of the texts that customers read, as the tests of the addon say."""
    source = (folder / "tests" / "test_translations.py").read_text("utf-8")
    return re.compile("".join(STRING.findall(CUSTOMER_TEXTS.search(source)[1])))


def is_read(term, customers):
    return any(customers.match(place) for place, _line in term["occurrences"])


def fill(path, terms, text):
    """Write a catalogue with the header that it has."""
    catalogue = polib.POFile(wrapwidth=78)
    before = polib.pofile(str(path))
    catalogue.metadata, catalogue.header = before.metadata, before.header
    for term in terms:
        catalogue.append(
            polib.POEntry(
                msgid=term["msgid"],
                msgstr=text(term["msgid"]),
                comment=term["comment"],
                occurrences=term["occurrences"],
            )
        )
    catalogue.save(str(path))


def main(env, folders, additions):
    known = read(additions)
    for addon, folder in folders.items():
        for lang, term in refresh(Path(folder), addon, terms(env, addon), known):
            print("MISSING", addon, lang, json.dumps(term, ensure_ascii=False))


main(env, **json.loads(os.environ["RECOUVREMENT_CATALOGUES"]))  # noqa: F821
