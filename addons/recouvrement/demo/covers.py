"""Covers of the demonstration: insured, reduced, refused, and guaranteed by a bank."""

from dateutil.relativedelta import relativedelta

from odoo import Command

INSURER = "Assureur-crédit de démonstration"
BANK = "Banque de démonstration"
BOUGHT = "Location d'entrepôt"

# Kind, provider, amount, days until its end, other values.
COVERS = (
    ("named", INSURER, 20000, 300, {}),
    ("named", INSURER, 15000, 20, {}),
    ("named", INSURER, 30000, 200, {"state": "reduced", "amount_reduced": 12000}),
    ("named", INSURER, 0, 365, {"state": "refused"}),
    ("bank", BANK, 10000, 150, {}),
    ("deposit", BANK, 1500, 600, {}),
    ("documentary", BANK, 8000, 60, {"reference": "LC-2026-014"}),
)


def _ship(world, kind):
    """A documentary credit whose goods have left: its documents are to be presented."""
    if kind != "documentary":
        return {}
    return {
        "date_shipment": world.today + relativedelta(days=20),
        "date_shipped": world.today - relativedelta(days=8),
        "is_confirmed": True,
    }


def build(world):
    """Covers and a netting agreement of the debtors that owe most in the main
    company."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].root_id.id),
            ("partner_id.is_company", "=", True),
        ],
        order="exposure_amount DESC, id",
        limit=len(COVERS),
    )
    partners = world.env["res.partner"].create(
        [{"name": name, "is_company": True} for name in (INSURER, BANK)]
    )
    providers = {partner.name: partner.id for partner in partners}
    world.env["recouvrement.cover"].create(
        [
            {
                "debtor_id": debtor.id,
                "kind_id": world.env.ref(f"recouvrement.cover_kind_{kind}").id,
                "provider_id": providers[provider],
                "amount": amount,
                "date_from": world.today - relativedelta(months=2),
                "date_to": world.today + relativedelta(days=days),
                "date_effect": world.today - relativedelta(days=5),
                **values,
                **_ship(world, kind),
            }
            for debtor, (kind, provider, amount, days, values) in zip(
                debtors, COVERS, strict=False
            )
        ]
    )
    _net(world, debtors[-1:])


def _net(world, debtor):
    """A customer that is a supplier too, with an agreement and an open bill."""
    if not debtor:
        return
    company = world.companies["main"]
    bill = (
        world.env["account.move"]
        .with_company(company)
        .create(
            {
                "move_type": "in_invoice",
                "company_id": company.id,
                "partner_id": debtor.partner_id.id,
                "invoice_date": world.today - relativedelta(days=12),
                "ref": "F-4471",
                "invoice_line_ids": [
                    Command.create(
                        {"name": BOUGHT, "price_unit": 1240, "tax_ids": False}
                    )
                ],
            }
        )
    )
    bill._post(soft=False)
    world.env["recouvrement.netting"].create(
        {
            "debtor_id": debtor.id,
            "date_from": world.today - relativedelta(months=6),
            "reference": "Convention de compensation 2026",
        }
    )
