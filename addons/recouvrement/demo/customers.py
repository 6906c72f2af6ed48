"""The customers: identity, contacts, bank accounts and defects of their files."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.fields import Command

from . import identity
from .world import read_csv

TAGS = {
    "public": "tag_public_body",
    "syndic": "tag_property_manager",
    "key": "tag_key_account",
}
LANGUAGES = {
    "BE": ("nl_BE", "nl_NL"),
    "NL": ("nl_NL",),
    "DE": ("de_DE",),
}
# British first: its dates cannot be mistaken in Europe.
ENGLISH = ("en_GB", "en_US")
FRENCH_SPEAKING = ("FR", "CH", "LU")
# XML ids of countries that differ from their code.
COUNTRIES = {"GB": "uk"}


@dataclass(frozen=True)
class Customer:
    """A customer of one company, from a row of ``customers.csv``."""

    number: int
    name: str
    segment: str
    behaviour: str
    invoices: int
    ticket: Decimal
    terms: str
    currency: str
    company: str
    collector: str
    flags: frozenset
    partner: object

    @property
    def key(self):
        """Stable name, for what is drawn at random."""
        return f"{self.company}-{self.number}"


def build(world):
    """Create the partners, then list the customers in ``world``."""
    rows = read_csv("customers.csv")
    for number, row in enumerate(rows, start=10):
        row["number"], row["flags"] = number, frozenset(row["flags"].split(";"))
    partners = _create_partners(world, rows)
    _create_contacts(world, rows, partners)
    _create_bank_accounts(world, rows, partners)
    world.customers = [_customer(row, partners[row["number"]]) for row in rows]
    world.name_records(
        {f"customer_{row['number']}": partners[row["number"]] for row in _own(rows)}
    )


def _own(rows):
    """Rows that make a partner of their own."""
    return [row for row in rows if row["city"]]


def _create_partners(world, rows):
    """Partner of each row by its number; some rows share one."""
    own = _own(rows)
    created = world.env["res.partner"].create(
        [_prepare_partner_vals(world, row) for row in own]
    )
    by_name = dict(zip((row["name"] for row in own), created, strict=True))
    by_name |= {
        f"company:{key}": company.partner_id for key, company in world.companies.items()
    }
    partners = {}
    for row in rows:
        group = next((flag for flag in row["flags"] if ":" in flag), row["name"])
        partners[row["number"]] = by_name[group]
    return partners


def _prepare_partner_vals(world, row):
    number, country = row["number"], row["country"]
    person = row["segment"] == "consumer"
    tag = TAGS.get(row["segment"])
    salesperson = row["segment"] in ("company", "key") and number % 2
    vals = {
        "name": row["name"],
        "ref": f"C{number:05d}",
        "is_company": not person,
        "country_id": world.env.ref(
            f"base.{COUNTRIES.get(country, country.lower())}"
        ).id,
        "phone": identity.phone(country, row["zip"], number),
        "email": f"{'contact' if person else 'facturation'}.c{number}@example.com",
        "lang": _language(world, row),
        "user_id": world.users["salesperson"].id if salesperson else False,
        "category_id": [Command.link(world.env.ref(f"recouvrement.{tag}").id)]
        if tag
        else [],
    }
    vals |= {name: row[name] for name in ("street", "zip", "city")}
    if "no_address" in row["flags"]:
        vals |= {"street": False, "city": False}
    if "no_email" in row["flags"]:
        vals["email"] = False
    return vals | ({} if person else _prepare_registration_vals(row))


def _language(world, row):
    country = row["country"]
    if country in FRENCH_SPEAKING or "francophone" in row["flags"]:
        return world.language("fr_FR")
    return world.language(*LANGUAGES.get(country, ()), *ENGLISH)


def _prepare_registration_vals(row):
    if row["country"] != "FR":
        return {"vat": identity.foreign_vat(row["country"], row["number"])}
    siren = identity.siren(row["number"], public=row["segment"] == "public")
    vals = {"company_registry": identity.siret(siren)}
    if row["segment"] != "syndic":
        vals["vat"] = identity.french_vat(siren)
    return vals


def _create_contacts(world, rows, partners):
    """A collection contact per row that names one; large customers also have an
    invoice contact, who must not get the reminders."""
    vals_list = []
    for row in rows:
        if not row["contact"]:
            continue
        partner, number = partners[row["number"]], row["number"]
        reachable = "no_email" not in row["flags"]
        vals = {
            "parent_id": partner.id,
            "type": "collection",
            "name": row["contact"],
            "email": reachable and f"comptabilite.c{number}@example.com",
            "phone": partner.phone,
            "lang": partner.lang,
            "street": partner.street,
            "zip": partner.zip,
            "city": partner.city,
            "country_id": partner.country_id.id,
        }
        vals_list.append(vals)
        if row["segment"] in ("key", "public"):
            invoice = {
                "type": "invoice",
                "name": "Réception des factures",
                "email": f"factures.c{number}@example.com",
            }
            vals_list.append(vals | invoice)
    world.env["res.partner"].create(vals_list)


def _create_bank_accounts(world, rows, partners):
    world.env["res.partner.bank"].create(
        [
            {
                "partner_id": partners[row["number"]].id,
                "acc_number": identity.iban(row["country"], row["number"]),
            }
            for row in _own(rows)
        ]
    )


def _customer(row, partner):
    return Customer(
        number=row["number"],
        name=row["name"],
        segment=row["segment"],
        behaviour=row["behaviour"],
        invoices=int(row["invoices"]),
        ticket=Decimal(row["ticket"]),
        terms=row["terms"],
        currency=row["currency"],
        company=row["company"],
        collector=row["collector"],
        flags=row["flags"],
        partner=partner,
    )
