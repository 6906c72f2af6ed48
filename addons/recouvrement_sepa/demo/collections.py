"""Collections of the demonstration: one settled by the bank, one sent, one being
prepared; each prepared by the accountant and approved by the credit manager."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

from ..tools import target_calendar

BANK_IBAN = "FR161293974833I1JEZO3JOOJ63"
SETTLED_DAYS_AGO = 24
SENT_IN_DAYS = 4
APPROVAL_AMOUNT = 5_000
BIGGEST = 60_000  # nobody collects a whole year of a key account in one debit


def build(world):
    """Without mandates there is nothing to collect."""
    company = world.companies["main"]
    company.sepa_approval_amount = APPROVAL_AMOUNT
    journal = _bank(world, company)
    settled = target_calendar.next_open(_days_ago(world, SETTLED_DAYS_AGO))
    sent = target_calendar.add_open_days(world.today, SENT_IN_DAYS)
    first = _prepare(world, journal, "CORE", settled, SETTLED_DAYS_AGO + 6)
    if first:
        _hand_in(world, first, SETTLED_DAYS_AGO + 5)
        _settle(world, first)
    second = _prepare(world, journal, "CORE", sent, 2)
    if second:
        _hand_in(world, second, 1)
    third = _prepare(world, journal, "B2B", sent, 0)
    names = {"settled": first, "sent": second, "draft": third}
    world.name_records(
        {f"sepa_collection_{name}": found for name, found in names.items() if found}
    )
    world.env["recouvrement.debtor"]._process_dirty()


def _bank(world, company):
    journal = world.env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)],
        order="sequence, id",
        limit=1,
    )
    if not journal.bank_account_id:
        journal.bank_account_id = world.env["res.partner.bank"].create(
            {"acc_number": BANK_IBAN, "partner_id": company.partner_id.id}
        )
    return journal


def _prepare(world, journal, scheme, day, days_ago):
    """What the accountant proposed some days ago; the clock of the bank is that of the
    story."""
    env = _as(world, "accountant", _days_ago(world, days_ago))
    collections = env["recouvrement.sepa.collection"]
    until = min(day, world.today) - timedelta(days=1)
    with _bank_clock(collections):
        collection = collections._propose(journal, scheme, until, day)
    collection.line_ids.filtered(lambda line: line.amount > BIGGEST).action_remove()
    return collection


def _bank_clock(collections):
    return patch.object(
        type(collections), "_get_earliest_date", lambda *args: date(2000, 1, 1)
    )


def _hand_in(world, collection, days_ago):
    """Approved, written and sent on that day."""
    day = _days_ago(world, days_ago)
    collection.action_submit()
    if collection.state == "to_approve":
        manager = _as(world, "manager", day)
        collection.with_env(manager).action_approve()
    with _bank_clock(collection):
        collection.action_generate()
        if collection.state == "approved":
            collection.action_remove_refused()
            collection.action_generate()
    collection.action_sent()
    collection.date_sent = day


def _settle(world, collection):
    """The bank credits the collection in one amount."""
    collection._book()
    statement = world.env["account.bank.statement.line"].create(
        {
            "journal_id": collection.journal_id.id,
            "date": collection.date,
            "amount": collection.amount,
            "payment_ref": f"REMISE PRELEVEMENTS {collection.message_id}",
        }
    )
    collection._settle(statement)
