"""Ratings of the demonstration: those of the night, and one that a person decided."""

from dateutil.relativedelta import relativedelta

REASON = "Client connu depuis quinze ans ; règle chaque mois par virement permanent."

# Provider, value, months ago, limit advised.
EXTERNAL = (
    ("external_provider_bdf", "3+", 2, 0),
    ("external_provider_creditsafe", "64", 1, 20000),
    ("external_provider_allianz", "6", 4, 15000),
    ("external_provider_altares", "7", 14, 5000),
    ("external_provider_coface", "8", 5, 40000),
)


def build(world):
    """Rate every company, after everything that the rating looks at."""
    _enter_external(world)
    ratings = world.env["recouvrement.rating"]
    for company in world.companies.values():
        ratings._compute_company(company)
        world.env["recouvrement.late.model"]._learn(company)
    _decide(world)


def _enter_external(world):
    """What providers said of the biggest customers in the last year."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("partner_id.is_company", "=", True),
            ("company_id", "in", [c.root_id.id for c in world.companies.values()]),
        ],
        order="open_amount DESC, id",
        limit=len(EXTERNAL),
    )
    world.env["recouvrement.external.rating"].create(
        [
            {
                "debtor_id": debtor.id,
                "provider_id": world.env.ref(f"recouvrement.{provider}").id,
                "value": value,
                "date": world.today - relativedelta(months=months),
                "limit_advised": limit,
            }
            for debtor, (provider, value, months, limit) in zip(
                debtors, EXTERNAL, strict=False
            )
        ]
    )


def _decide(world):
    """A private customer: rated by a person only."""
    person = world.env["recouvrement.debtor"].search(
        [
            ("partner_id.is_company", "=", False),
            ("company_id", "in", [c.root_id.id for c in world.companies.values()]),
        ],
        order="id",
        limit=1,
    )
    world.env["recouvrement.rating"].with_user(world.users["manager"])._decide(
        person,
        world.env.ref("recouvrement.rating_grade_b"),
        REASON,
        world.today + relativedelta(months=6),
    )
