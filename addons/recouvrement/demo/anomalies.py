"""Company data of the demonstration that do not agree: a customer to put right."""

from datetime import timedelta

from ..tools import sirene
from . import identity

# A serial number that no customer of the demonstration has.
NOBODYS = 990


def _close_establishment(world, partner):
    """As an extract of the Sirene directory would have told it."""
    debtor = world.env["recouvrement.debtor"].search(
        [
            ("partner_id", "=", partner.id),
            ("company_id", "=", world.companies["main"].root_id.id),
        ]
    )
    siret = debtor._get_sirene_numbers()[1]
    fact = sirene.Fact(siret, True, world.today - timedelta(days=40), "")
    extract = sirene.Extract("establishment", {siret: fact}, 1, 0)
    debtor.sudo()._take_sirene(extract)


def build(world):
    """One French customer carries the VAT number of another SIREN."""
    companies = [
        customer.partner
        for customer in world.customers
        if customer.company == "main"
        and customer.partner.vat
        and customer.partner.country_id.code == "FR"
        and "same" not in customer.flags
    ]
    companies[-1].vat = identity.french_vat(identity.siren(NOBODYS))
    _close_establishment(world, companies[-2])
    world.env["recouvrement.identity.finding"]._refresh(
        world.env["recouvrement.debtor"].search(
            [
                (
                    "partner_id",
                    "in",
                    [customer.partner.id for customer in world.customers],
                )
            ]
        )
    )
