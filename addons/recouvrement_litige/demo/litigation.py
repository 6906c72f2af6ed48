"""Litigation files at several stages, made by the buttons of the desk on past days."""

from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import (
    _as,
    _days_ago,
    _overdue_lines,
)

COURTS = (
    ("Tribunal des activités économiques de Paris", "tae", "75004", "Paris", "75"),
    (
        "Tribunal des activités économiques de Nanterre",
        "tae",
        "92000",
        "Nanterre",
        "92",
    ),
    ("Tribunal des activités économiques de Lyon", "tae", "69003", "Lyon", "69"),
    ("Tribunal de commerce de Créteil", "tc", "94000", "Créteil", "94"),
    ("Tribunal de commerce de Bobigny", "tc", "93000", "Bobigny", "93"),
    ("Tribunal de commerce de Pontoise", "tc", "95300", "Pontoise", "95"),
    ("Tribunal de commerce de Meaux", "tc", "77100", "Meaux", "771,774,775"),
    ("Tribunal judiciaire de Paris", "tj", "75017", "Paris", "75"),
    ("Tribunal judiciaire de Fontainebleau", "tj", "77300", "Fontainebleau", "773"),
    ("Tribunal judiciaire de Lyon", "tj", "69003", "Lyon", "69"),
    ("Tribunal judiciaire de Strasbourg", "tj", "67000", "Strasbourg", "67"),
    ("Juge de l'exécution de Paris", "jex", "75017", "Paris", "75"),
)
ORDER = "payment_order_2026_09"
NOTICE = (("formal_notice", (("send", 14),)),)
# What was done in each file: procedures, with the steps and how many days ago.
STORIES = (
    (
        ("formal_notice", (("send", 150), ("received", 146))),
        (
            ORDER,
            (("application", 130), ("fee", 122), ("order", 105), ("serve", 80)),
        ),
        ("attachment_seizure", ()),
    ),
    (
        ("formal_notice", (("send", 60),)),
        ("summons", (("instruct", 45), ("summons", 20))),
    ),
    (
        ("formal_notice", (("send", 120), ("received", 116))),
        (ORDER, (("application", 98), ("fee", 90), ("order", 70))),
    ),
    (("formal_notice", (("send", 5),)),),
    (*NOTICE, (ORDER, (("application", 9),))),
    (("formal_notice", (("send", 90),)), ("protective_seizure", (("leave", 6),))),
)
HEARING, SETTLED = 1, 6


def build(world):
    """Files of the customers marked before, then of those nothing is told about."""
    _make_courts(world)
    taken = world.env["recouvrement.litigation"]._take_over_marks()
    taken |= world.env["recouvrement.litigation"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("procedure_id", "=", False),
            ("state", "=", "open"),
        ]
    )
    files = _tell_taken_over(world, taken)
    for index, (debtor, lines) in enumerate(_choose(world, len(STORIES) + 1)):
        story = STORIES[index] if index < len(STORIES) else NOTICE
        litigation = _open(world, debtor, lines, story)
        if index == SETTLED:
            env = _as(world, "manager", _days_ago(world, 3))
            litigation.with_env(env)._close(
                "settlement", "Accord signé avec la direction : trois versements."
            )
        files |= litigation
    world.name_records(
        {f"litigation_{number}": one for number, one in enumerate(files, start=1)}
    )
    _night(world)


def _make_courts(world):
    """The courts, once in a database."""
    courts = world.env["recouvrement.jurisdiction"]
    known = set(courts.search([("active", "=", True)]).mapped("name"))
    courts.create(
        [
            {
                "name": name,
                "kind": kind,
                "zip": zip_code,
                "city": city,
                "zip_prefixes": prefixes,
            }
            for name, kind, zip_code, city, prefixes in COURTS
            if name not in known
        ]
    )


def _tell_taken_over(world, files):
    """Items that the collectors had marked: the file waits for the hearing."""
    for litigation in files:
        _tell(world, litigation, STORIES[HEARING])
    return files


def _choose(world, number):
    """Customers about whom nothing else is told, with overdue items that are chased:
    ``(debtor, lines)``."""
    plain = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("collector_id", "!=", False),
            ("hold_until", "=", False),
            ("plan_ids", "=", False),
            ("promise_ids", "=", False),
            ("answered", "=", False),
            ("country_id.code", "=", "FR"),
        ],
        order="id desc",
    )
    plain = plain.filtered(lambda debtor: debtor._get_claim_nature() == "commercial")
    found = _overdue_lines(world, plain, 4)
    chosen = [
        (debtor, lines)
        for debtor, lines in found.items()
        if set(lines.mapped("collection_status")) == {"to_chase"}
    ]
    return chosen[:number]


def _open(world, debtor, lines, story):
    """A file opened on the day of the first step that is told."""
    days = [days for _code, steps in story for _step, days in steps]
    age = max(days, default=7) + 3
    login = "collector" if age < 60 else "manager"
    env = _as(world, login, _days_ago(world, age))
    court = env["recouvrement.jurisdiction"]._find_for(
        ("tae", "tc", "tj"), debtor.partner_id.zip
    )
    litigation = env["recouvrement.litigation"]._open(
        debtor.with_env(env),
        lines.with_env(env),
        jurisdiction_id=court.id,
        date_open=_days_ago(world, age),
        user_id=debtor.collector_id.id or env.uid,
    )
    _tell(world, litigation, story)
    return litigation


def _tell(world, litigation, story):
    """Play the procedures of a story on their days."""
    for code, steps in story:
        age = max((days for _step, days in steps), default=1) + 2
        env = _as(world, "manager", _days_ago(world, age))
        procedure = world.env.ref(f"recouvrement_litige.procedure_{code}")
        if code == "attachment_seizure":
            _give_title(world, litigation)
        litigation.with_env(env)._start_procedure(procedure, _days_ago(world, age))
        for step_code, days in steps:
            _do(world, litigation, step_code, days)
    hearing = litigation.step_ids.filtered(lambda step: step.code == "hearing")
    if code == "summons":
        hearing.date_fixed = world.today + timedelta(days=24)


def _do(world, litigation, code, days, **vals):
    """Record a step of the last procedure, some days ago."""
    step = litigation.step_ids.filtered(lambda one: one.code == code).sorted("round")
    if step and not step[-1].date_done and step[-1].state != "void":
        env = _as(world, "manager", _days_ago(world, days))
        step[-1].with_env(env)._set_done(_days_ago(world, days), **vals)


def _give_title(world, litigation):
    granted = {
        "name": "2026IP00417",
        "amount_principal": litigation.amount_open,
        "amount_costs": 51.07,
    }
    _do(world, litigation, "enforceable", 12, granted=granted)


def _night(world):
    """Terms that ran out since, states of the day."""
    files = world.env["recouvrement.litigation"]
    files._find_to_recompute()._pass_terms()
    files.search([("state", "=", "open")])._recompute_steps()
    world.env["recouvrement.deadline"]._refresh_states()
    world.env["recouvrement.debtor"]._process_dirty()
