"""Returned debits of the demonstration: the reasons that a collector meets, told by
one, two or three messages of the bank, some placed by nobody yet.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal

from ..tools import target_calendar
from ..tools.bank.model import Event

# One debit in so many comes back.
ONE_IN = 3
# Reason, kind, open days after the collection, messages: dealt out in turn.
STORIES = (
    ("AM04", "return", 2, ("pain.002", "camt.054", "camt.053")),
    ("AC04", "return", 1, ("camt.053",)),
    ("AM04", "return", 3, ("camt.054", "camt.053")),
    ("MD06", "refund", 8, ("camt.053",)),
    ("MS03", "return", 2, ("camt.053",)),
    ("MS02", "reject", 0, ("pain.002", "camt.053")),
    ("AC01", "return", 1, ("camt.053",)),
    ("AM04", "return", 2, ("camt.053",)),
    ("SL14", "return", 2, ("camt.053",)),
    ("MD01", "refund", 9, ("camt.053",)),
)
VERSIONS = {
    "pain.002": "pain.002.001.10",
    "camt.054": "camt.054.001.08",
    "camt.053": "camt.053.001.08",
}
FEE = Decimal("2.50")
# Debits of others that reached our account: reference, name, amount, days ago.
STRANGERS = (
    ("LOYER-2026-11", "SCI DES TILLEULS", "840.00", 2),
    ("NOTPROVIDED", "M. OLIVIER CARON", "59.90", 4),
)


def build(world):
    """Let the bank return some debits, unless it did."""
    company = world.companies["main"]
    env = _env(world)
    returns = env["recouvrement.sepa.return"]
    if returns.search_count([("company_id", "=", company.id)]):
        return
    for index, line in enumerate(_choose(env, company)):
        reason, kind, days, messages = STORIES[index % len(STORIES)]
        day = target_calendar.add_open_days(line.date, days)
        if day <= world.today:
            _give_back(world, line, reason, kind, day, messages)
    if returns.search_count([("company_id", "=", company.id)]):
        _tell_strangers(world, company)
    env["recouvrement.debtor"]._process_dirty()


def _env(world, day=None):
    """Environment of the accountant, in sudo; on a day, for the history."""
    context = {**world.env.context, "tracking_disable": True}
    if day:
        context["default_date"] = datetime.combine(day, time(9, 30))
    return world.env(user=world.users["accountant"].id, su=True, context=context)


def _choose(env, company):
    """Every so many of the debits that the bank has booked, the oldest first."""
    lines = env["recouvrement.sepa.collection.line"].search(
        [("company_id", "=", company.id), ("state", "in", ("booked", "settled"))],
        order="date, id",
    )
    return lines[::ONE_IN]


def _give_back(world, line, reason, kind, day, messages):
    """One debit that comes back, as each message tells it."""
    returns = _env(world, day)["recouvrement.sepa.return"]
    for number, message in enumerate(messages):
        booked = message != "pain.002"
        returns._take(
            [
                Event(
                    kind=kind if booked else "reject",
                    level="transaction",
                    booked=booked,
                    date=day,
                    amount=Decimal(str(line.amount)).quantize(Decimal("0.01")),
                    end_to_end_id=line.end_to_end_id,
                    rum=line.rum,
                    iban=line.iban,
                    debtor_name=line.debtor_name.upper(),
                    reason=reason,
                    charges=FEE if message == "camt.053" else Decimal(0),
                    message_id=f"{message.upper()}-{day:%Y%m%d}",
                    document=VERSIONS[message],
                    where=f"document 1, entry {number + 1}",
                )
            ],
            company=line.company_id,
        )


def _tell_strangers(world, company):
    """Debits of others, which a person has to look at."""
    for number, (reference, name, amount, ago) in enumerate(STRANGERS):
        day = world.today - timedelta(days=ago)
        _env(world, day)["recouvrement.sepa.return"]._take(
            [
                Event(
                    kind="return",
                    level="transaction",
                    booked=True,
                    date=day,
                    amount=Decimal(amount),
                    end_to_end_id=reference,
                    debtor_name=name,
                    reason="AM04",
                    message_id=f"CAMT.053-{day:%Y%m%d}",
                    document=VERSIONS["camt.053"],
                    where=f"document 1, entry {20 + number}",
                )
            ],
            company=company,
        )
