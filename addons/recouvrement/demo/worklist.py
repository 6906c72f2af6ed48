"""What waits on the worklist of the demonstration beside what the other layers leave:
a claim that lapses soon, and a colleague who is away next week.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .ledger import QUIET

# A private customer bought almost two years ago: the claim lapses in so many days.
LAPSES_IN = 40
LABEL = "Reprise d'éclairage, solde du devis"
AMOUNT = 486.0
NOTE = "Congés. Centrale Mercalys et hôpital à rappeler : voir les notes des comptes."


def build(world):
    """Add them, after the campaigns."""
    _age_a_claim(world)
    _stand_in(world)


def _age_a_claim(world):
    """An invoice that a private customer never paid, forgotten since."""
    customer = _find_forgotten(world)
    company = world.companies[customer.company]
    due = world.today - relativedelta(years=2) + timedelta(days=LAPSES_IN)
    env = world.env(context={**world.env.context, **QUIET})
    move = (
        env["account.move"]
        .with_company(company)
        .create(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": customer.partner.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": LABEL, "price_unit": AMOUNT, "tax_ids": False}
                    )
                ],
            }
        )
    )
    move.action_post()
    debtors = world.env["recouvrement.debtor"].with_context(tracking_disable=True)
    debtors._process_dirty()
    debtors.search(
        [("partner_id", "=", customer.partner.id), ("company_id", "=", company.id)]
    ).collector_id = world.users[customer.collector]


def _find_forgotten(world):
    """A private customer with whom nothing is planned or was said."""
    busy = world.env["recouvrement.debtor"].search(
        ["|", ("next_action_date", "!=", False), ("last_contact_date", "!=", False)]
    )
    return next(
        customer
        for customer in world.customers
        if customer.segment == "consumer"
        and customer.collector
        and customer.partner not in busy.partner_id
    )


def _stand_in(world):
    """The second collector is away next week."""
    monday = world.today + timedelta(days=7 - world.today.weekday())
    for company in world.companies.values():
        if company.parent_id:
            continue
        world.env["recouvrement.substitution"].create(
            {
                "user_id": world.users["collector2"].id,
                "substitute_id": world.users["collector"].id,
                "company_id": company.id,
                "date_from": monday,
                "date_to": monday + timedelta(days=4),
                "note": NOTE,
            }
        )
