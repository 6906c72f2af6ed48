"""Two French companies, their users, products, payment terms and exchange rates."""

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from . import identity
from .world import read_csv

COMPANIES = {
    "main": {
        "name": "Atelier Lumen SAS",
        "street": "27 rue du Chevaleret",
        "zip": "75013",
        "city": "Paris",
        "email": "facturation@atelier-lumen.example",
        "website": "https://www.atelier-lumen.example",
        "number": 1,
    },
    "services": {
        "name": "Lumen Services SARL",
        "street": "12 rue Duguesclin",
        "zip": "69006",
        "city": "Lyon",
        "email": "facturation@lumen-services.example",
        "website": "https://www.lumen-services.example",
        "number": 2,
    },
}
# Units of the currency for one euro, two years ago and what it gains each month.
RATES = {"CHF": (0.962, -0.0011), "GBP": (0.834, 0.0014)}
RATE_MONTHS = 25

TERMS = {
    "15": ("15 jours", [(100, "days_after", 15)]),
    "30": ("30 jours", [(100, "days_after", 30)]),
    "45fdm": ("45 jours fin de mois", [(100, "days_end_of_month_on_the", 45)]),
    "60": ("60 jours", [(100, "days_after", 60)]),
    "3x": (
        "Paiement en 3 fois (30 %, 40 %, 30 %)",
        [(30, "days_after", 0), (40, "days_after", 30), (30, "days_after", 60)],
    ),
}


def build(world):
    """Create the companies and all that does not belong to one customer."""
    for key, values in COMPANIES.items():
        world.companies[key] = _create_company(world, **values)
    world.name_records(
        {f"company_{key}": company for key, company in world.companies.items()}
    )
    companies = world.companies["main"] + world.companies["services"]
    world.env = world.env(
        context={**world.env.context, "allowed_company_ids": companies.ids}
    )
    _create_users(world, companies)
    _create_rates(world, companies)
    _create_terms(world)
    _create_products(world, companies)


def _create_company(world, name, number, **address):
    """A company with its chart: the French one when that module is there."""
    siren = identity.siren(number)
    companies = world.env["res.company"]
    # Ask nobody on the internet about a company that does not exist.
    silent = (
        {"iap_enrich_auto_done": True}
        if "iap_enrich_auto_done" in companies._fields
        else {}
    )
    company = companies.create(
        {
            **address,
            **silent,
            "name": world.unique(name),
            "country_id": world.env.ref("base.fr").id,
            "currency_id": world.env.ref("base.EUR").id,
            "company_registry": identity.siret(siren),
            "vat": identity.french_vat(siren),
            "phone": identity.phone("FR", address["zip"], number),
            "recouvrement_test_mode": True,
            "recouvrement_test_email": "tests-relances@example.com",
            "recouvrement_signatory": "Sophie Marchand, responsable du crédit client",
        }
    )
    company.partner_id.lang = world.language("fr_FR")
    charts = world.env["account.chart.template"]
    known = charts._get_chart_template_mapping()
    french = known.get("fr", {}).get("installed")
    charts.try_loading("fr" if french else "generic_coa", company)
    company.currency_id = world.env.ref("base.EUR")
    bank = bank_journal(world, company)
    bank.bank_acc_number = identity.iban("FR", number)
    return company


def bank_journal(world, company):
    """First bank journal of a company."""
    return journal(world, company, "bank")


def journal(world, company, kind):
    """First journal of a kind of a company."""
    return world.env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", kind)], limit=1
    )


def _create_users(world, companies):
    rows = read_csv("logins.csv")
    users = (
        world.env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": row["name"],
                    "login": world.unique(row["login"]),
                    "password": row["password"],
                    "email": f"{world.unique(row['login'])}@example.com",
                    "function": row["function"],
                    "lang": world.language("fr_FR"),
                    "tz": "Europe/Paris",
                    "company_id": companies[0].id,
                    "company_ids": [Command.set(companies.ids)],
                    "group_ids": [
                        Command.set(
                            world.env.ref(f"recouvrement.{row['group']}").ids
                            + world.env.ref("base.group_user").ids
                        )
                    ],
                }
                for row in rows
            ]
        )
    )
    world.users = dict(zip((row["login"] for row in rows), users, strict=True))
    world.name_records({f"user_{login}": user for login, user in world.users.items()})
    _open_to_admin(world, companies)


def _open_to_admin(world, companies):
    """Administrators land in the demonstration, in its language."""
    for xmlid in ("base.user_root", "base.user_admin"):
        user = world.env.ref(xmlid, raise_if_not_found=False)
        if user:
            user.company_ids |= companies
    if user and world.namespace == "demo":
        user.write(
            {
                "company_id": companies[0].id,
                "lang": world.language("fr_FR"),
                "tz": "Europe/Paris",
            }
        )


def _create_rates(world, companies):
    currencies = {
        code: world.env["res.currency"]
        .with_context(active_test=False)
        .search([("name", "=", code)])
        for code in RATES
    }
    for currency in currencies.values():
        currency.active = True
    first = world.today.replace(day=1) - relativedelta(months=RATE_MONTHS)
    world.env["res.currency.rate"].create(
        [
            {
                "name": first + relativedelta(months=month),
                "currency_id": currencies[code].id,
                "company_id": company.id,
                "company_rate": start + month * step,
            }
            for code, (start, step) in RATES.items()
            for company in companies
            for month in range(RATE_MONTHS + 1)
        ]
    )


def _create_terms(world):
    for key, (name, lines) in TERMS.items():
        world.terms[key] = world.env["account.payment.term"].create(
            {
                "name": name,
                "company_id": False,
                "line_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": percent,
                            "delay_type": delay_type,
                            "nb_days": days,
                            "days_next_month": "0",
                        }
                    )
                    for percent, delay_type, days in lines
                ],
            }
        )


def _create_products(world, companies):
    rows = read_csv("products.csv")
    products = world.env["product.product"].create(
        [
            {
                "name": row["name"],
                "default_code": row["code"],
                "list_price": float(row["price"]),
                "type": "service" if row["code"][:3] in ("POS", "ETU") else "consu",
                "taxes_id": [Command.set(companies.account_sale_tax_id.ids)],
            }
            for row in rows
        ]
    )
    world.products = list(zip(rows, products, strict=True))
