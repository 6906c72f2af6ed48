"""Suppliers' bills of two years, paid as they are paid, and the payment-delay table of
the last closing."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from odoo.addons.recouvrement.demo.companies import bank_journal, journal

SUPPLIERS = (
    # Name, town, a bill every so many months, its amount, days to pay, earliest and
    # latest payment after.
    ("Verreries du Rhône", "Givors", 1, 4200, 45, (-2, 20)),
    ("Ateliers Mécaniques Perrin", "Saint-Étienne", 2, 2600, 30, (5, 50)),
    ("Papeteries Moreau", "Dijon", 3, 380, 30, (-5, 5)),
    ("Transports Kléber", "Metz", 1, 950, 30, (0, 75)),
    ("Énergie Ouest", "Nantes", 2, 1850, 20, (-3, 3)),
    ("Cabinet Aubert Conseil", "Paris", 3, 3100, 60, (10, 120)),
    ("Luminaires Bosetti", "Annecy", 2, 5400, 45, (0, 40)),
    ("Nettoyage Services Plus", "Montreuil", 3, 720, 30, (-4, 10)),
)
MONTHS = 24
EVERY_UNPAID = 10  # one bill in this many is still unpaid
EVERY_BLOCKED = 17
QUIET = {"tracking_disable": True, "mail_create_nolog": True}
COMMENT = (
    "Les délais retenus sont ceux des contrats et des conditions générales de vente. "
    "Les factures en litige sont exclues et indiquées en (B)."
)


def build(world):
    """Bills of the main company, then its table, frozen when a PDF can be made."""
    company = world.companies["main"]
    bills = _create_bills(world, company)
    _pay_bills(world, company, bills)
    for bill in bills[::EVERY_BLOCKED]:
        if bill.payment_state == "not_paid":
            bill.action_toggle_block_payment()
    _create_tables(world, company)


def _create_bills(world, company):
    env = world.env(context={**world.env.context, **QUIET})
    partners = env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "city": city,
                "country_id": env.ref("base.fr").id,
                "supplier_rank": 1,
            }
            for name, city, *_rest in SUPPLIERS
        ]
    )
    values = []
    for partner, (name, _city, every, amount, days, _late) in zip(
        partners, SUPPLIERS, strict=True
    ):
        rng = world.rng("supplier", name)
        for month in range(0, MONTHS, every):
            day = world.today - relativedelta(months=month, days=rng.randint(1, 25))
            values.append(
                {
                    "move_type": "in_invoice",
                    "company_id": company.id,
                    "journal_id": journal(world, company, "purchase").id,
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_date_due": day + timedelta(days=days),
                    "invoice_payment_term_id": False,
                    "ref": f"F{day:%y%m}-{rng.randint(100, 999)}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": name,
                                "price_unit": round(amount * rng.uniform(0.5, 1.6), 2),
                                "tax_ids": [
                                    Command.set(company.account_purchase_tax_id.ids)
                                ],
                            }
                        )
                    ],
                }
            )
    values.sort(key=lambda vals: vals["date"])
    bills = env["account.move"].create(values)
    bills._post(soft=False)
    return bills


def _pay_bills(world, company, bills):
    """Transfers from the bank, matched with the bills that they pay."""
    env = world.env(context={**world.env.context, **QUIET})
    spans = {name: late for name, *_rest, late in SUPPLIERS}
    bank, paid = bank_journal(world, company), []
    for number, bill in enumerate(bills):
        rng = world.rng("bill paid", bill.ref, bill.partner_id.name)
        late = rng.randint(*spans[bill.partner_id.name])
        day = bill.invoice_date_due + timedelta(days=late)
        if number % EVERY_UNPAID and day < world.today:
            paid.append((bill, day))
    lines = env["account.bank.statement.line"].create(
        [
            {
                "journal_id": bank.id,
                "date": day,
                "amount": -bill.amount_total,
                "partner_id": bill.partner_id.id,
                "payment_ref": f"VIR {bill.partner_id.name} {bill.ref}",
                "counterpart_account_id": _payables(bill).account_id.id,
            }
            for bill, day in paid
        ]
    )
    env["account.move.line"]._reconcile_plan(
        [
            _payables(bill) | _payables(line.move_id)
            for (bill, _day), line in zip(paid, lines, strict=True)
        ]
    )


def _payables(move):
    return move.line_ids.filtered(
        lambda line: line.account_id.account_type == "liability_payable"
    )


def _create_tables(world, company):
    """Table I of the last closing, and a draft of table II."""
    env = world.env(context={**world.env.context, "lang": world.language("fr_FR")})
    tables = (
        env["recouvrement.delay.table"]
        .with_user(world.users["accountant"])
        .with_company(company)
    )
    common = {"company_id": company.id, "note": COMMENT}
    closing = tables.create(
        {
            **common,
            "terms_received": "30 à 60 jours date de facture",
            "terms_issued": "15 à 60 jours, 45 jours fin de mois",
        }
    )
    closing.action_compute()
    state = env["ir.actions.report"].get_wkhtmltopdf_state()
    if state not in ("install", "broken"):
        closing.action_freeze()
    tables.create({**common, "part": "year"}).action_compute()
