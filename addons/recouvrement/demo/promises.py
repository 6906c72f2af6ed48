"""Promises to pay of the demonstration: kept, partly kept, broken and open.

Each is taken like any other, moved to a past day, and judged on the real ledger.
"""

from datetime import timedelta
from functools import partial
from itertools import cycle

from . import companies

# Days since the promises that are decided were taken, and how long they ran.
AGO, DAYS = 26, 8
NOTES = {
    "kept": "La comptable règle par virement groupé le 10.",
    "partly": "Demande de régler la moitié tout de suite, le solde au plus vite.",
    "broken": "Le gérant promet un virement, trésorerie tendue.",
    "open": "Virement programmé, ordre déjà signé par la direction.",
}
# What becomes of the promise of each debtor, in turn.
STORIES = ("kept", "broken", "partly", "open", "kept", "kept", "broken", "open")
TAKEN = 24
# Customers whose story is fixed, so that each is told whatever the day and the scale.
FIXED = {
    "promised": "open",
    "promise_kept": "kept",
    "promise_partly": "partly",
    "promise_broken": "broken",
}
# Customers in another story keep to it.
FREE = {"", "due_soon", *FIXED}


def build(world, debtors, env_of):
    """Take promises of customers of the collectors, and let the ledger judge them.

    :param debtors: ``(customer, debtor account)`` of the customers.
    :param env_of: environment of a log-in on a past day.
    """
    stories = cycle(STORIES)
    for index, (customer, debtor) in enumerate(_choose(debtors)):
        fixed = next(filter(None, map(FIXED.get, customer.flags)), None)
        story = fixed or next(stories)
        ago = 1 + index % 4 if story == "open" else AGO + index % 9
        days = ago + 1 + index % 6 if story == "open" else DAYS
        items = _due_on(debtor, world.today - timedelta(days=ago))
        if items:
            taken_on = partial(env_of, customer.collector)
            _take(world, debtor, items, story, (ago, days), taken_on)
    world.env["recouvrement.debtor"]._process_dirty()


def _choose(debtors):
    """Customers in ordinary collection with overdue items in euros, those whose story
    is fixed first."""
    free = [
        (customer, debtor)
        for customer, debtor in debtors
        if customer.collector
        and customer.flags <= FREE
        and debtor._get_due_items().get(debtor.currency_id)
    ]
    free.sort(key=lambda pair: not pair[0].flags & set(FIXED))
    return free[:TAKEN]


def _due_on(debtor, day):
    """The two oldest items still open that were due on a day: what is promised."""
    items = debtor._get_due_items()[debtor.currency_id]
    return items.filtered(lambda item: item.date_due < day).sorted("date_due")[:2]


def _take(world, debtor, items, story, delays, env_on):
    """A promise made some days ago for a day some days later.

    :param delays: both numbers of days.
    :param env_on: environment of who takes it, on a day.
    """
    ago, days = delays
    made = world.today - timedelta(days=ago)
    amount = sum(items.mapped("amount_residual_currency"))
    lines = items.move_line_id
    promise = debtor.with_env(env_on(made))._make_promise(
        amount, world.today, lines, note=NOTES[story]
    )
    promise = promise.sudo()
    day = made + timedelta(days=days)
    tolerance = promise.company_id.recouvrement_promise_tolerance_days
    deadline = day + timedelta(days=tolerance)
    promise.write({"date_made": made, "date": day, "deadline": deadline})
    promise._suspend_items(deadline)
    if story in ("kept", "partly"):
        _pay(world, lines, amount if story == "kept" else amount / 2, day)
    decided = deadline + timedelta(days=1) if story != "kept" else day
    promise.with_env(env_on(min(decided, world.today)))._judge()


def _pay(world, lines, amount, day):
    """A receipt of the customer on a day, matched with the items."""
    company = lines.company_id
    payment = world.env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": lines.partner_id.commercial_partner_id.id,
            "amount": company.currency_id.round(amount),
            "date": day,
            "journal_id": companies.bank_journal(world, company).id,
            "company_id": company.id,
            "memo": f"Virement {lines.partner_id.commercial_partner_id.name}",
        }
    )
    payment.action_post()
    receivable = payment.move_id.line_ids.filtered(
        lambda line: line.account_id == lines[0].account_id
    )
    (lines | receivable).reconcile()
