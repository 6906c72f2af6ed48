"""Credit limits of the demonstration: comfortable, nearly used, exceeded, asked for;
and an invoice that waits for its release."""

from datetime import timedelta

from odoo import Command

LIMITS = (1.6, 1.1, 0.8, 2.5, 1.3, 0.9, 3.0, 1.05)  # of the exposure of the account
ROUNDED = 500
OPENING = "Ouverture de compte : bilan 2024 et renseignements commerciaux."
GROWTH = "Chantier signé pour le printemps : l'encours doublera pendant trois mois."
UNANSWERED = "Trois relances et un appel restés sans réponse ; aucune contestation."
NOTICE = "LRAR 1A 198 765 4321 0"
ANNOUNCED = "Virement de la moitié annoncé pour vendredi, ordre reçu par courriel."


def build(world):
    """Limits of the debtors that owe most in the main company."""
    company = world.companies["main"]
    debtors = world.env["recouvrement.debtor"].search(
        [("company_id", "=", company.root_id.id), ("partner_id.is_company", "=", True)],
        order="exposure_amount DESC, id",
        limit=len(LIMITS),
    )
    manager = world.env["recouvrement.credit.limit"].with_user(world.users["manager"])
    for debtor, share in zip(debtors, LIMITS, strict=False):
        manager.create(
            {
                "debtor_id": debtor.id,
                "amount": _round(debtor.exposure_amount * share),
                "reason": OPENING,
            }
        )
    if debtors:
        _ask(world, debtors[0])
        _block(world, company, debtors.filtered(lambda d: d.limit_excess > 0)[:1])
    _refuse(world, company)


def _round(amount):
    return max(ROUNDED, round(amount / ROUNDED) * ROUNDED)


def _ask(world, debtor):
    """A collector asks for more than he may grant."""
    collector = debtor.collector_id or world.users["collector"]
    world.env["recouvrement.credit.limit"].with_user(collector).create(
        {
            "debtor_id": debtor.id,
            "amount": _round(debtor.exposure_amount * 2),
            "reason": GROWTH,
        }
    )


def _block(world, company, debtor):
    """An invoice above the limit, and the request to let it pass."""
    if not debtor:
        return
    company.recouvrement_credit_control = "block"
    move = (
        world.env["account.move"]
        .with_company(company)
        .create(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": debtor.partner_id.id,
                "invoice_date": world.today,
                "invoice_line_ids": [
                    Command.create({"name": "Luminaires, lot 2", "price_unit": 2400.0})
                ],
            }
        )
    )
    releases = world.env["recouvrement.credit.release"]
    releases.with_user(world.users["accountant"])._request(
        move.with_user(world.users["accountant"]), ANNOUNCED
    )


def _refuse(world, company):
    """A customer who was told that credit will be refused, one for whom it is."""
    reminded = world.env["recouvrement.open.item"].search(
        [
            ("debtor_id.company_id", "=", company.root_id.id),
            ("kind", "=", "invoice"),
            ("amount_residual", ">", 0),
            ("amount_disputed", "=", 0),
            ("days_overdue", ">", 45),
            ("last_reminder_date", "!=", False),
            ("collection_status", "=", "to_chase"),
            ("debtor_id.segment_id.code", "=", "company"),
        ],
        order="days_overdue DESC, id",
    )
    exclusions = world.env["recouvrement.exclusion"].with_user(world.users["manager"])
    for days, debtor in zip((20, 5), reminded.debtor_id[:2], strict=False):
        exclusion = exclusions.create({"debtor_id": debtor.id, "facts": UNANSWERED})
        exclusion._inform(world.today - timedelta(days=days), "registered", NOTICE)
        if exclusion.date_reaction < world.today:
            exclusion.action_list()
