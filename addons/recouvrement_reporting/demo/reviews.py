"""The account review of last month, held and sent, and this month's, prepared; a
credit committee to come."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

from odoo.addons.recouvrement.tools.workdays import after_weekend

AGO, AHEAD, COMMITTEE = 28, 3, 10  # days
PEOPLE = ("manager", "collector", "collector2", "salesperson", "accountant")
DISCUSSED = 18
# What was said, decided (kind, detail) and done since: dealt out in turn.
STORIES = (
    (
        "Le client attend un avoir promis depuis deux mois. La facturation confirme "
        "l'erreur de prix.",
        [("dispute", "Émettre l'avoir et le joindre au relevé")],
        "Avoir émis, solde réclamé.",
    ),
    (
        "Trésorerie tendue, le dirigeant est joignable et de bonne foi.",
        [("plan", "Trois mensualités au plus, première sous huitaine")],
        None,
    ),
    (
        "Aucune réponse aux deux dernières relances.",
        [
            ("chase", "Appeler le directeur financier, pas la comptabilité"),
            ("salesperson", "En parler au rendez-vous du 15"),
        ],
        "Virement annoncé par le directeur financier.",
    ),
    (
        "Le commercial signale un changement d'actionnaire ; commandes en cours.",
        [("block", "Pas de nouvelle commande sans acompte")],
        None,
    ),
    (
        "Créance ancienne, mise en demeure restée sans effet.",
        [("lawyer", "Préparer le dossier : contrat, bons de livraison, relances")],
        None,
    ),
    (
        "Le bon à payer circule, rien d'anormal.",
        [("promise", "Obtenir une date écrite")],
        "Payé à la date promise.",
    ),
    ("Petit solde, à suivre par les relances normales.", [], None),
)
AGENDA = (
    "<p>Encours et échu du mois ; retards de facturation signalés par les ventes ; "
    "nouveaux clients à contrôler.</p>"
)
CONCLUSION = (
    "<p>La facturation transmet les avoirs demandés avant le 10. Les commerciaux "
    "préviennent leurs clients avant toute mise en demeure.</p>"
)


def build(world):
    """Add the reviews, unless they are there."""
    reviews = world.env["recouvrement.review"]
    company = world.companies["main"]
    if reviews.search_count([("company_id", "=", company.id)]):
        return
    env = _env(world)
    last = _hold_last(world, env)
    following = last._make_next()
    following.date = after_weekend(world.today + timedelta(days=AHEAD))
    committee = env["recouvrement.review"].create(
        {
            "kind": "committee",
            "company_id": company.id,
            "date": after_weekend(world.today + timedelta(days=COMMITTEE)),
            "participant_ids": _people(world, "manager", "accountant"),
            "interval_months": 3,
        }
    )
    committee._prepare()


def _env(world, day=None):
    """Environment of the credit manager, in sudo; on a day, for the history."""
    context = {**world.env.context, "tracking_disable": True}
    if day:
        context["default_date"] = datetime.combine(day, time(10))
    return world.env(user=world.users["manager"].id, su=True, context=context)


def _people(world, *logins):
    partners = [world.users[login].partner_id.id for login in logins]
    return [Command.set(partners)]


def _hold_last(world, env):
    """Last month's review, with the ledger of its day."""
    day = after_weekend(world.today - timedelta(days=AGO))
    review = env["recouvrement.review"].create(
        {
            "company_id": world.companies["main"].id,
            "date": day,
            "participant_ids": _people(world, *PEOPLE),
            "agenda": AGENDA,
            "conclusion": CONCLUSION,
        }
    )
    review._prepare(as_of=day)
    decisions = [
        (decision, result)
        for index, item in enumerate(review.item_ids[:DISCUSSED])
        for decision, result in _discuss(item, index, day)
    ]
    review.with_env(_env(world, day))._close_meeting(as_of=day)
    _send(review, day)
    for decision, result in decisions:
        if result:
            _finish(decision, result, day)
    return review


def _discuss(item, index, day):
    """Say and decide what the story wants: ``(decision, result)``."""
    text, decided, result = STORIES[index % len(STORIES)]
    item.write({"discussion": text, "state": "discussed"})
    found = []
    for number, (code, note) in enumerate(decided):
        kind = item.env.ref(f"recouvrement_reporting.review_decision_kind_{code}")
        decision = item.decision_ids.browse(item.decide(kind.id))
        delay = kind.delay_days + 21 * (index % 2)
        decision.write(
            {"note": note, "date_due": after_weekend(day + timedelta(days=delay))}
        )
        found.append((decision, result if not number else None))
    return found


def _send(review, day):
    """Make and keep the minutes; the demonstration writes to nobody."""
    moment = datetime.combine(day, time(17))
    for minutes in review._make_minutes():
        minutes.email = minutes.partner_id.email
    review.minutes_ids.date = moment
    review.write({"state": "sent", "held_on": moment, "sent_on": moment})


def _finish(decision, result, day):
    decision.action_done(result)
    decision.done_on = min(decision.date_due, decision.env.cr.now().date())
    decision.activity_id.date_done = max(decision.done_on, day)
