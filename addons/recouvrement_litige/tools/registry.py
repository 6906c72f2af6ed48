"""Numbers of French registers: establishments and condominiums."""

import re

from stdnum.fr import siren, siret

# Two letters and seven digits; people write it with hyphens, dots or spaces.
RNC = re.compile(r"[A-Z]{2}\d{7}")


def tidy(number):
    """A number without what people put between its characters, in capitals."""
    return re.sub(r"[\s.\-–]", "", number or "").upper()


def is_siret(number):
    """Whether a text is the number of an establishment (check digit included; that of
    La Poste follows a rule of its own, which ``stdnum`` knows)."""
    return siret.is_valid(tidy(number))


def is_siren(number):
    """Whether a text is the number of a company (check digit included)."""
    return siren.is_valid(tidy(number))


def is_rnc(number):
    """Whether a text has the form of a number of the national register of
    condominiums (*registre national des copropriétés*)."""
    return bool(RNC.fullmatch(tidy(number)))
