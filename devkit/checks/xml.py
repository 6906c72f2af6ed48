"""XML: well-formed, without entities, ids and names used once per file."""

from collections import Counter

from lxml import etree

from . import report

IDENTIFIED = ("record", "template", "menuitem", "asset")


def check(path):
    """Problems of one file as ``(line, message)``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.parse(path, parser)
    except etree.XMLSyntaxError as error:
        return [(error.lineno or 1, f"not well-formed: {error.msg}")]
    if tree.docinfo.doctype:
        return [(1, "a document type is not wanted in a data file")]
    return _duplicates(tree.getroot()) if tree.getroot().tag == "odoo" else []


def _duplicates(root):
    elements = [item for item in root.iter(*IDENTIFIED) if item.get("id")]
    counts = Counter(item.get("id") for item in elements)
    return [
        (
            item.sourceline,
            f"id {item.get('id')!r} is given more than once",
        )
        for item in elements
        if counts[item.get("id")] > 1
    ]


if __name__ == "__main__":
    report.main(check)
