"""What customers asked in the last days and nobody has answered yet."""

from datetime import timedelta

# Kind, words, source, how many of the oldest overdue items it is about, other values.
REQUESTS = (
    (
        "duplicate",
        "Merci de nous renvoyer ces factures, nous ne les retrouvons pas.",
        "portal",
        2,
        {},
    ),
    (
        "payment_check",
        "Cette facture a été réglée par virement la semaine dernière.",
        "portal",
        1,
        {"payment_means": "transfer", "payment_reference": "VIR 2291"},
    ),
    (
        "dispute",
        "Il manquait deux cartons à la livraison, voir les réserves du bon.",
        "portal",
        1,
        {},
    ),
    ("promise", "Le virement partira vendredi.", "email", 1, {}),
    (
        "plan",
        "Notre trésorerie est tendue : pourrions-nous payer en trois fois ?",
        "email",
        3,
        {},
    ),
    (
        "contact_change",
        "Les factures sont à envoyer au service comptable désormais.",
        "call",
        0,
        {
            "contact_name": "Service comptabilité fournisseurs",
            "contact_email": "fournisseurs@example.com",
        },
    ),
    ("statement", "Merci de nous envoyer un relevé de compte.", "call", 0, {}),
    (
        "bank_change",
        "Nous avons changé de banque, voici nos nouvelles coordonnées.",
        "email",
        0,
        {"iban": "FR76 3000 6000 0112 3456 7890 189"},
    ),
)
REQUESTED = 3
UNKNOWN = (
    "compta@syndic-exemple.example",
    "Bonjour, à quelle facture correspond votre relance ? Cordialement.",
)


def build(world):
    """Open requests of customers that owe something, and one unknown sender."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("overdue_amount", ">", 0),
            ("collector_id", "!=", False),
        ],
        order="id",
    )
    debtors = debtors.filtered(
        lambda debtor: (
            debtor.partner_id.active and _oldest_lines(world, debtor, REQUESTED)
        )
    )
    for index, (debtor, asked) in enumerate(zip(debtors, REQUESTS, strict=False)):
        _ask(world, debtor, index, *asked)
    world.env["recouvrement.request"]._declare_unknown(
        *UNKNOWN, world.companies["main"]
    )


def _ask(world, debtor, index, kind, text, source, count, vals):
    lines = _oldest_lines(world, debtor, count) if count else None
    day = {
        "promise": world.today + timedelta(days=5),
        "payment_check": world.today - timedelta(days=4),
    }.get(kind)
    request = debtor._declare(
        kind,
        source=source,
        text=text,
        lines=lines,
        amount=_total(lines) if day else 0,
        day=day,
        **vals,
    )
    request.date_due = world.today + timedelta(days=index % 4 - 1)


def _total(lines):
    return lines.currency_id.round(sum(lines.mapped("amount_residual_currency")))


def _oldest_lines(world, debtor, count):
    """Oldest overdue items of one currency that are being chased."""
    items = world.env["recouvrement.open.item"].search(
        [
            ("debtor_id", "=", debtor.id),
            ("date_due", "<", world.today),
            ("amount_residual_currency", ">", 0),
            ("collection_status", "=", "to_chase"),
        ]
    )
    items = items.filtered(lambda item: item.currency_id == items[:1].currency_id)
    return items[:count].move_line_id
