"""Columns of what is handed over, and cells of a CSV that no spreadsheet takes for a
formula; no Odoo here."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# Name and kind of each column; kinds as recouvrement/tools/workbook.py knows them.
FILES = (
    ("file", "short"),
    ("customer", "text"),
    ("customer_ref", "short"),
    ("siren", "short"),
    ("vat", "short"),
    ("street", "text"),
    ("zip", "short"),
    ("city", "text"),
    ("country", "short"),
    ("phone", "short"),
    ("email", "text"),
    ("date", "date"),
    ("currency", "short"),
    ("principal", "amount"),
    ("interest", "amount"),
    ("indemnity", "amount"),
    ("other", "amount"),
    ("total", "amount"),
)
ITEMS = (
    ("file", "short"),
    ("customer", "text"),
    ("document", "short"),
    ("document_date", "date"),
    ("date_due", "date"),
    ("currency", "short"),
    ("amount", "amount"),
    ("open", "amount"),
    ("limit_date", "date"),
)
CONTACTS = (
    ("file", "short"),
    ("customer", "text"),
    ("name", "text"),
    ("function", "text"),
    ("phone", "short"),
    ("email", "text"),
)
# A cell that begins with one of these is a formula for some program.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
CENT = Decimal("0.01")


def plain(value):
    """A cell of a CSV: ISO days, decimals with a comma, text that stays text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int | Decimal) and not isinstance(value, bool):
        exact = Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)
        return str(exact).replace(".", ",")
    text = str(value).replace("\0", "")
    if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA):
        return f"'{text}"
    return text
