"""Short texts of the customer pages, in the language of the visitor."""

from odoo.http import request
from odoo.tools import format_date, formatLang


def money(amount, currency):
    return formatLang(request.env, float(amount), currency_obj=currency)


def day(date):
    return format_date(request.env, date) if date else ""


def get_kind_labels():
    """What an item is called."""
    env = request.env
    return {
        "invoice": env._("Invoice"),
        "credit_note": env._("Credit note to deduct"),
        "payment": env._("Payment received, to allocate"),
        "other": env._("Other sum"),
    }


def get_status_labels():
    """Where an item stands, for the statuses that a customer is shown."""
    env = request.env
    return {
        "promised": env._("Payment promised"),
        "plan": env._("In a payment plan"),
        "disputed": env._("Disputed"),
        "to_verify": env._("Payment being verified"),
        "in_payment": env._("Payment under way"),
    }


def get_ask_labels():
    """Titles of the forms, in the order of the page."""
    env = request.env
    return {
        "promise": env._("Promise a payment date"),
        "payment_check": env._("I have already paid"),
        "dispute": env._("Dispute a document"),
        "plan": env._("Ask for instalments"),
        "duplicate": env._("Receive a copy by e-mail"),
        "contact_change": env._("Change of contact"),
        "message": env._("Write to us"),
        "statement": env._("Statement of account"),
        "bank_change": env._("Change of bank details"),
    }


def get_request_state_labels():
    env = request.env
    return {
        "new": env._("Received, not confirmed yet"),
        "done": env._("Accepted"),
        "refused": env._("Refused"),
    }


def get_plan_state_labels():
    env = request.env
    return {
        "offered": env._("Waiting for your signature"),
        "accepted": env._("Running"),
        "late": env._("Instalment late"),
        "defaulted": env._("Ended: instalments missed"),
        "done": env._("Paid in full"),
        "refused": env._("Declined"),
    }


def get_installment_state_labels():
    env = request.env
    return {
        "due": env._("To be paid"),
        "paid": env._("Paid"),
        "partly": env._("Paid in part"),
        "late": env._("Late"),
        "void": env._("Settled otherwise"),
    }


def get_dispute_reasons():
    env = request.env
    reasons = {
        "amount": env._("The amount or the price is wrong"),
        "service": env._("Goods or services not delivered, or not as agreed"),
        "quality": env._("Goods or services of poor quality"),
        "order": env._("No order, or the order number is missing"),
        "credit": env._("A credit note is expected"),
        "addressee": env._("The invoice is not for us"),
        "other": env._("Other reason"),
    }
    return env["recouvrement.request"]._get_dispute_reasons(reasons)


def get_means():
    """Ways to have paid, by the codes of ``recouvrement.request.payment_means``."""
    env = request.env
    return {
        "transfer": env._("Bank transfer"),
        "cheque": env._("Cheque"),
        "direct_debit": env._("Direct debit"),
        "card": env._("Card"),
        "cash": env._("Cash"),
        "other": env._("Other"),
    }
