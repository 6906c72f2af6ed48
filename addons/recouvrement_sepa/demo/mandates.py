"""Mandates of the demonstration: in every state, CORE and B2B, some to be signed, some
taken over from an older program; and customers who should have one."""

from datetime import timedelta
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from schwifty import IBAN

from odoo import Command

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

from ..tools.mandate import add_months

ICS = {"main": "FR04ZZZ8A5B01", "services": "FR74ZZZ8A5B02"}
SCAN = "Mandat signé : pièce de démonstration"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
# Scheme, type, where it stands, months since the signature, months since the last
# collection (None: none yet), number of collections.
TAKEN_OVER = (
    ("CORE", "recurrent", "active", 26, 1, 24),
    ("CORE", "recurrent", "active", 14, 1, 12),
    ("CORE", "recurrent", "active", 9, 2, 6),
    ("CORE", "recurrent", "active", 5, 1, 4),
    ("CORE", "recurrent", "active", 3, None, 0),
    ("B2B", "recurrent", "active", 18, 1, 16),
    ("B2B", "recurrent", "active", 11, 1, 10),
    ("B2B", "recurrent", "active", 7, 2, 5),
    ("CORE", "recurrent", "active", 60, 33, 9),
    ("B2B", "recurrent", "active", 48, 35, 3),
    ("CORE", "recurrent", "suspended", 20, 2, 11),
    ("B2B", "recurrent", "suspended", 16, 1, 8),
    ("CORE", "oneoff", "final", 4, 4, 1),
    ("CORE", "recurrent", "cancelled", 22, 8, 7),
    ("CORE", "recurrent", "expired", 70, 39, 2),
)
SUSPENDED = ("AC04 – Compte clos", "MD06 – Remboursement demandé par le débiteur")
PAPER = ("CORE", "B2B", "B2B")
PORTAL = ("CORE", "CORE")
SENT_DAYS_AGO = (13, 6, 1)
DRAFTS = 2
WITHOUT = 6


def build(world):
    """About twenty-five mandates of the main company, two of the other one."""
    for key, company in world.companies.items():
        if key in ICS:
            _set_creditor(world, company, ICS[key])
    debtors = _choose(world, "main")
    rng = world.rng("mandates")
    for index, story in enumerate(TAKEN_OVER):
        _take_over(world, next(debtors), index, story, rng)
    if world.env["ir.actions.report"].get_wkhtmltopdf_state() not in (
        "install",
        "broken",
    ):
        _issue_some(world, debtors, rng)
    for _number in range(DRAFTS):
        _draft(world, next(debtors), "CORE", _iban(rng))
    for _number in range(WITHOUT):
        next(debtors).sepa_mode = "yes"
    others = _choose(world, "services")
    for index, debtor in enumerate(others):
        if index == 2:
            break
        _take_over(world, debtor, 90 + index, TAKEN_OVER[index], rng)
    world.env["recouvrement.sepa.mandate"]._warn_lapse(world.today)


def _set_creditor(world, company, ics):
    company.write({"sepa_ics": ics})
    accounts = world.env["account.account"].with_company(company)
    journals = world.env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)]
    )
    journals.write(
        {
            "sepa_transit_account_id": _account(
                accounts, company, "511500", "Prélèvements en cours", "asset_current"
            ).id,
            "sepa_fee_account_id": _account(
                accounts, company, "627800", "Frais sur prélèvements", "expense"
            ).id,
        }
    )


def _account(accounts, company, code, name, account_type):
    found = accounts.search([("code", "=", code), ("company_ids", "=", company.id)])
    return found or accounts.create(
        {
            "code": code,
            "name": name,
            "account_type": account_type,
            "reconcile": account_type == "asset_current",
            "company_ids": [Command.set(company.ids)],
        }
    )


