"""Orders that the tests of the direct debit files share."""

from datetime import date, datetime
from decimal import Decimal

from recouvrement_sepa.tools.mandate import Amendment
from recouvrement_sepa.tools.pain008 import (
    Address,
    Creditor,
    Debit,
    Group,
    Message,
)

ICS, OLD_ICS = "FR72ZZZ123456", "FR19ABC654321"
IBAN, OLD_IBAN = "FR7630006000011234567890189", "FR1420041010050500013M02606"
GERMAN_IBAN, SWISS_IBAN = "DE89370400440532013000", "CH9300762011623852957"
CREDITOR = Creditor(
    "Atelier Lumen SAS",
    ICS,
    IBAN,
    "AGRIFRPPXXX",
    Address("rue de la Republique", "12", "69002", "Lyon", "FR"),
)
AMENDMENTS = {
    "rum": Amendment(old_rum="OLD-RUM/7"),
    "ics": Amendment(old_ics=OLD_ICS),
    "creditor_name": Amendment(old_creditor_name="Atelier Lumiere SARL"),
    "account_same_bank": Amendment(old_iban=IBAN),
    "account": Amendment(old_iban=IBAN, same_mandate_new_account=True),
    "all": Amendment("OLD-RUM/7", OLD_ICS, "Atelier Lumiere SARL", IBAN, True),
}


def debit(number=1, **values):
    """One transaction."""
    return Debit(
        **{
            "end_to_end_id": f"C-00001-{number}",
            "amount": Decimal("120.50"),
            "rum": f"LUM-{number:06}",
            "signed_on": date(2026, 3, 2),
            "debtor_name": "Boulangerie Dubois",
            "iban": OLD_IBAN,
            "remittance": "Facture FAC/2026/00012",
            **values,
        }
    )


def group(*debits, number=1, **values):
    """Transactions with their true totals."""
    debits = debits or (debit(),)
    return Group(
        **{
            "payment_info_id": f"C-00001-P{number}",
            "scheme": "CORE",
            "sequence": "RCUR",
            "date": date(2026, 12, 1),
            "creditor": CREDITOR,
            "debits": debits,
            "count": len(debits),
            "total": sum((one.amount for one in debits), Decimal(0)),
            **values,
        }
    )


def message(*groups, **values):
    """A file of groups."""
    return Message(
        **{
            "message_id": "C-00001",
            "created": datetime(2026, 11, 20, 9, 30),
            "initiator": "Atelier Lumen SAS",
            "groups": groups or (group(),),
            **values,
        }
    )
