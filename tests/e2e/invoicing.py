"""Customers of the stories, and what they owe."""

from datetime import date, timedelta

ITEMS = "recouvrement.open.item"


def bill(admin, name, amounts, days=7, **values):
    """A new company with invoices so many days overdue; returns its id.

    :param values: other fields of the company
    """
    partner = admin.call(
        "res.partner",
        "create",
        {
            "name": name,
            "is_company": True,
            "street": "3 rue du Puits",
            "zip": "37000",
            "city": "Tours",
            "country_id": admin.ref("base.fr"),
            "email": f"{name.split()[-1].lower()}@example.com",
            **values,
        },
    )
    due = date.today() - timedelta(days=days)
    moves = admin.call(
        "account.move",
        "create",
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner,
                "invoice_date": f"{due - timedelta(days=30)}",
                "invoice_date_due": f"{due - timedelta(days=number)}",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Prestation", "price_unit": amount})
                ],
            }
            for number, amount in enumerate(amounts)
        ],
    )
    admin.call("account.move", "action_post", moves)
    return partner


def give_to(connect, partner, login):
    """Put a customer in the portfolio of a user; returns the debtor account."""
    manager = connect("manager")
    [debtor] = manager.search_read(
        "recouvrement.debtor", [("partner_id", "=", partner)], ["partner_id"]
    )
    owner = {"collector_id": connect(login).uid}
    manager.call("recouvrement.debtor", "write", [debtor["id"]], owner)
    return debtor


def open_items(rpc, debtor_id):
    """Open items of a debtor account, the oldest first."""
    fields = ["name", "amount_residual_currency", "days_overdue", "collection_status"]
    return rpc.search_read(
        ITEMS, [("debtor_id", "=", debtor_id)], fields, order="date_due, id"
    )
