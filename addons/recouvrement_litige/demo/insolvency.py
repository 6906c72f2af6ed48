"""Customers in proceedings, announcements of the BODACC to read, a credit insurance
policy with what has to be told, items assigned to a factor."""

import json
from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import (
    _as,
    _days_ago,
    _overdue_lines,
)

JUDGED, PUBLISHED, DECLARED = 38, 29, 12  # days ago
SECOND = (9, 3)  # judgment and publication of proceedings that wait to be declared
# A valid registry number that belongs to nobody here.
REGISTRIES = ("73282932000074", "30326504500017", "55210055400013")


def build(world):
    """Only where the story has its customers: a small demonstration has few."""
    plain = _plain_debtors(world)
    marked = _marked_debtors(world)
    if marked:
        _declared(world, marked[0])
    if len(plain) > 4:
        _opened(world, plain[0])
        _announce(world, plain[1:3])
        _insure(world, [plain[3], *marked])
        _factor(world, plain[4])
    world.env["recouvrement.debtor"]._process_dirty()


def _marked_debtors(world):
    """Whom the collectors marked as insolvent before there were files."""
    items = world.env["recouvrement.open.item"].search(
        [
            ("collection_status", "=", "insolvency"),
            ("debtor_company_id", "=", world.companies["main"].id),
        ],
        order="debtor_id",
    )
    return list(items.debtor_id)


def _plain_debtors(world):
    """Debtors about whom nothing else is told, with overdue items."""
    found = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("collector_id", "!=", False),
            ("hold_until", "=", False),
            ("plan_ids", "=", False),
            ("promise_ids", "=", False),
            ("answered", "=", False),
            ("country_id.code", "=", "FR"),
        ],
        order="id",
    )
    lines = _overdue_lines(world, found, 30)
    return [
        debtor
        for debtor in found
        if debtor in lines
        and set(lines[debtor].mapped("collection_status")) == {"to_chase"}
        and len(lines[debtor].currency_id) == 1
    ][-6:]


def _representative(world, name, street, city, code):
    return world.env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "street": street,
            "zip": code,
            "city": city,
            "country_id": world.env.ref("base.fr").id,
        }
    )


def _proceed(world, debtor, kind, judged, published, **vals):
    env = _as(world, "manager", _days_ago(world, published - 1))
    return env["recouvrement.insolvency"]._open(
        debtor.with_env(env),
        {
            "kind_id": world.env.ref(f"recouvrement_litige.insolvency_kind_{kind}").id,
            "date_judgment": _days_ago(world, judged),
            "date_published": _days_ago(world, published),
            "date_opened": _days_ago(world, published - 1),
            **vals,
        },
    )


def _declared(world, debtor):
    one = _proceed(
        world,
        debtor,
        "liquidation",
        JUDGED,
        PUBLISHED,
        court="Tribunal de commerce de Paris",
        case_number="2026J01187",
        representative_id=_representative(
            world,
            "SELARL Aubier & Associés",
            "18 quai de la Mégisserie",
            "Paris",
            "75001",
        ).id,
    )
    state = world.env["ir.actions.report"].get_wkhtmltopdf_state()
    if state in ("install", "broken"):
        return
    one.action_make_declaration()
    one._declare(_days_ago(world, DECLARED), "registered", "1A 190 442 7781 3")
    world.name_records({"insolvency_declared": one})


def _opened(world, debtor):
    one = _proceed(
        world,
        debtor,
        "reorganisation",
        *SECOND,
        court="Tribunal de commerce de Bobigny",
    )
    world.name_records({"insolvency_opened": one})


def _announce(world, debtors):
    """An extract as the open data gives it, with a row that cannot be read."""
    rows = []
    for number, (debtor, registry) in enumerate(
        zip(debtors, REGISTRIES, strict=False), start=1
    ):
        if not debtor.partner_id.company_registry:
            debtor.partner_id.company_registry = registry
        digits = "".join(filter(str.isdigit, debtor.partner_id.company_registry))
        rows.append(_announcement(world, number, digits[:9], debtor.partner_id.name))
    rows.append({**_announcement(world, 8, "732829320", "INCONNU"), "registre": ["12"]})
    env = _as(world, "manager", _days_ago(world, 1))
    env["recouvrement.bodacc.import"]._take(
        "annonces-commerciales.json",
        json.dumps(rows).encode(),
        world.companies["main"],
    )


def _announcement(world, number, siren, name):
    nature = (
        "Jugement d'ouverture de liquidation judiciaire"
        if number == 1
        else "Jugement d'ouverture d'une procédure de redressement judiciaire"
    )
    return {
        "id": f"A2026021{number:05}",
        "dateparution": str(_days_ago(world, 2)),
        "familleavis": "collective",
        "typeavis": "annonce",
        "tribunal": "Greffe du Tribunal de Commerce de Bobigny",
        "commercant": name.upper(),
        "registre": [siren],
        "jugement": json.dumps(
            {
                "nature": nature,
                "date": str(_days_ago(world, 12)),
                "complementJugement": "Mandataire judiciaire : SELARL Aubier & "
                "Associés, 18 quai de la Mégisserie, 75001 Paris. Les créances sont à "
                "déclarer dans les deux mois de la présente publication.",
            }
        ),
    }


def _insure(world, covered):
    """Delays of a policy of the trade; some items are about to lose their cover."""
    insurer = world.env["res.partner"].create(
        {"name": "Compagnie d'assurance-crédit du Nord", "is_company": True}
    )
    policy = world.env["recouvrement.insurance.policy"].create(
        {
            "name": "AC-2026-118",
            "insurer_id": insurer.id,
            "company_id": world.companies["main"].id,
            "date_from": _days_ago(world, 900),
            "min_amount": 300,
            "confidence_note": "Délais recopiés du contrat, conditions particulières, "
            "page 4.",
        }
    )
    for one in covered:
        one.insurance_policy_id = policy
    world.env["recouvrement.insurance.event"]._propose(
        world.today + timedelta(days=policy.max_credit_days)
    )


def _factor(world, debtor):
    factor = world.env["res.partner"].create(
        {"name": "Affacturage de l'Ouest SA", "is_company": True}
    )
    bank = world.env["res.partner.bank"].create(
        {"partner_id": factor.id, "acc_number": "FR7630006000011234567890189"}
    )
    contract = world.env["recouvrement.factoring"].create(
        {
            "name": "FACT-2026-07",
            "factor_id": factor.id,
            "bank_id": bank.id,
            "company_id": world.companies["main"].id,
            "date_from": _days_ago(world, 300),
            "with_recourse": False,
            "payer_text": "Pour être libératoire, le règlement de ces factures doit "
            "être fait directement à Affacturage de l'Ouest SA, subrogée dans nos "
            "droits.",
        }
    )
    env = _as(world, "manager", _days_ago(world, 20))
    for lines in _overdue_lines(world, [debtor], 2).values():
        contract.with_env(env)._assign(lines.with_env(env), _days_ago(world, 20))
    world.name_records({"factoring": contract})
