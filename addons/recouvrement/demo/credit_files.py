"""Customer files of the demonstration: complete, under way, with an expired piece."""

import base64

from dateutil.relativedelta import relativedelta

DOCUMENT = base64.b64encode(b"Piece of the demonstration: nothing to read.")
FILES = 6
REASON = "Limite en place confirmée ; bilan 2025 vu, pièces manquantes relancées."


def build(world):
    """Files of the debtors that owe most in the main company, each further than the
    one before it; the last has a piece that expired."""
    company = world.companies["main"]
    debtors = world.env["recouvrement.debtor"].search(
        [("company_id", "=", company.root_id.id), ("partner_id.is_company", "=", True)],
        order="exposure_amount DESC, id",
        limit=FILES,
    )
    files = world.env["recouvrement.credit.file"]
    for rank, debtor in enumerate(debtors):
        file = files._open_file(
            debtor, date_opened=world.today - relativedelta(months=rank + 1)
        )
        _receive(world, file.piece_ids.filtered("is_required")[:rank])
    expired = files.search(
        [("debtor_id", "in", debtors.ids), ("completeness", ">", 0)],
        order="completeness DESC, id",
        limit=1,
    ).piece_ids.filtered(lambda piece: piece.state == "checked")[:1]
    opened = files.search([("debtor_id", "in", debtors.ids)], order="id")
    _check_credit(world, opened)
    _sign(world, opened)
    expired.write(
        {"date_expiry": world.today - relativedelta(days=9), "state": "expired"}
    )


def _check_credit(world, files):
    """Granted by the manager, to review, waiting for a decision."""
    for file in files[:4]:
        file.requested_amount = max(1000, round(file.debtor_id.exposure_amount, -3))
        file.action_propose()
    for file in files[:3].with_user(world.users["manager"]):
        file._grant(
            file.debtor_id.credit_limit or file.proposed_amount,
            file.proposed_term_id,
            REASON,
        )
    files[:1].date_review = world.today - relativedelta(days=3)


def _sign(world, files):
    """Contracts: one agrees with the system, one was signed with other terms and
    another e-mail for invoices."""
    for file in files[:2]:
        customer = file._get_customer()
        file.write(
            {
                "contract_date": world.today - relativedelta(months=14),
                "contract_reference": f"CTR-{file.id:04d}",
                "contract_term_id": customer.property_payment_term_id.id,
                "contract_vat": customer.vat,
                "contract_email": file._get_invoiced().email,
            }
        )
    files[1:2].write(
        {
            "contract_term_id": world.env.ref("account.account_payment_term_15days").id,
            "contract_email": "comptabilite.fournisseurs@example.com",
        }
    )


def _receive(world, pieces):
    """All but the last are checked too."""
    pieces.write({"document": DOCUMENT, "document_name": "piece.txt"})
    for piece in pieces.filtered("kind_id.needs_expiry"):
        piece.date_expiry = world.today + relativedelta(months=8)
    pieces.action_receive()
    pieces[:-1].action_check()
