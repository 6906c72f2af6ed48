"""Contacts of the last weeks, and two relays: one answered, one that waits."""

from datetime import datetime, time, timedelta

from .collection import _as, _debtors

# Outcome, cause and note of the contacts, dealt out in turn.
CONTACTS = (
    ("no_answer", None, "Standard occupé."),
    (
        "promised",
        "payment_circuit",
        "Le bon à payer est signé, virement au prochain arrêté.",
    ),
    ("voicemail", None, "Message laissé à la comptabilité."),
    (
        "asks_duplicate",
        "invoice_not_received",
        "La facture n'est pas arrivée, à renvoyer par e-mail.",
    ),
    ("will_check", "oversight", "Vérifie avec le chef de service et rappelle."),
    (
        "disputes",
        "service_problem",
        "Intervention incomplète selon le client, dossier à voir avec la technique.",
    ),
    (
        "asks_plan",
        "financial_difficulty",
        "Trésorerie tendue, demande à étaler sur trois mois.",
    ),
    ("claims_paid", None, "Dit avoir réglé par virement, preuve demandée."),
    (
        "refuses",
        "commercial_dispute",
        "Remise annoncée par le commercial et non déduite.",
    ),
    ("promised", "billing_error", "Paie dès réception de la facture rectifiée."),
)
WEEKS = 5
PERSON = ("Chef d'agence", "agence.chantiers@example.com")


def build(world):
    """Log the contacts with the authors and days they would have had."""
    debtors = [
        (customer, debtor)
        for customer, debtor in _debtors(world, world.customers)
        if customer.collector and customer.segment != "intragroup"
    ]
    for index, (customer, debtor) in enumerate(debtors):
        if debtor.overdue_amount > 0:
            _log(world, index, customer, debtor)
    asked = [debtor for _customer, debtor in debtors if debtor.overdue_amount > 0]
    _ask_relays(world, asked[:2])


def _log(world, index, customer, debtor):
    """One to three contacts of a debtor, the last days more often than the first."""
    outcomes = world.env["recouvrement.interaction.outcome"].search(
        [("code", "in", [code for code, _cause, _note in CONTACTS])]
    )
    causes = world.env["recouvrement.nonpayment.cause"].search([("sequence", ">", 0)])
    by_code = {record.code: record for record in [*outcomes, *causes]}
    rng = world.rng("contacts", index)
    for number in range(1 + index % 3):
        code, cause, note = CONTACTS[(index + 3 * number) % len(CONTACTS)]
        age = int(7 * WEEKS * rng.random() ** 2) + 1
        day = world.today - timedelta(days=age)
        moment = datetime.combine(day, time(9 + rng.randrange(8), rng.randrange(60)))
        env = _as(world, customer.collector, day)
        debtor.with_env(env)._log_contact(
            {
                "date": moment,
                "outcome_id": by_code[code].id,
                "cause_id": cause and by_code[cause].id,
                "note": note,
                "channel": "call_in" if rng.random() < 0.15 else "call_out",
                "duration": rng.randrange(1, 12),
            }
        )


def _ask_relays(world, debtors):
    """An answer that waits for the collector, and a question to a person without a
    user. The question is handed over without an e-mail."""
    name, email = PERSON
    person = world.env["res.partner"].create(
        {"name": name, "email": email, "lang": world.language("fr_FR")}
    )
    for index, debtor in enumerate(debtors):
        asked_by = debtor.collector_id or world.users["collector"]
        relay = world.env["recouvrement.relay"].create(
            {
                "debtor_id": debtor.id,
                "role": "branch_manager" if index else "technical_manager",
                "partner_id": person.id,
                "asked_by_id": asked_by.id,
                "date_asked": datetime.combine(
                    world.today - timedelta(days=4 - 3 * index), time(10, 20)
                ),
                "date_due": world.today + timedelta(days=2 * index),
                "question": "Le client dit attendre un passage de nos équipes. Où en "
                "est-on, et peut-on lui redemander le règlement ?",
                "is_test": debtor.company_id.recouvrement_test_mode,
            }
        )
        relay._give_links()
        relay._log_asked()
        if not index:
            relay._answer(
                "technical",
                "Le passage est prévu jeudi ; le client paiera le reste à réception.",
            )
    world.name_records({"relay_person": person})