def _choose(world, key):
    """Professional customers in use, those that owe something first."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies[key].id),
            ("partner_id.active", "=", True),
            ("partner_id.email", "!=", False),
            ("collector_id", "!=", False),
        ],
        order="open_item_count DESC, id",
    )
    mandates = world.env["recouvrement.sepa.mandate"]
    return iter(
        [
            debtor
            for debtor in debtors
            if not mandates.new({"debtor_id": debtor.id})._is_consumer()
        ]
    )


def _iban(rng):
    return IBAN.random(country_code="FR", random=rng).compact


def _take_over(world, debtor, index, story, rng):
    """A mandate that came from an older program, as the take-over makes it."""
    scheme, kind, state, signed, last, count = story
    day = add_months(world.today, -signed)
    company = debtor.company_id
    debtor.sepa_mode = "yes"
    reason = SUSPENDED[index % 2] if state == "suspended" else False
    mandate = (
        _as(world, "accountant", _days_ago(world, 40))["recouvrement.sepa.mandate"]
        .sudo()
        .create(
            {
                "debtor_id": debtor.id,
                "name": f"REP-{day.year}-{index + 1:04d}",
                "creditor_identifier": company._get_sepa_ics(),
                "creditor_name": company._get_sepa_creditor_name(),
                "scheme": scheme,
                "kind": kind,
                "iban": _iban(rng),
                "account_holder": debtor.partner_id.name[:70],
                "date_signed": day,
                "registered_on": day + timedelta(days=6) if scheme == "B2B" else False,
                "date_last_collection": last
                and add_months(world.today, -last) + timedelta(days=3),
                "collection_count": count,
                "signed_as": "imported",
                "recorded_by_id": world.users["accountant"].id,
                "state": state,
                "suspended_reason": reason,
                "end_reason": "Résiliation du contrat"
                if state == "cancelled"
                else False,
                "date_end": _days_ago(world, 30)
                if state in ("final", "cancelled", "expired")
                else False,
            }
        )
    )
    mandate._log("repris de l’ancien logiciel", reason)
    return mandate


def _draft(world, debtor, scheme, iban, days=0):
    debtor.sepa_mode = "yes"
    env = _as(world, "collector", _days_ago(world, days))
    return env["recouvrement.sepa.mandate"].create(
        {"debtor_id": debtor.id, "scheme": scheme, "iban": iban}
    )


def _issue_some(world, debtors, rng):
    """Mandates with their forms: signed on paper, on the page, or still out."""
    issued = world.env["recouvrement.sepa.mandate"]
    for index, scheme in enumerate(PAPER):
        mandate = _send(world, next(debtors), scheme, _iban(rng), 30 + index)
        mandate._accept_outside(
            "paper",
            mandate.partner_id.name,
            _days_ago(world, 24 + index),
            scan=("mandat-signe.pdf", _scan()),
        )
        if index == 1:
            mandate._note_registered(_days_ago(world, 12))
        issued |= mandate
    for index, scheme in enumerate(PORTAL):
        mandate = _send(world, next(debtors), scheme, _iban(rng), 20 + index)
        mandate._accept(mandate.partner_id.name, "192.0.2.27", BROWSER)
        mandate.date_signed = _days_ago(world, 17)
        issued |= mandate
    for days in SENT_DAYS_AGO:
        issued |= _send(world, next(debtors), "CORE", _iban(rng), days)
    names = {f"mandate_{i}": mandate for i, mandate in enumerate(issued)}
    world.name_records(names)
    _forget_mails(world, issued)


def _scan():
    """A page that can be opened and previewed, as a scanner would make it."""
    stream = BytesIO()
    page = Canvas(stream, pagesize=A4, invariant=1)
    page.drawString(72, A4[1] - 90, SCAN)
    page.save()
    return stream.getvalue()


def _send(world, debtor, scheme, iban, days):
    mandate = _draft(world, debtor, scheme, iban, days)
    mandate.action_send()
    mandate.date_sent = _days_ago(world, days)
    return mandate


def _forget_mails(world, mandates):
    """Nothing leaves a demonstration."""
    world.env["mail.mail"].search(
        [
            ("model", "=", "recouvrement.debtor"),
            ("res_id", "in", mandates.debtor_id.ids),
            ("state", "=", "outgoing"),
        ]
    ).unlink()
