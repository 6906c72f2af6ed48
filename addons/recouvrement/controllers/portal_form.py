"""What a customer wrote in a form, checked.

Amounts are decimals and days are dates as browsers send them (``1200.50``,
``2026-03-31``); what is wrong is told in the language of the page.
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from odoo import fields
from odoo.http import request
from odoo.tools import format_date, formatLang

from ..tools.upload import (
    FILE_BYTES_MAX,
    FILES_MAX,
    MEGABYTE,
    UploadError,
    check_uploads,
)
from .portal_texts import get_dispute_reasons, get_means

TEXT_MAX = 4000
LINE_MAX = 200
YEARS_MAX = 2
PHONE_DIGITS = 6


class FormError(Exception):
    """What the customer must correct, in words."""


class PortalForm:
    """The values of one form about some items of an account.

    :param scope: :class:`PortalScope` of the visitor.
    :param rows: the items the form is about.
    """

    def __init__(self, scope, rows):
        self.scope = scope
        self.rows = rows
        self.values = request.httprequest.form

    def text(self, name, required=False, limit=LINE_MAX):
        value = self.values.get(name, "").replace("\0", "").strip()[:limit]
        if required and not value:
            raise FormError(request.env._("Please fill in the text."))
        return value

    def day(self, name, past):
        """A day of the last or of the next two years.

        :param bool past: today or before, else today or later.
        """
        today = fields.Date.context_today(self.scope.debtor)
        try:
            day = date.fromisoformat(self.values.get(name, ""))
        except ValueError:
            raise FormError(request.env._("Please give the date.")) from None
        if past and not (_shift(today, -YEARS_MAX) <= day <= today):
            raise FormError(request.env._("The date must be today or earlier."))
        if not past and not (today <= day <= _shift(today, YEARS_MAX)):
            raise FormError(request.env._("The date must be today or later."))
        return day

    def amount(self, name, most):
        """An amount in the currency of the items, of ``most`` at the most."""
        currency = self.get_currency()
        try:
            amount = Decimal(self.values.get(name, "").strip().replace(",", "."))
        except InvalidOperation:
            amount = None
        if amount is None or amount.is_nan():
            raise FormError(request.env._("Please give the amount."))
        exact = amount.quantize(currency_unit(currency)) if 0 < amount <= most else 0
        if not 0 < exact <= most:
            raise FormError(
                request.env._(
                    "The amount must be between 0 and %s.",
                    formatLang(request.env, float(most), currency_obj=currency),
                )
            )
        return exact

    def choice(self, name, codes):
        value = self.values.get(name, "")
        if value not in codes:
            raise FormError(request.env._("Please choose an answer in the list."))
        return value

    def get_currency(self):
        """The currency of the items.

        :raise FormError: without items, or with items of several currencies.
        """
        currencies = {row["currency"] for row in self.rows}
        if not currencies:
            raise FormError(request.env._("Please tick the documents concerned."))
        if len(currencies) > 1:
            raise FormError(
                request.env._("Please tick documents of one currency at a time.")
            )
        return currencies.pop()

    def get_total(self):
        return sum((row["residual"] for row in self.rows), Decimal(0))

    def documents(self):
        """The files that came along, as pairs ``(name, bytes)``."""
        files = request.httprequest.files.getlist("documents")
        files = [file for file in files if file.filename]
        try:
            taken = check_uploads(
                [(file.filename, file.read(FILE_BYTES_MAX + 1)) for file in files]
                if len(files) <= FILES_MAX
                else [("", b"")] * len(files)
            )
        except UploadError as error:
            raise FormError(describe_upload_error(error)) from None
        return [(upload.name, upload.content) for upload in taken]


def currency_unit(currency):
    """Smallest amount of a currency, as a decimal."""
    return Decimal(1).scaleb(-currency.decimal_places)


def _shift(day, years):
    return fields.Date.add(day, years=years)


def describe_upload_error(error):
    """Why a document is not taken, for who sent it."""
    env = request.env
    if error.code == "count":
        return env._("At most %s documents can be sent at a time.", FILES_MAX)
    if error.code == "size":
        limit = FILE_BYTES_MAX // MEGABYTE
        return env._(
            "“%(name)s” is larger than %(limit)s MB.", name=error.name, limit=limit
        )
    if error.code == "empty":
        return env._("“%s” is empty.", error.name)
    return env._(
        "“%s” cannot be taken: send a PDF, a picture (PNG, JPEG) or an office document "
        "(docx, xlsx, odt, ods).",
        error.name,
    )


# ----------------------------------------------------------------------
# FORMS: what each one reads, as arguments of ``debtor._declare``
# ----------------------------------------------------------------------


def read_promise(form):
    return {
        "amount": float(form.amount("amount", form.get_total())),
        "day": form.day("day", past=False),
        "text": form.text("text", limit=TEXT_MAX),
    }


def read_dispute(form):
    form.get_currency()
    reasons = get_dispute_reasons()
    code = form.choice("reason", reasons)
    text = form.text("text", required=True, limit=TEXT_MAX)
    part = form.values.get("part", "").strip()
    return {
        "text": f"{reasons[code]}\n{text}",
        "reason_code": code,
        "amount": float(form.amount("part", form.get_total())) if part else 0,
        "attachments": form.documents(),
    }


def read_duplicate(form):
    if not form.rows:
        raise FormError(request.env._("Please tick the documents concerned."))
    return {"text": form.text("text", limit=TEXT_MAX)}


def read_payment_check(form):
    return {
        "amount": float(form.amount("amount", form.get_total())),
        "day": form.day("day", past=True),
        "payment_means": form.choice("means", get_means()),
        "payment_reference": form.text("reference"),
        "text": form.text("text", limit=TEXT_MAX),
        "attachments": form.documents(),
    }


def read_plan(form):
    env = request.env
    currency = form.get_currency()
    count = form.choice("count", [str(number) for number in range(2, 25)])
    first = form.day("day", past=False)
    wish = env._(
        "%(count)s monthly instalments from %(day)s, for %(amount)s.",
        count=count,
        day=format_date(env, first),
        amount=formatLang(env, float(form.get_total()), currency_obj=currency),
    )
    text = form.text("text", limit=TEXT_MAX)
    return {
        "amount": float(form.get_total()),
        "day": first,
        "text": f"{wish}\n{text}".strip(),
    }


def read_contact_change(form):
    email = form.text("email")
    phone = form.text("phone")
    if email and not _is_email(email):
        raise FormError(request.env._("“%s” is no e-mail address.", email))
    if phone and sum(c.isdigit() for c in phone) < PHONE_DIGITS:
        raise FormError(request.env._("“%s” is no phone number.", phone))
    return {
        "contact_name": form.text("name", required=True),
        "contact_email": email,
        "contact_phone": phone,
        "contact_type": form.choice("type", ("invoice", "collection")),
        "text": form.text("text", limit=TEXT_MAX),
    }


def read_message(form):
    return {
        "text": form.text("text", required=True, limit=TEXT_MAX),
        "attachments": form.documents(),
    }


def _is_email(value):
    local, at, domain = value.rpartition("@")
    return bool(local and at and "." in domain and " " not in value)


READERS = {
    "promise": read_promise,
    "dispute": read_dispute,
    "duplicate": read_duplicate,
    "payment_check": read_payment_check,
    "plan": read_plan,
    "contact_change": read_contact_change,
    "message": read_message,
}
# Forms that are about items: without any, they start with what is overdue.
ABOUT_ITEMS = ("promise", "dispute", "duplicate", "payment_check", "plan")
WITH_DOCUMENTS = ("dispute", "payment_check", "message")
