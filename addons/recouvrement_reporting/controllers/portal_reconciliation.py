"""The reconciliation on the customer's page: answered item by item, then signed."""

from datetime import date
from decimal import Decimal, InvalidOperation

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.recouvrement.controllers.portal_ask import BODY_MAX
from odoo.addons.recouvrement.controllers.portal_form import (
    LINE_MAX,
    TEXT_MAX,
    FormError,
    PortalForm,
    currency_unit,
)
from odoo.addons.recouvrement.controllers.portal_scope import (
    call,
    download,
    is_number,
    page,
    render,
)
from odoo.addons.recouvrement.controllers.portal_sign import sign

from ..models.reconciliation_extra import KINDS

ROWS = 50
FILES_MAX = 10
YEARS_MAX = 10
AMOUNT_MAX = Decimal(10) ** 12
STEPS = ("save", "next", "agree", "complete")
SENT_ONLY = "sent"


class ReceivablesPortalReconciliation(Controller):
    @page(
        "/reconciliation/<int:minutes_id>",
        methods=("GET", "POST"),
        max_content_length=BODY_MAX,
    )
    def reconciliation(self, scope, minutes_id, **params):
        """The items, the answers, and the place to sign once they are complete."""
        minutes = _get_minutes(scope, minutes_id)
        number = params.get("page", "1")
        number = max(int(number), 1) if is_number(number) else 1
        todo = params.get("show") == "todo"
        if request.httprequest.method != "POST":
            return self._render(scope, minutes, number, todo)
        form = request.httprequest.form
        try:
            scope.check_customer()
            with request.env.cr.savepoint():
                AnswerForm(scope, minutes, form).save()
                self._go_on(minutes, form.get("step"))
        except (FormError, UserError, ValidationError) as wrong:
            return self._render(scope, minutes, number, todo, str(wrong), form)
        number += form.get("step") == "next"
        params = {"page": number, "show": "todo" if todo else ""}
        params |= {"saved": "1"} if minutes.state == SENT_ONLY else {}
        url = scope.url("reconciliation", minutes.id, **params)
        return request.redirect(url, code=303)

    def _go_on(self, minutes, step):
        if step == "agree":
            minutes._agree_rest()
        elif step == "complete":
            minutes._submit("portal")

    @page("/reconciliation/<int:minutes_id>/correct", methods=("POST",))
    def reconciliation_correct(self, scope, minutes_id, **_params):
        """Back to the answers, before they are signed."""
        minutes = _get_minutes(scope, minutes_id)
        try:
            scope.check_customer()
            with request.env.cr.savepoint():
                minutes._correct()
        except (UserError, ValidationError) as wrong:
            return self._render(scope, minutes, error=str(wrong))
        return request.redirect(scope.url("reconciliation", minutes.id), code=303)

    @call("/reconciliation/<int:minutes_id>/sign")
    def reconciliation_sign(self, scope, minutes_id, name="", signature="", **_params):
        """Sign: the form of the page sends the name and the drawing."""
        minutes = _get_minutes(scope, minutes_id)
        url = scope.url("reconciliation", minutes.id)
        return sign(scope, minutes._accept, name, signature, url)

    @page("/reconciliation/<int:minutes_id>/<string:kind>.pdf")
    def reconciliation_pdf(self, scope, minutes_id, kind, **_params):
        """A document of the minutes, byte for byte as it was made."""
        minutes = _get_minutes(scope, minutes_id)
        if kind not in ("document", "minutes", "signed") or not minutes[f"{kind}_id"]:
            raise NotFound()
        attachment = minutes[f"{kind}_id"]
        return download(minutes._get_pdf(kind), attachment.mimetype, attachment.name)

    # ------------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------------

    def _render(self, scope, minutes, number=1, todo=False, error=None, form=None):
        lines = minutes.line_ids
        domain = [("reconciliation_id", "=", minutes.id)]
        if todo:
            domain.append(("answer", "=", False))
        total = lines.search_count(domain)
        number = min(number, max(1, -(-total // ROWS)))
        minutes.invalidate_recordset()
        url = scope.url("reconciliation", minutes.id)
        return render(
            scope,
            "recouvrement_reporting.portal_reconciliation",
            minutes=minutes,
            rows=lines.search(domain, offset=(number - 1) * ROWS, limit=ROWS),
            pager=portal_pager(
                url=url,
                url_args={"show": "todo"} if todo else {},
                total=total,
                page=number,
                step=ROWS,
            ),
            number=number,
            todo=todo,
            error=error,
            given=form or {},
            answers=minutes._get_answer_labels(),
            extra_kinds=minutes._get_extra_kinds(),
            balances=minutes._get_printed_balances(),
            currencies=_get_currencies(minutes),
            saved=request.httprequest.args.get("saved") == "1",
            status=422 if error else 200,
        )


class AnswerForm:
    """What a customer wrote on one page of a reconciliation, checked.

    :param minutes: the reconciliation, in sudo, in the language of the page.
    :param form: the values that the browser sent.
    """

    def __init__(self, scope, minutes, form):
        self.scope = scope
        self.minutes = minutes
        self.form = form
        self.today = fields.Date.context_today(minutes)

    def save(self):
        """Write down all that was filled in.

        :raise FormError: naming what must be corrected.
        """
        self.minutes._lock()
        self.minutes._check_state(SENT_ONLY)
        self.minutes._answer_items(self._read_answers())
        self._drop_extras()
        self._add_extra()
        if "comment" in self.form:
            self.minutes.comment = self._text("comment", TEXT_MAX) or False
        self._add_documents()

    # == Items ==

    def _read_answers(self):
        ids = [
            int(key[7:])
            for key in self.form
            if key.startswith("answer_") and is_number(key[7:])
        ]
        lines = self.minutes.line_ids.search(
            [("reconciliation_id", "=", self.minutes.id), ("id", "in", ids[:ROWS])]
        )
        return {line.id: self._read_answer(line) for line in lines}

    def _read_answer(self, line):
        answer = self.form.get(f"answer_{line.id}", "")
        if not answer:
            return {}
        if answer not in dict(line._fields["answer"].selection):
            raise FormError(request.env._("Please choose an answer in the list."))
        values = {
            "answer": answer,
            "answer_text": self._text(f"text_{line.id}") or False,
        }
        if answer == "paid":
            values |= {
                "answer_date": self._day(f"date_{line.id}"),
                "answer_amount": self._amount(f"paid_{line.id}", line.currency_id) or 0,
                "answer_reference": self._text(f"reference_{line.id}") or False,
            }
        elif answer == "differs":
            amount = self._amount(f"amount_{line.id}", line.currency_id)
            if amount is None:
                raise FormError(f"{line.name}: {line._explain_answer_error('amount')}")
            values["answer_amount"] = amount if line.residual > 0 else -amount
        return values

    # == What only the customer has ==

    def _drop_extras(self):
        ids = [int(one) for one in self.form.getlist("drop") if is_number(one)]
        self.minutes.extra_ids.filtered(lambda extra: extra.id in ids).unlink()

    def _add_extra(self):
        name = self._text("extra_name")
        amount = self.form.get("extra_amount", "").strip()
        if not (name or amount):
            return
        kind = self.form.get("extra_kind", "")
        currencies = _get_currencies(self.minutes)
        currency = currencies.filtered(
            lambda one: one.name == self.form.get("extra_currency")
        )
        currency = currency or currencies[:1]
        value = self._amount("extra_amount", currency)
        if not name or not value or kind not in dict(KINDS):
            raise FormError(
                request.env._(
                    "Please give the nature, the number and the amount of the item."
                )
            )
        self.minutes.extra_ids.create(
            {
                "reconciliation_id": self.minutes.id,
                "kind": kind,
                "name": name,
                "date": self._day("extra_date"),
                "currency_id": currency.id,
                "amount": value,
                "text": self._text("extra_text") or False,
            }
        )

    def _add_documents(self):
        documents = PortalForm(self.scope, []).documents()
        if len(documents) + len(self.minutes.attachment_ids) > FILES_MAX:
            raise FormError(
                request.env._("At most %s documents can be sent.", FILES_MAX)
            )
        for name, content in documents:
            attachment = self.minutes._attach(name, content, False)
            self.minutes.attachment_ids |= attachment

    # == Values ==

    def _text(self, name, limit=LINE_MAX):
        return self.form.get(name, "").replace("\0", "").strip()[:limit]

    def _day(self, name):
        try:
            day = date.fromisoformat(self.form.get(name, ""))
        except ValueError:
            raise FormError(request.env._("Please give the date.")) from None
        if not fields.Date.subtract(self.today, years=YEARS_MAX) <= day <= self.today:
            raise FormError(request.env._("The date must be today or earlier."))
        return day

    def _amount(self, name, currency):
        """A positive amount or zero, None when the field is empty."""
        text = self.form.get(name, "").replace("\u202f", "").replace("\xa0", "").strip()
        text = text.replace(" ", "").replace(",", ".")
        if not text:
            return None
        try:
            amount = abs(Decimal(text[:30]))
        except InvalidOperation:
            amount = None
        if amount is None or amount.is_nan() or amount > AMOUNT_MAX:
            raise FormError(request.env._("Please give the amount."))
        return float(amount.quantize(currency_unit(currency)))


def _get_minutes(scope, minutes_id):
    """Minutes that were sent to the customer.

    :raise NotFound: for any other number.
    """
    minutes = scope.debtor._get_portal_reconciliations().filtered(
        lambda one: one.id == minutes_id
    )
    if not minutes:
        raise NotFound()
    return minutes


def _get_currencies(minutes):
    """Currencies of the items, the company's first."""
    rows = minutes._read_balances().get(minutes.id, [])
    own = minutes.company_currency_id
    return own | own.browse([row["currency_id"] for row in rows])
