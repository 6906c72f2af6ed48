"""What customers asked for lately beyond their account: one request of each kind, one
of them waiting for the second person, one with its draft payment."""

from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

ASKED = (
    (
        "billing_params",
        "Merci d’envoyer désormais les factures à cette adresse, avec le numéro "
        "d’engagement.",
        {
            "billing_method": "email",
            "billing_email": "factures@example.com",
            "billing_reference": "EJ 2026-0458",
        },
    ),
    (
        "address_change",
        "Notre siège a déménagé le mois dernier.",
        {
            "address_use": "main",
            "new_street": "12 rue des Ateliers",
            "new_zip": "93200",
            "new_city": "Saint-Denis",
        },
    ),
    (
        "contract_copy",
        "Nous ne retrouvons pas le contrat signé en 2023.",
        {"contract_reference": "CTR-2023-118"},
    ),
    (
        "termination",
        "Nous résilions à l’échéance, le courrier est joint.",
        {"contract_reference": "CTR-2022-071", "days": 60},
    ),
    (
        "novation",
        "Le fonds est cédé : le contrat est repris par l’acquéreur.",
        {
            "contract_reference": "CTR-2021-032",
            "party_name": "Atelier du Val SAS",
            "party_registry": "999009202",
            "novation_kind": "contract",
            "days": 15,
        },
    ),
)


def build(world):
    """Requests of customers that owe something."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("overdue_amount", ">", 0),
            ("collector_id", "=", world.users["collector"].id),
            ("manager_id", "=", False),
            ("partner_id.is_company", "=", True),
        ],
        order="id desc",
    )
    for index, (debtor, asked) in enumerate(zip(debtors, ASKED, strict=False)):
        kind, text, vals = asked
        vals = dict(vals)
        if days := vals.pop("days", 0):
            vals["date_effect"] = world.today + timedelta(days=days)
        request = debtor._declare(kind, source="portal", text=text, **vals)
        request.date_due = world.today + timedelta(days=index * 2 - 1)
        if kind == "address_change":
            _submit(world, request)
    _credit_note(world, debtors[len(ASKED) :])
    _refund(world)


def _submit(world, request):
    """Prepared by the collector, for the accountant to approve."""
    own = request.with_env(_as(world, "collector", _days_ago(world, 0)))
    own.piece_ids.action_receive()
    own.action_submit()


def _credit_note(world, debtors):
    """An invoice with a wrong price."""
    items = world.env["recouvrement.open.item"].search(
        [
            ("debtor_id", "in", debtors[:20].ids),
            ("kind", "=", "invoice"),
            ("collection_status", "=", "to_chase"),
            ("days_overdue", ">", 0),
        ],
        limit=1,
    )
    if items:
        items.debtor_id._declare(
            "credit_note",
            source="portal",
            text="Le prix facturé n’est pas celui du devis : remise de 10 % oubliée.",
            lines=items.move_line_id,
        )


def _refund(world):
    """A customer with a credit asks for its money back."""
    debtor = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("credit_amount", ">", 20),
            ("collector_id", "!=", False),
        ],
        order="credit_amount desc, id",
        limit=1,
    )
    if debtor:
        debtor._declare(
            "refund",
            source="portal",
            text="Merci de nous rembourser ce trop-perçu.",
            amount=min(debtor.credit_amount, 250.0),
        )
