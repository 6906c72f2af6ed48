"""Key figures of the demonstration: twelve months frozen from its ledger, and what its
reminders and calls cost."""

from odoo.tools import SQL

from ..tools.period import Period

MONTHS = 12
# Examples, for the demonstration only: postage of a company and minutes of a collector.
COSTS = (
    ("reminder_email", 0.35, "Relecture et envoi : 1 minute"),
    ("reminder_letter", 2.90, "Affranchissement, papier et mise sous pli"),
    ("reminder_registered", 8.60, "Recommandé avec avis de réception, mise sous pli"),
    ("reminder_call", 4.20, "Appel préparé et noté : 8 minutes"),
    ("contact_call_out", 4.20, "Appel préparé et noté : 8 minutes"),
    ("contact_call_in", 2.60, "Appel reçu et noté : 5 minutes"),
    ("contact_email", 1.60, "Réponse écrite : 3 minutes"),
    ("contact_visit", 65.00, "Visite : deux heures et le déplacement"),
    ("contact_meeting", 32.00, "Réunion : une heure"),
)


def build(world):
    """Costs, then the disputes on their days, then the frozen months."""
    companies = list(world.companies.values())
    _make_costs(world, companies)
    _date_disputes(world, companies)
    last = Period.month(Period.month(world.today).eve)
    for company in companies:
        for month in last.last_months(MONTHS):
            world.env["recouvrement.kpi.snapshot"]._freeze(company.root_id, month)


def _make_costs(world, companies):
    start = Period.month(world.today).last_months(MONTHS + 12)[0].start
    world.env["recouvrement.action.cost"].create(
        [
            {
                "company_id": company.root_id.id,
                "kind": kind,
                "unit_cost": cost,
                "date_from": start,
                "note": note,
            }
            for company in companies
            for kind, cost, note in COSTS
        ]
    )


def _date_disputes(world, companies):
    """The demonstration tells its past in one day: disputes begin on the day that the
    history of the customers gives."""
    periods = world.env["recouvrement.dispute.period"]
    world.env.flush_all()
    world.env.cr.execute(
        SQL(
            "DELETE FROM recouvrement_dispute_period WHERE company_id = ANY(%s)",
            [company.id for company in companies],
        )
    )
    periods.invalidate_model()
    periods._take_over()
