"""Paying the ticked items: on line through Odoo's payment form when the company has a
payment provider, and always by bank transfer."""

from decimal import Decimal

from werkzeug.exceptions import BadRequest

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from .portal_scope import call, page, render

FLOWS = ("redirect", "direct")


class ReceivablesPortalPay(PaymentPortal):
    @page("/pay")
    def receivables_pay(self, scope, **_params):
        """The ticked items, their total, and how to pay it."""
        ticked = request.httprequest.args.getlist("items")
        rows = scope.get_rows(ticked) if ticked else scope.get_overdue_rows()
        rows, payee = scope.debtor._get_portal_payable(rows)
        if not rows:
            return request.redirect(scope.base)
        currencies = {row["currency"] for row in rows}
        single = len(currencies) == 1
        currency = currencies.pop() if single else None
        return render(
            scope,
            "recouvrement.portal_pay",
            rows=rows,
            currency=currency,
            total=_total(rows) if single else None,
            bank=payee
            or (scope.company._get_collection_account(currency) if single else {}),
            reference=scope.debtor._get_portal_reference(rows),
            under_way=scope.debtor._get_portal_transactions(scope.get_lines(rows)),
            **(
                self._get_online_values(scope, rows, currency)
                if single and not payee
                else {}
            ),
        )

    @call("/transaction/<string:ticked>")
    def receivables_transaction(self, scope, ticked, **kwargs):
        """Start the payment of the ticked items, of what they are worth now.

        :raise ValidationError: when that is no longer what the page showed.
        """
        rows, payee = scope.debtor._get_portal_payable(
            scope.get_rows(ticked.split("-"))
        )
        ids = {str(row["id"]) for row in rows}
        if not rows or payee or ids != set(ticked.split("-")):
            raise ValidationError(
                request.env._("These documents changed: please reload the page.")
            )
        currencies = {row["currency"] for row in rows}
        shown = Decimal(str(kwargs.get("amount") or 0))
        if len(currencies) != 1 or shown != _total(rows):
            raise ValidationError(
                request.env._("These documents changed: please reload the page.")
            )
        kwargs.pop("access_token", None)
        self._validate_transaction_kwargs(kwargs)
        return self._start(scope, rows, currencies.pop(), kwargs)

    def _start(self, scope, rows, currency, kwargs):
        provider = self._get_providers(scope, rows, currency).filtered(
            lambda p: p.id == kwargs.get("provider_id")
        )
        if not provider or kwargs.get("flow") not in FLOWS:
            raise BadRequest()
        methods = self._get_methods(scope, provider, currency)
        if kwargs.get("payment_method_id") not in methods.ids:
            raise BadRequest()
        lines = scope.get_lines(rows)
        kwargs.update(
            amount=float(_total(rows)),
            token_id=None,
            tokenization_requested=False,
            is_validation=False,
            landing_route=scope.url(paid=1),
        )
        tx_sudo = self._create_transaction(
            currency_id=currency.id,
            partner_id=scope.partner.id,
            reference_prefix=scope.debtor._get_portal_reference(rows),
            custom_create_values={
                "invoice_ids": [Command.set(lines.move_id.ids)],
                "collection_line_ids": [Command.set(lines.ids)],
            },
            **kwargs,
        )
        return tx_sudo._get_processing_values()

    # ------------------------------------------------------------------
    # PAYMENT FORM
    # ------------------------------------------------------------------

    def _get_online_values(self, scope, rows, currency):
        """What Odoo's payment form needs; without a provider, none. No card is kept:
        whoever has the link must not pay with it."""
        providers = self._get_providers(scope, rows, currency)
        methods = self._get_methods(scope, providers, currency)
        ticked = "-".join(str(row["id"]) for row in rows)
        return {
            "online": bool(methods),
            "mode": "payment",
            "amount": float(_total(rows)),
            "partner_id": scope.partner.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            "tokens_sudo": request.env["payment.token"].sudo(),
            "show_tokenize_input_mapping": dict.fromkeys(providers.ids, False),
            "availability_report": {},
            "transaction_route": scope.url("transaction", ticked),
            "landing_route": scope.url(paid=1),
            "access_token": "",
            "reference_prefix": scope.debtor._get_portal_reference(rows),
        }

    def _get_providers(self, scope, rows, currency):
        providers = request.env["payment.provider"].sudo()
        if not self._can_partner_pay_in_company(scope.partner, scope.company):
            return providers
        return providers._get_compatible_providers(
            scope.company.id,
            scope.partner.id,
            float(_total(rows)),
            currency_id=currency.id,
        )

    def _get_methods(self, scope, providers, currency):
        return (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers.ids, scope.partner.id, currency_id=currency.id
            )
        )


def read_outcome(scope):
    """How the payment that the visitor comes back from ended.

    :return: ``done``, ``waiting`` or ``failed``; ``waiting`` when it is not known.
    """
    number = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
    tx = request.env["payment.transaction"].sudo().browse(number or []).exists()
    if not tx or tx.landing_route != scope.url(paid=1):
        return "waiting"
    return {"done": "done", "cancel": "failed", "error": "failed"}.get(
        tx.state, "waiting"
    )


def _total(rows):
    return sum((row["residual"] for row in rows), Decimal(0))
