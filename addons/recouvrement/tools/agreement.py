"""Whether what a contract says and what the system holds are the same, for a reader."""

import re
import unicodedata

from .company_numbers import tidy


def plain(text):
    """A text without accents, case, punctuation and repeated blanks."""
    letters = unicodedata.normalize("NFKD", text or "")
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", letters.casefold()))


def plain_email(text):
    """Addresses of an e-mail field, whatever their order and what separates them."""
    return ";".join(sorted(re.split(r"[;,\s]+", (text or "").strip().lower())))


# How a text of each kind is compared.
PLAIN = {
    "contract_email": plain_email,
    "contract_vat": tidy,
    "contract_address": plain,
}


def fingerprint(kind, held, signed):
    """What a difference is made of, empty when there is none.

    :param held: what the system holds, a text or the id of a record.
    :param signed: what the contract says; nothing signed differs from nothing.
    """
    make = PLAIN.get(kind, lambda value: str(value or ""))
    held, signed = make(held), make(signed)
    return "" if not signed or held == signed else f"{held}|{signed}"
