"""Disputes of the demonstration: in every stage, late ones too, whole and partial, and
some that ended, with their causes."""

from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

# Category, words, source, part of the item (None: whole), days ago, what became of it,
# and the department it was handed over to.
STORIES = (
    (
        "price",
        "Le prix facturé n'est pas celui du devis accepté.",
        "call",
        0.3,
        4,
        "new",
    ),
    (
        "quantity",
        "Deux cartons manquaient à la livraison, réserves portées sur le bon.",
        "portal",
        0.2,
        6,
        "examined",
    ),
    (
        "service_badly_done",
        "Le portail tombe en panne depuis votre intervention.",
        "email",
        None,
        9,
        "waiting",
    ),
    (
        "technical",
        "La carte électronique livrée ne correspond pas à notre installation.",
        "relay",
        None,
        25,
        "quality",
    ),
    (
        "delivery",
        "Rien n'a été livré à cette adresse.",
        "call",
        None,
        12,
        "answered",
    ),
    (
        "invoice_error",
        "210 Refusée – SIRET_ERR – SIRET du destinataire erroné",
        "einvoice",
        None,
        2,
        "reinvoice",
    ),
    (
        "contract",
        "Le contrat est résilié depuis le 30 juin.",
        "email",
        None,
        30,
        "late",
    ),
    (
        "price",
        "Remise de 5 % promise et non déduite.",
        "short_payment",
        0.1,
        8,
        "credit",
    ),
    (
        "duplicate",
        "Facture déjà reçue et réglée le mois dernier.",
        "portal",
        None,
        35,
        "unfounded",
    ),
    ("quantity", "Une palette en moins.", "call", 0.4, 45, "founded"),
    ("other", "Nous attendons un avoir.", "email", 0.5, 50, "abandoned"),
)
QUESTION = "Que s'est-il passé chez ce client ? Le bon d'intervention est-il signé ?"
ANSWERS = {
    "answered": ("partly", "Livré à l'ancienne adresse, repris le lendemain."),
    "quality": ("unknown", "Défaut que le service technique ne reproduit pas."),
}
REASONS = {
    "unfounded": "Les deux factures portent sur deux livraisons différentes.",
    "founded": "Bon de livraison incomplet : avoir de la quantité manquante.",
    "abandoned": "Montant trop faible pour être instruit.",
    "credit": "Remise confirmée par le commercial.",
    "reinvoice": "SIRET corrigé : facture à refaire.",
}


def build(world):
    """About a dozen disputes of the main company, and those of the items marked."""
    disputes = world.env["recouvrement.dispute"].sudo()
    disputes._take_over_marks()
    pairs = _choose(world)
    for story, (debtor, line) in zip(STORIES, pairs, strict=False):
        _tell(world, debtor, line, *story)
    disputes._refresh_ages()
    late = disputes.search(
        [("state", "=", "open"), ("date_due", "<", world.today)], limit=2
    )
    late._escalate()
    world.env["recouvrement.debtor"]._process_dirty()


def _choose(world):
    """A chased overdue invoice of each customer of the main company that has one."""
    items = world.env["recouvrement.open.item"].search(
        [
            ("debtor_company_id", "=", world.companies["main"].id),
            ("kind", "=", "invoice"),
            ("is_penalty", "=", False),
            ("days_overdue", ">", 5),
            ("amount_residual_currency", ">", 200),
            ("collection_status", "=", "to_chase"),
            ("collector_id", "!=", False),
        ],
        order="id",
    )
    first = {}
    for item in items:
        move = item.move_line_id.move_id
        if move.move_type == "out_invoice" and item.debtor_id.partner_id.active:
            first.setdefault(item.debtor_id, item.move_line_id)
    # The first customers are those of other stories.
    return sorted(first.items(), key=lambda pair: -pair[0].id)


def _tell(world, debtor, line, code, text, source, share, days, fate):
    day = _days_ago(world, days)
    env = _as(world, "collector", day)
    amount = share and line.currency_id.round(line.amount_residual_currency * share)
    dispute = debtor.with_env(env)._open_dispute([(line, amount)], code, text, source)
    category = dispute.category_id
    due = dispute._get_due_day(debtor.company_id, category, day)
    if fate in ("new", "examined", "credit", "waiting"):
        due = max(due, world.today + timedelta(days=days % 5))
    dispute.write({"date_open": day, "date_due": due})
    _go_on(world, dispute, fate)


def _go_on(world, dispute, fate):
    stages = world.env["recouvrement.dispute.stage"]
    if fate == "examined":
        dispute.stage_id = world.env.ref("recouvrement_litige.dispute_stage_examined")
    elif fate == "waiting":
        expert = world.env["res.partner"].create(
            {
                "name": world.unique("Atelier Dépannage Lyon"),
                "email": "atelier@example.com",
                "lang": world.language("fr_FR"),
            }
        )
        dispute._ask(expert, QUESTION)
    elif fate in ANSWERS:
        dispute._answer_as_owner(*ANSWERS[fate])
        if fate == "quality":
            dispute._transfer(
                "quality", world.users["manager"], "Expertise en laboratoire demandée."
            )
            dispute.stage_id = stages._for("answered")
    elif fate in REASONS:
        outcome = "founded" if fate == "credit" else fate
        drafts = dispute._conclude(outcome, REASONS[fate])
        if fate == "founded":
            drafts.action_post()
            world.env["recouvrement.debtor"]._process_dirty()
        if dispute.state == "closed":
            closed = dispute.date_open + timedelta(days=12)
            dispute.write({"date_closed": closed, "days_open": 12})
