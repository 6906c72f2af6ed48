"""Customers of the stories, and what they owe."""

from datetime import timedelta

from days import today

ITEMS = "recouvrement.open.item"
PAYMENT = "account.payment"
REGISTER = "account.payment.register"


def in_days(count):
    """A day so many days from now, or the Monday after."""
    day = today() + timedelta(days=count)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


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
    due = today() - timedelta(days=days)
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


def pay(admin, items, amount=None, day=None):
    """A payment matched with items, the oldest first; all they owe unless told.

    :param items: rows of open items, all of one customer
    """
    wizard = admin.call(
        REGISTER,
        "create",
        {
            "payment_date": f"{day or today()}",
            "group_payment": True,
            **({"amount": amount} if amount else {}),
        },
        context={
            "active_model": "account.move.line",
            "active_ids": [item["id"] for item in items],
        },
    )
    admin.call(REGISTER, "action_create_payments", [wizard])


def receive(admin, partner, amount, day=None, memo=""):
    """A payment of a customer that nobody has allocated yet; returns its number."""
    payment = admin.call(
        PAYMENT,
        "create",
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner,
            "amount": amount,
            "date": f"{day or today()}",
            "memo": memo,
        },
    )
    admin.call(PAYMENT, "action_post", [payment])
    [row] = admin.call(PAYMENT, "read", [payment], ["name"])
    return row["name"]
