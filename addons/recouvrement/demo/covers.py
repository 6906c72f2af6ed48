"""Covers of the demonstration: insured, reduced, refused, and guaranteed by a bank."""

from dateutil.relativedelta import relativedelta

INSURER = "Assureur-crédit de démonstration"
BANK = "Banque de démonstration"

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
    """Covers of the debtors that owe most in the main company."""
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
