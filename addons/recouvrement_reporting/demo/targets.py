"""A team with its targets of half a year, a bonus rule, and the bonuses of last month:
worked out by the accountant, approved by the credit manager."""

from decimal import ROUND_HALF_UP, Decimal

from odoo import Command

from ..models.target import COLLECTED
from ..tools.period import Period

MONTHS, WEEKS = 6, 4
ROUND_TO = Decimal(500)
RATE, DAYS = "recovery_month", "days_beyond_terms"
CODES = (COLLECTED, RATE, DAYS)
MEMBERS = ("collector", "collector2")


def build(world):
    """Teams, targets, a rule and statements of the main company."""
    company = world.companies["main"]
    env = world.env(
        su=True,
        context={**world.env.context, "lang": world.language("fr_FR")},
    )
    team = _create_team(world, env, company)
    months = Period.month(world.today).last_months(MONTHS)
    _create_targets(world, env, company, team, months)
    _create_weekly_targets(env, company, world.today)
    rule = _create_rule(world, env, company, team)
    # A small demonstration may have nothing that was collected.
    env["recouvrement.kpi.snapshot"]._freeze(company, months[-2])
    env["recouvrement.target"].search(
        [("company_id", "=", company.id)]
    )._refresh_progress()
    _make_bonuses(world, rule, months[-2])


def _create_team(world, env, company):
    members = [world.users[login].id for login in MEMBERS]
    team = env["recouvrement.team"].create(
        {
            "name": "Recouvrement amiable",
            "company_id": company.id,
            "manager_id": world.users["manager"].id,
            "member_ids": [Command.set(members)],
        }
    )
    world.name_records({"team_amicable": team})
    return team


# Targets


def _create_targets(world, env, company, team, months):
    """What was asked for lies near what was reached, some months above it."""
    targets = env["recouvrement.target"]
    reached = {
        month: targets._measure(company, month, CODES, frozen=False)
        for month in months[:-1]
    }
    values = []
    for owner in (
        ("user", world.users["collector"]),
        ("user", world.users["collector2"]),
        ("team", team),
    ):
        kind, record = owner
        amounts = _amounts(reached, (kind, record.id))
        for month in months:
            rng = world.rng("target", kind, record.name, month.start)
            usual = amounts.get(month) or _best(amounts)
            asked = (
                (COLLECTED, _round(usual * Decimal(rng.randint(88, 118)) / 100)),
                (RATE, Decimal(rng.choice((30, 35, 40)))),
                (DAYS, Decimal(rng.choice((36, 38, 40)))),
            )
            values += [
                {
                    "company_id": company.id,
                    f"{kind}_id": record.id,
                    "date_start": month.start,
                    "measure": measure,
                    "value": float(value),
                }
                for measure, value in asked
                if value
            ]
    targets.create(values)


def _amounts(reached, owner):
    """Amount that an owner collected in each month."""
    figures = {
        month: found.get(owner, {}).get(COLLECTED) for month, found in reached.items()
    }
    return {month: figure.value for month, figure in figures.items() if figure}


def _best(amounts):
    return max(amounts.values(), default=Decimal(0))


def _round(amount):
    return (amount / ROUND_TO).quantize(Decimal(1), rounding=ROUND_HALF_UP) * ROUND_TO


def _create_weekly_targets(env, company, today):
    """The weeks that run up to today, as the wizard shares the months out."""
    targets = env["recouvrement.target"]
    for number in range(WEEKS):
        start = (
            Period.week(today).start
            if not number
            else targets._next_start("week", today, -number)
        )
        wizard = env["recouvrement.target.wizard"].create(
            {
                "company_id": company.id,
                "period_kind": "week",
                "date_start": start,
                "source": "share",
                "measure": COLLECTED,
            }
        )
        if wizard.line_ids:
            wizard.action_confirm()


# Bonus


def _create_rule(world, env, company, team):
    rule = env["recouvrement.bonus.rule"].create(
        {
            "name": "Prime mensuelle de recouvrement",
            "company_id": company.id,
            "team_ids": [Command.set(team.ids)],
            "cap": 600,
            "clawback_months": 3,
            "note": "Note de service du 2 janvier : prime mensuelle brute, versée avec "
            "la paie du mois qui suit l'arrêté des indicateurs.",
            "component_ids": [
                _component(
                    "Montant encaissé",
                    [(80, 100), (90, 180), (100, 300), (110, 400)],
                ),
                _component(
                    "Taux de recouvrement",
                    [(25, 12)],
                    measure=RATE,
                    basis="value",
                    reward="point",
                    cap=150,
                ),
                _component("Objectif d'équipe", [(95, 50), (100, 100)], scope="team"),
            ],
            "condition_ids": [
                Command.create(
                    {
                        "name": "Retard moyen de paiement",
                        "measure": DAYS,
                        "basis": "value",
                        "comparison": "at_most",
                        "limit": 90,
                    }
                )
            ],
        }
    )
    world.name_records({"bonus_rule": rule})
    return rule


def _component(name, steps, **vals):
    return Command.create(
        {
            "name": name,
            "step_ids": [
                Command.create({"bound": bound, "reward": reward})
                for bound, reward in steps
            ],
            **vals,
        }
    )


def _make_bonuses(world, rule, month):
    def as_user(records, login):
        return records.with_user(world.users[login]).sudo()

    statements = world.env["recouvrement.bonus.statement"]
    made = as_user(statements, "accountant")._make(
        as_user(rule, "accountant"), month.start
    )
    approved = as_user(made, "manager").filtered(lambda s: s.total)[:1]
    approved.action_approve()
