"""The mandates of a customer on its page: read, signed, the account to debit given or
changed, revoked."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request

from odoo.addons.recouvrement.controllers.portal_ask import REQUESTS_PER_DAY
from odoo.addons.recouvrement.controllers.portal_form import LINE_MAX, TEXT_MAX
from odoo.addons.recouvrement.controllers.portal_scope import (
    call,
    download,
    page,
    render,
)
from odoo.addons.recouvrement.controllers.portal_sign import sign

IBAN_MAX = 50  # characters of an IBAN as people type it


class ReceivablesPortalMandate(Controller):
    @page("/mandates")
    def mandates(self, scope, **_params):
        """The mandates of the customer with this company."""
        return render(
            scope,
            "recouvrement_sepa.portal_mandates",
            mandates=scope.debtor._get_portal_mandates(),
            mandate_states=get_mandate_state_labels(),
        )

    @page("/mandate/<int:mandate_id>")
    def mandate(self, scope, mandate_id, done="", **_params):
        """One mandate: where it stands, its documents, the place to sign."""
        mandate = _get_mandate(scope, mandate_id)
        return self._render(scope, mandate, done=done)

    @page("/mandate/<int:mandate_id>/<string:kind>.pdf")
    def mandate_pdf(self, scope, mandate_id, kind, **_params):
        """A document of the mandate, byte for byte as it was made."""
        mandate = _get_mandate(scope, mandate_id)
        if kind not in ("form", "signed") or not mandate[f"{kind}_id"]:
            raise NotFound()
        attachment = mandate[f"{kind}_id"]
        return download(mandate._get_kept(kind), attachment.mimetype, attachment.name)

    @page("/mandate/<int:mandate_id>/account", methods=("POST",))
    def mandate_account(self, scope, mandate_id, **_params):
        """Before signing: the account to debit, when the form came without."""
        mandate = _get_mandate(scope, mandate_id)

        def give():
            mandate._give_account(_read("iban", IBAN_MAX), _read("holder"))

        return self._do(scope, mandate, give, "account")

    @call("/mandate/<int:mandate_id>/accept")
    def mandate_accept(self, scope, mandate_id, name="", signature="", **_params):
        """Sign: the form of the page sends the name and the drawing."""
        mandate = _get_mandate(scope, mandate_id)
        url = scope.url("mandate", mandate.id, done="signed")
        return sign(scope, mandate._accept, name, signature, url)

    @page("/mandate/<int:mandate_id>/change", methods=("POST",))
    def mandate_change(self, scope, mandate_id, **_params):
        """Ask to debit another account: somebody calls back before it changes."""
        mandate = _get_mandate(scope, mandate_id)

        def ask():
            _check_number(scope)
            mandate._ask_change(_read("iban", IBAN_MAX), _read("holder"), scope.partner)

        return self._do(scope, mandate, ask, "change")

    @page("/mandate/<int:mandate_id>/revoke", methods=("POST",))
    def mandate_revoke(self, scope, mandate_id, **_params):
        """Revoke the mandate: nothing is collected from now on."""
        mandate = _get_mandate(scope, mandate_id)

        def revoke():
            _check_number(scope)
            mandate._revoke(_read("reason", TEXT_MAX), scope.partner)

        return self._do(scope, mandate, revoke, "revoke")

    def _do(self, scope, mandate, step, done):
        """Do a step of the customer; what is wrong is told on the page."""
        try:
            scope.check_customer()
            with request.env.cr.savepoint():
                step()
        except (UserError, ValidationError) as wrong:
            mandate.invalidate_recordset()
            return self._render(scope, mandate, error=str(wrong), status=422)
        return request.redirect(scope.url("mandate", mandate.id, done=done), code=303)

    def _render(self, scope, mandate, **values):
        return render(
            scope,
            "recouvrement_sepa.portal_mandate",
            mandate=mandate,
            mandate_states=get_mandate_state_labels(),
            has_account=bool(mandate.iban),
            given=request.httprequest.form,
            **values,
        )


def _get_mandate(scope, mandate_id):
    """A mandate that the customer was sent.

    :raise NotFound: for any other number.
    """
    mandates = scope.debtor._get_portal_mandates()
    mandate = mandates.filtered(lambda m: m.id == mandate_id)
    if not mandate:
        raise NotFound()
    return mandate


def _read(name, limit=LINE_MAX):
    value = request.httprequest.form.get(name, "")
    return value.replace("\0", "").strip()[:limit]


def _check_number(scope):
    if scope.debtor._count_portal_requests_today() >= REQUESTS_PER_DAY:
        raise UserError(
            request.env._(
                "Too many requests were sent today. Please contact us by phone or "
                "e-mail."
            )
        )


def get_mandate_state_labels():
    """Where a mandate stands, for the customer."""
    env = request.env
    return {
        "sent": env._("Waiting for your signature"),
        "signed": env._("Signed, to be registered by your bank"),
        "active": env._("In force"),
        "suspended": env._("Suspended"),
        "final": env._("Used"),
        "cancelled": env._("Cancelled"),
        "expired": env._("Expired"),
    }
