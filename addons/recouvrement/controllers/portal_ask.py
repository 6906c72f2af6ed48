"""What a customer tells or asks from the page: nothing of it changes the account before
a person of the company has accepted it."""

from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request

from ..tools.upload import FILE_BYTES_MAX, FILES_MAX
from .portal_form import (
    ABOUT_ITEMS,
    READERS,
    WITH_DOCUMENTS,
    FormError,
    PortalForm,
)
from .portal_scope import page, render
from .portal_texts import get_dispute_reasons, get_means

REQUESTS_PER_DAY = 20
BODY_MAX = FILES_MAX * FILE_BYTES_MAX + 1024 * 1024


class ReceivablesPortalAsk(Controller):
    @page("/ask/<string:kind>", methods=("GET", "POST"), max_content_length=BODY_MAX)
    def ask(self, scope, kind, **_params):
        """The form of a kind of request; once sent, the list of requests."""
        if kind not in self._get_readers(scope):
            return request.redirect(scope.base)
        posted = request.httprequest.method == "POST"
        rows = self._get_rows(scope, kind, posted)
        form = PortalForm(scope, rows)
        error = None
        if posted:
            try:
                self._declare(scope, kind, form)
                return request.redirect(scope.url("requests", sent=kind), code=303)
            except (FormError, UserError, ValidationError) as wrong:
                error = str(wrong)
        return self._render_form(scope, kind, form, error)

    @page("/requests")
    def requests(self, scope, sent="", **_params):
        """What the customer asked, and what became of it."""
        return render(
            scope,
            "recouvrement.portal_requests",
            asked=scope.debtor._get_portal_requests(limit=100),
            sent=sent if sent in self._get_readers(scope) else "",
        )

    # Other addons extend these three.

    def _get_readers(self, scope):
        """Kinds of requests with a form, and what reads each form."""
        return READERS

    def _is_about_items(self, scope, kind):
        """Whether the form of a kind lists items."""
        return kind in ABOUT_ITEMS

    def _prepare_form_values(self, scope, kind):
        """What the form of a kind shows besides the items."""
        return {
            "about_items": self._is_about_items(scope, kind),
            "with_documents": kind in WITH_DOCUMENTS,
        }

    def _get_rows(self, scope, kind, posted):
        """The ticked items; when the form opens without any, what is overdue."""
        if not self._is_about_items(scope, kind):
            return []
        source = request.httprequest.form if posted else request.httprequest.args
        ticked = source.getlist("items")
        if ticked or posted:
            return scope.get_rows(ticked)
        return scope.get_overdue_rows()

    def _declare(self, scope, kind, form):
        scope.check_customer()
        values = self._get_readers(scope)[kind](form)
        if scope.debtor._count_portal_requests_today() >= REQUESTS_PER_DAY:
            raise FormError(
                request.env._(
                    "Too many requests were sent today. Please contact us by phone or "
                    "e-mail."
                )
            )
        with request.env.cr.savepoint():
            scope.debtor._declare(
                kind,
                source="portal",
                partner=scope.partner,
                lines=scope.get_lines(form.rows),
                **values,
            )

    def _render_form(self, scope, kind, form, error):
        currencies = {row["currency"] for row in form.rows}
        return render(
            scope,
            "recouvrement.portal_ask",
            kind=kind,
            rows=form.rows,
            currency=currencies.pop() if len(currencies) == 1 else None,
            total=form.get_total(),
            given=form.values,
            error=error,
            reasons=get_dispute_reasons(),
            means=get_means(),
            status=422 if error else 200,
            **self._prepare_form_values(scope, kind),
        )
