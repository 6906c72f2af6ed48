"""Forms of the customer page for what goes beyond the account: billing, address,
contract, refund, credit note, other party. What they show is data: the types of
requests."""

from decimal import Decimal, InvalidOperation

from odoo import fields
from odoo.http import request

from odoo.addons.recouvrement.controllers.portal_ask import ReceivablesPortalAsk
from odoo.addons.recouvrement.controllers.portal_form import (
    TEXT_MAX,
    FormError,
    currency_unit,
)
from odoo.addons.recouvrement.tools.bank_account import BankAccountError, read_iban

from ..models.request_kinds import ADDED, ADDRESS_USES, BILLING_METHODS
from ..tools.registry import is_siren, is_siret

IBAN_MAX = 50


class LitigePortalAsk(ReceivablesPortalAsk):
    # EXTENDS 'recouvrement'
    def _get_readers(self, scope):
        types = scope.debtor._get_portal_types()
        readers = {kind: make_reader(types[kind]) for kind in types}
        return {**super()._get_readers(scope), **readers}

    # EXTENDS 'recouvrement'
    def _is_about_items(self, scope, kind):
        if kind in ADDED:
            return scope.debtor._get_portal_types()[kind].with_items
        return super()._is_about_items(scope, kind)

    # EXTENDS 'recouvrement'
    def _prepare_form_values(self, scope, kind):
        values = super()._prepare_form_values(scope, kind)
        if kind not in ADDED:
            return values
        return {
            **values,
            "with_documents": True,
            "request_type": scope.debtor._get_portal_types()[kind],
            "billing_methods": get_billing_methods(),
            "address_uses": get_address_uses(),
            "credits": scope.debtor._get_portal_credits(),
        }


def get_billing_methods():
    """Ways to receive invoices, by the codes of the field."""
    env = request.env
    return {
        "email": env._("By e-mail"),
        "post": env._("By post"),
        "platform": env._("Through an invoicing platform"),
    }


def get_address_uses():
    env = request.env
    return {
        "invoice": env._("The address for invoices"),
        "main": env._("The registered address of the company"),
    }


# ----------------------------------------------------------------------
# READING
# ----------------------------------------------------------------------


def make_reader(kind):
    """What reads the form of a type, as ``debtor._declare`` takes it.

    :param kind: ``recouvrement.request.type`` record.
    """

    def read(form):
        if kind.with_items and not form.rows:
            raise FormError(request.env._("Please tick the documents concerned."))
        values = {
            "text": form.text("text", required=kind.with_text, limit=TEXT_MAX),
            "attachments": form.documents(),
        }
        for flag, part in PARTS.items():
            if kind[flag]:
                values.update(part(form, kind))
        return values

    return read


def read_amount(form, kind):
    """An amount of the documents, or of the credits of the account; may be empty when
    documents say it all."""
    written = form.values.get("amount", "").strip()
    if kind.with_items:
        if not written:
            return {}
        return {"amount": float(form.amount("amount", form.get_total()))}
    return _read_credit(form, written)


def _read_credit(form, written):
    """The credit of one currency, never more than there is."""
    env = request.env
    credits = form.scope.debtor._get_portal_credits()
    code = form.choice("currency", [row["currency"].name for row in credits])
    row = next(row for row in credits if row["currency"].name == code)
    try:
        amount = Decimal(written.replace(",", "."))
    except InvalidOperation:
        raise FormError(env._("Please give the amount.")) from None
    if amount.is_nan() or not 0 < amount <= row["amount"]:
        raise FormError(env._("The amount is more than the credit of your account."))
    exact = amount.quantize(currency_unit(row["currency"]))
    return {"amount": float(exact), "currency_id": row["currency"].id}


def read_address(form, kind):
    """A whole address for a change of address; for a new manager it may lack."""
    needed = kind.kind == "address_change"
    values = {
        "new_street": form.text("street", required=needed),
        "new_street2": form.text("street2"),
        "new_zip": form.text("zip", required=needed),
        "new_city": form.text("city", required=needed),
    }
    if needed:
        values["address_use"] = form.choice("use", dict(ADDRESS_USES))
    return values


def read_billing(form, _kind):
    method = form.values.get("billing_method", "")
    values = {
        "billing_method": method if method in dict(BILLING_METHODS) else False,
        "billing_email": _read_email(form, "billing_email"),
        "billing_reference": form.text("billing_reference"),
    }
    if not any(values.values()):
        raise FormError(request.env._("Please say what changes."))
    return values


def read_contract(form, _kind):
    return {"contract_reference": form.text("contract", required=True)}


def read_day(form, _kind):
    """A day in the past or to come: a manager may be in office already."""
    today = fields.Date.context_today(form.scope.debtor)
    past = form.values.get("day", "") <= today.isoformat()
    return {"date_effect": form.day("day", past=past)}


def read_party(form, _kind):
    number = form.text("party_registry")
    if number and not (is_siret(number) or is_siren(number)):
        raise FormError(request.env._("“%s” is no SIREN or SIRET.", number))
    return {
        "party_name": form.text("party_name", required=True),
        "party_registry": number,
        "party_email": _read_email(form, "party_email"),
    }


def read_account(form, _kind):
    """The IBAN may lack: the account on file is meant. Somebody calls back before
    anything is paid."""
    written = form.text("iban", limit=IBAN_MAX)
    if not written:
        return {}
    try:
        account = read_iban(written)
    except BankAccountError:
        raise FormError(request.env._("This IBAN is not right.")) from None
    return {"iban": account.formatted, "account_holder": form.text("holder")}


def _read_email(form, name):
    value = form.text(name)
    local, at, domain = value.rpartition("@")
    if value and not (local and at and "." in domain and " " not in value):
        raise FormError(request.env._("“%s” is no e-mail address.", value))
    return value


PARTS = {
    "with_amount": read_amount,
    "with_address": read_address,
    "with_billing": read_billing,
    "with_contract": read_contract,
    "with_day": read_day,
    "with_party": read_party,
    "with_account": read_account,
}
