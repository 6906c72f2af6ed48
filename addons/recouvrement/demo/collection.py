"""The work of the collectors: portfolios, past campaigns, statuses, holds, and the
campaign of today that waits for approval."""

from datetime import datetime, time, timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from . import promises, worklist

# Days before today of the campaigns already sent.
PAST_CAMPAIGNS = (63, 42, 21)
HOUR = time(8, 30)
PORTFOLIO_MONTHS = 23
# One reminder in this many of the last past campaign came back.
BOUNCE_EVERY = 12

STATUSES = {
    "disputed": (
        "disputed",
        "Le client conteste la quantité livrée, réserves portées sur le bon.",
    ),
    "litigation": ("litigation", "Dossier remis à l'avocat, assignation en cours."),
    "insolvency": (
        "insolvency",
        "Redressement judiciaire ouvert, créance déclarée au mandataire.",
    ),
}
HOLDS = {
    "held": "Échange en cours avec la direction sur un avoir à établir.",
}
ANSWER = {
    "subject": "Re : votre relance",
    "body": "Bonjour, le virement part cette semaine. Cordialement.",
}
NOTES = (
    "Appelé le standard : la comptable règle le 10 et le 25 de chaque mois.",
    "Adresse de facturation vérifiée avec le service commercial.",
    "Relevé de compte envoyé à la demande du client.",
)


def build(world):
    """Run the past."""
    _assign_portfolios(world)
    for index, days in enumerate(PAST_CAMPAIGNS):
        run = _past_campaign(world, days)
        world.name_records({f"run_past_{index + 1}": run})
    _set_statuses(world)
    promises.build(world, _debtors(world, world.customers), partial(_as, world))
    _hold(world)
    _write_notes(world)
    world.env["recouvrement.debtor"]._process_dirty()
    world.flagged("archived")[0].partner.active = False


def propose_today(world):
    """The campaign of today, once all that happened before is told."""
    world.name_records({"run_today": _todays_campaign(world)})
    worklist.build(world)


def _as(world, login, day):
    """Environment of a user, on a past day: events carry both.

    sudo: the demonstration is built at installation, the author stays the user.
    """
    context = {
        **world.env.context,
        "default_date": datetime.combine(day, HOUR),
        "tracking_disable": True,
        "lang": world.language("fr_FR"),
    }
    return world.env(user=world.users[login].id, su=True, context=context)


def _days_ago(world, days):
    return world.today - timedelta(days=days)


def _debtors(world, customers):
    """Debtor account of each customer that has one."""
    accounts = {
        (debtor.partner_id, debtor.company_id): debtor
        for debtor in world.env["recouvrement.debtor"].search(
            [("company_id", "in", [c.id for c in world.companies.values()])]
        )
    }
    found = (
        (customer, accounts.get((customer.partner, world.companies[customer.company])))
        for customer in customers
    )
    return [(customer, debtor) for customer, debtor in found if debtor]


# Portfolios


def _assign_portfolios(world):
    world.env["recouvrement.debtor"]._refresh_totals()
    env = _as(world, "manager", world.today - relativedelta(months=PORTFOLIO_MONTHS))
    groups = {}
    for customer, debtor in _debtors(world, world.customers):
        groups.setdefault(customer.collector, []).append(debtor.id)
    for login, ids in groups.items():
        debtors = env["recouvrement.debtor"].browse(ids)
        debtors.write(
            {
                "collector_id": login and world.users[login].id,
                "branch_manager_id": world.users["manager"].id,
            }
        )


# Campaigns


def _create_campaign(env, world, day):
    return env["recouvrement.dunning.run"].create(
        {
            "name": f"Campagne du {day:%d/%m/%Y}",
            "date": day,
            "company_ids": [company.id for company in world.companies.values()],
        }
    )


def _propose(run):
    """The real proposal, to its end and within the transaction."""
    run.state = "proposing"
    run.cursor_debtor_id = 0
    run._process_all()


def _past_campaign(world, days):
    """A campaign proposed on the ledger of a past day, and sent that day."""
    day = _days_ago(world, days)
    env = _as(world, "manager", day)
    run = _create_campaign(env, world, day)
    _propose(run)
    run.reminder_ids.action_approve()
    for channel, reminders in run.reminder_ids.grouped("channel").items():
        _confirm(reminders, channel, day)
    if days == PAST_CAMPAIGNS[-1]:
        _bounce(run)
    run.state = "done"
    return run


def _confirm(reminders, channel, day):
    """Record the sending on its day, with the proof that the channel gives."""
    moment = datetime.combine(day, HOUR)
    past = {"date_approved": moment, "date_queued": moment}
    if channel != "registered":
        reminders._confirm_sent(day, **past)
        return
    for number, reminder in enumerate(reminders, start=1):
        reminder._confirm_sent(
            day,
            tracking_number=f"1A 099 {day:%j} {number:04d} {number % 10}",
            date_received=day + timedelta(days=3),
            **past,
        )


def _bounce(run):
    """Some e-mails came back: they count as no reminder."""
    mails = run.reminder_ids.filtered(
        lambda reminder: reminder.channel == "email" and reminder.state == "sent"
    )
    mails.sorted("id")[::BOUNCE_EVERY]._mark_failed(
        "550 5.1.1 Adresse inconnue sur ce serveur"
    )


def _todays_campaign(world):
    env = _as(world, "manager", world.today)
    run = _create_campaign(env, world, world.today)
    _propose(run)
    return run


# Statuses, holds and notes


def _overdue_lines(world, debtors, limit):
    """Oldest overdue invoices of each debtor, as journal items."""
    items = world.env["recouvrement.open.item"].search(
        [
            ("debtor_id", "in", [debtor.id for debtor in debtors]),
            ("amount_residual_currency", ">", 0),
            ("date_due", "<", world.today),
        ]
    )
    grouped = items.grouped("debtor_id")
    return {
        debtor: grouped[debtor][:limit].move_line_id
        for debtor in debtors
        if debtor in grouped
    }


def _set_statuses(world):
    env = _as(world, "collector", _days_ago(world, 9))
    for flag, (status, reason) in STATUSES.items():
        debtors = [debtor for _customer, debtor in _flagged_debtors(world, flag)]
        whole = status in ("insolvency", "litigation")
        found = _overdue_lines(world, debtors, None if whole else 2)
        for lines in found.values():
            lines.with_env(env)._set_collection_status(status, reason)


def _flagged_debtors(world, flag):
    return _debtors(world, world.flagged(flag))


def _hold(world):
    env = _as(world, "manager", _days_ago(world, 4))
    for flag, reason in HOLDS.items():
        for _customer, debtor in _flagged_debtors(world, flag):
            debtor.with_env(env)._hold(world.today + timedelta(days=15), reason)


def _write_notes(world):
    """Notes of the collectors, next actions, and an answer that nobody read."""
    for index, (customer, debtor) in enumerate(_debtors(world, world.customers)):
        if customer.segment == "intragroup" or not customer.collector or index % 3:
            continue
        day = _days_ago(world, 5 + index % 30)
        noted = debtor.with_env(_as(world, customer.collector, day))
        noted._log_event("note", NOTES[index % len(NOTES)])
        noted.next_action = "Rappeler la comptabilité"
        noted.next_action_date = world.today + timedelta(days=index % 7)
    for customer, debtor in _flagged_debtors(world, "answered"):
        debtor.with_env(
            _as(world, customer.collector, _days_ago(world, 1))
        ).message_post(
            body=ANSWER["body"],
            subject=ANSWER["subject"],
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=customer.partner.id,
            email_from=customer.partner.email,
        )
