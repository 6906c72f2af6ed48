"""Company data of the demonstration that do not agree: a customer to put right."""

from . import identity

# A serial number that no customer of the demonstration has.
NOBODYS = 990


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
