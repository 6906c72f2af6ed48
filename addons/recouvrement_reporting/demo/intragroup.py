"""What the two companies of the demonstration invoice to each other, booked on both
sides but not always alike."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.recouvrement.demo.companies import bank_journal, journal

# What is invoiced, days since, amount, what the debtor did of it.
SALES = (
    ("Refacturation des locaux, trimestre 2", 190, 6200, "paid"),
    ("Refacturation des locaux, trimestre 3", 100, 6200, "booked"),
    ("Prestations informatiques", 75, 2480, "booked"),
    ("Mise à disposition de personnel", 60, 3150, "amount"),
    ("Quote-part d'assurance", 48, 1890, "draft"),
    ("Prestations comptables", 40, 1250, "transit"),
    ("Refacturation de déplacements", 26, 684.50, "missing"),
    ("Refacturation des locaux, trimestre 4", 9, 6200, "booked"),
)
RETURNS = (
    ("Pose et mise en service, chantier Bercy", 55, 4320, "booked"),
    ("Maintenance des ateliers", 21, 1760, "missing"),
)
QUIET = {"tracking_disable": True, "mail_create_nolog": True}
COMMENT = (
    "Facture réclamée au service achats de Lumen Services, accord donné par téléphone."
)


def build(world):
    """Invoices both ways, and a difference that the accountant looks after."""
    main, services = world.companies["main"], world.companies["services"]
    missing = _trade(world, main, services, SALES)
    _trade(world, services, main, RETURNS)
    differences = world.env["recouvrement.intragroup.difference"]
    differences = differences.with_user(world.users["accountant"])
    differences.env.user.invalidate_recordset(["company_ids"])
    action = differences.action_open_difference(
        main.id, services.id, str(world.today), f"m{missing.id}"
    )
    differences.browse(action["res_id"]).comment = COMMENT


def _trade(world, creditor, debtor, deals):
    """Invoices of one company and what the other made of them; the last one that it
    knows nothing of."""
    missing = world.env["account.move"]
    for label, age, amount, what in deals:
        day = world.today - timedelta(days=age)
        sale = _document(world, creditor, debtor, "out_invoice", label, day, amount)
        # Companies of one group do not remind each other.
        _items(sale, "asset_receivable").no_followup = True
        if what == "missing":
            missing = sale
            continue
        bill = _document(
            world,
            debtor,
            creditor,
            "in_invoice",
            label,
            day + timedelta(days=2),
            amount + (150 if what == "amount" else 0),
            ref=sale.name,
            post=what != "draft",
        )
        if what in ("paid", "transit"):
            _pay(world, bill, "liability_payable", -1)
        if what == "paid":
            _pay(world, sale, "asset_receivable", 1)
    return missing


def _document(world, company, other, kind, label, day, amount, ref=False, post=True):
    env = world.env(context={**world.env.context, **QUIET})
    is_sale = kind == "out_invoice"
    taxes = company.account_sale_tax_id if is_sale else company.account_purchase_tax_id
    move = (
        env["account.move"]
        .with_company(company)
        .create(
            {
                "move_type": kind,
                "company_id": company.id,
                "journal_id": journal(
                    world, company, "sale" if is_sale else "purchase"
                ).id,
                "partner_id": other.partner_id.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day + timedelta(days=30),
                "invoice_payment_term_id": False,
                "ref": ref,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "price_unit": amount,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                ],
            }
        )
    )
    if post:
        move._post(soft=False)
    return move


def _pay(world, move, account_type, sign):
    """A transfer four days ago, matched with the document."""
    env = world.env(context={**world.env.context, **QUIET})
    items = _items(move, account_type)
    line = env["account.bank.statement.line"].create(
        {
            "journal_id": bank_journal(world, move.company_id).id,
            "date": world.today - timedelta(days=4),
            "amount": sign * move.amount_total,
            "partner_id": move.partner_id.id,
            "payment_ref": f"VIR {move.partner_id.name} {move.ref or move.name}",
            "counterpart_account_id": items.account_id.id,
        }
    )
    (items | _items(line.move_id, account_type)).reconcile()


def _items(move, account_type):
    return move.line_ids.filtered(
        lambda line: line.account_id.account_type == account_type
    )
