"""Claims, pieces, costs and counsel of the litigation files of the demonstration."""

import io
from datetime import timedelta

from reportlab.pdfgen import canvas

COUNSEL = (
    ("lawyer", "SELARL Marchand & Associés", "contact@marchand-avocats.example",
     {"fee_kind": "hourly", "fee_note": "210 € HT de l'heure"}),
    ("bailiff", "SCP Berthier, commissaires de justice", "etude@berthier.example",
     {"fee_kind": "fixed", "fee_fixed": 0, "fee_note": "Tarif réglementé"}),
    ("agency", "Créances Conseil SAS", "dossiers@creances-conseil.example",
     {"fee_kind": "percent", "fee_percent": 12}),
)  # fmt: skip
COSTS = (
    ("court", "Frais de greffe", "33.47", True),
    ("bailiff", "Signification de l'ordonnance", "77.24", True),
    ("lawyer", "Consultation et relecture de la requête", "420.00", False),
)
PROOFS = ("Bon de livraison signé", "Devis accepté")
FILES = 4


def build(world):
    """Complete the files of the main company, unless it was done; open two when there
    is none."""
    company = world.companies["main"]
    env = world.env(
        user=world.users["manager"].id,
        su=True,
        context={**world.env.context, "tracking_disable": True},
    )
    if env["recouvrement.counsel"].search_count([("company_id", "=", company.id)]):
        return
    counsel = _make_counsel(world, env, company)
    for place, litigation in enumerate(_get_files(env, company)):
        _complete(world, litigation, counsel, place)


def _make_counsel(world, env, company):
    made = []
    for kind, name, email, vals in COUNSEL:
        partner = env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": email,
                "city": "Lyon",
                "zip": "69002",
                "country_id": env.ref("base.fr").id,
            }
        )
        made.append(
            env["recouvrement.counsel"].create(
                {
                    "partner_id": partner.id,
                    "kind": kind,
                    "company_id": company.id,
                    "date_from": world.today - timedelta(days=400),
                    **_prove(world, kind),
                    **vals,
                }
            )
        )
    return made


def _prove(world, kind):
    """What an agency shows; its insurance ends soon."""
    if kind != "agency":
        return {}
    return {
        "insurer": "Mutuelle des professions",
        "insurance_number": "RC-2026-118",
        "insurance_until": world.today + timedelta(days=40),
        "own_account": "FR76 3000 4008 2800 0123 4567 890",
        "declared_on": world.today - timedelta(days=900),
    }


def _get_files(env, company):
    """Files of the main company; two are opened when no other layer did."""
    files = env["recouvrement.litigation"]
    domain = [("company_id", "=", company.id), ("state", "=", "open")]
    found = files.search(domain, order="id", limit=FILES)
    if found:
        return found
    debtors = env["recouvrement.debtor"].search(
        [
            ("company_id", "=", company.id),
            ("days_overdue", ">", 60),
            ("regime_id.kind", "=", "fr_b2b"),
        ],
        order="overdue_amount desc",
        limit=40,
    )
    for debtor in debtors:
        items = debtor._get_due_items().get(debtor.currency_id)
        lines = items and items.move_line_id.filtered(
            lambda line: line.collection_status == "to_chase"
        )
        if lines and len(found) < 2:
            found |= files._open(debtor, lines[:6])
    return found


def _complete(world, litigation, counsel, place):
    """One file: pieces that were received, costs, a claim, a mandate, a text."""
    for line, name in zip(litigation.line_ids, PROOFS, strict=False):
        if line.move_id:
            _attach(line.move_id, f"{name} {line.name}.pdf".replace("/", "-"))
    claim = litigation._compute_claim(world.today)
    litigation._collect_pieces()
    if place % 2 == 0:
        _spend(world, litigation, counsel)
        claim.with_costs = True
        litigation._write_document("order_request")
    assignment = litigation.env["recouvrement.counsel.assignment"].create(
        {
            "litigation_id": litigation.id,
            "counsel_id": counsel[place % len(counsel)].id,
            "date": world.today - timedelta(days=20),
            "reference": f"D{2026000 + place}",
        }
    )
    if place % 3 != 1:
        assignment._mark_sent()


def _spend(world, litigation, counsel):
    costs = litigation.env["recouvrement.litigation.cost"]
    costs.create(
        [
            {
                "litigation_id": litigation.id,
                "kind": kind,
                "name": name,
                "date": world.today - timedelta(days=12 - 3 * place),
                "amount": float(amount),
                "vat": 0.0 if kind == "court" else round(float(amount) * 0.2, 2),
                "is_recoverable": recoverable,
                "currency_id": litigation.currency_id.id,
                "counsel_id": next(
                    (one.id for one in counsel if one.kind == kind), False
                ),
            }
            for place, (kind, name, amount, recoverable) in enumerate(COSTS)
        ]
    )


def _attach(move, name):
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    sheet.setFont("Helvetica-Bold", 18)
    sheet.drawString(80, 740, name[:-4])
    sheet.setFont("Helvetica", 12)
    sheet.drawString(80, 700, f"Document de démonstration – {move.partner_id.name}")
    sheet.drawString(80, 640, "Bon pour accord, reçu en bon état.")
    sheet.save()
    move.env["ir.attachment"].create(
        {
            "name": name,
            "raw": stream.getvalue(),
            "res_model": move._name,
            "res_id": move.id,
        }
    )
