"""Which procedures a claim may take, with the reasons for and the obstacles against.

The conditions come from data (``recouvrement.procedure``); the order proposed is a
habit of collectors, not legal advice: the user qualifies and decides.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

COMMERCIAL, CIVIL, CONSUMER, PUBLIC = "commercial", "civil", "consumer", "public"
NATURES = (COMMERCIAL, CIVIL, CONSUMER, PUBLIC)
DOMESTIC, EU, ABROAD = "domestic", "eu", "abroad"
ZERO = Decimal(0)

# Courts by nature of the claim, the likeliest first.
COURTS = {
    COMMERCIAL: ("tae", "tc"),
    CIVIL: ("tj",),
    CONSUMER: ("tj", "jcp"),
    PUBLIC: ("ta",),
}


@dataclass(frozen=True)
class Claim:
    """The facts of a claim on one debtor.

    :param amount: principal and interest, in euros.
    :param nature: one of ``NATURES``.
    :param scope: ``DOMESTIC``, ``EU`` or ``ABROAD``: where the debtor lives.
    :param country: two letters of the debtor's country.
    :param contested: whether an item is disputed.
    :param tried: codes of procedures that were done in vain.
    :param limit: last day to act on the oldest item, when it is known.
    """

    amount: Decimal
    nature: str
    day: date
    scope: str = DOMESTIC
    country: str = "FR"
    contested: bool = False
    has_title: bool = False
    notice_done: bool = False
    is_person: bool = False
    insolvency: bool = False
    tried: tuple = ()
    limit: date | None = None


@dataclass(frozen=True)
class Procedure:
    """The conditions of a procedure; see the model of the same name."""

    code: str
    category: str
    court: str = "nature"
    rank: int = 10
    natures: tuple = NATURES
    scope: str = "any"
    excluded_countries: tuple = ()
    max_amount: Decimal = ZERO
    commercial_until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    persons_only: bool = False
    needs_title: bool = False
    needs_notice: bool = False
    needs_agreement: bool = False
    needs_uncontested: bool = False
    conciliation_amount: Decimal = ZERO
    lawyer_amount: Decimal = ZERO
    order_from: date | None = None
    order_to: date | None = None
    confidence: str = "S"


@dataclass(frozen=True)
class Remark:
    """A reason, a warning or an obstacle: a code that the model puts into words."""

    code: str
    value: object = None


@dataclass(frozen=True)
class Proposal:
    """A procedure for a claim; without obstacles it may be taken."""

    procedure: Procedure
    courts: tuple
    reasons: tuple
    warnings: tuple
    obstacles: tuple
    lawyer: bool

    @property
    def is_open(self):
        return not self.obstacles


def propose(claim, procedures):
    """All procedures, those that may be taken first, the best fit before the others.

    :return: list of ``Proposal``.
    """
    found = [_judge(claim, procedure) for procedure in procedures]
    return sorted(found, key=lambda one: _order(claim, one))


def _judge(claim, procedure):
    return Proposal(
        procedure,
        _courts(claim, procedure),
        tuple(_reasons(claim, procedure)),
        tuple(_warnings(claim, procedure)),
        tuple(_obstacles(claim, procedure)),
        _needs_lawyer(claim, procedure),
    )


def _courts(claim, procedure):
    if procedure.court == "nature":
        return COURTS[claim.nature]
    return ("jex",) if procedure.court == "jex" else ()


def _needs_lawyer(claim, procedure):
    return bool(procedure.lawyer_amount) and claim.amount > procedure.lawyer_amount


def _order(claim, proposal):
    """What comes next in the life of a claim first: notice, title, enforcement."""
    procedure = proposal.procedure
    return (
        not proposal.is_open,
        len(proposal.obstacles),
        _stage_rank(claim, procedure),
        procedure.needs_agreement,
        procedure.rank,
    )


def _stage_rank(claim, procedure):
    if procedure.category == "notice":
        return 9 if claim.notice_done or claim.has_title else 0
    if procedure.category == "enforcement":
        return 1 if claim.has_title else 8
    if procedure.category == "measure":
        return 5
    return 7 if claim.has_title else 2


# ------------------------------------------------------------------
# REASONS
# ------------------------------------------------------------------


def _reasons(claim, procedure):
    if procedure.court == "nature":
        yield Remark(f"court_{claim.nature}")
    if procedure.max_amount and claim.amount <= procedure.max_amount:
        yield Remark("below_ceiling", procedure.max_amount)
    if procedure.needs_uncontested and not claim.contested:
        yield Remark("not_contested")
    if procedure.scope == "cross_border" and claim.scope == EU:
        yield Remark("cross_border")
    if procedure.needs_title and claim.has_title:
        yield Remark("has_title")
    if procedure.needs_notice and claim.notice_done:
        yield Remark("notice_done")
    if procedure.category == "notice" and not claim.notice_done:
        yield Remark("notice_first")
    if procedure.order_from or procedure.order_to:
        yield Remark("regime_of_order", procedure.order_from or procedure.order_to)
    if _conciliation(claim, procedure) and "small_claims" in claim.tried:
        yield Remark("conciliation_dispensed")


# ------------------------------------------------------------------
# WARNINGS: TO LOOK AT BEFORE
# ------------------------------------------------------------------


def _conciliation(claim, procedure):
    return (
        claim.nature in (CIVIL, CONSUMER)
        and procedure.conciliation_amount
        and claim.amount <= procedure.conciliation_amount
    )


def _warnings(claim, procedure):
    if procedure.needs_agreement:
        yield Remark("agreement_needed")
    if procedure.needs_notice and not claim.notice_done:
        yield Remark("notice_missing")
    if _conciliation(claim, procedure) and "small_claims" not in claim.tried:
        yield Remark("conciliation_first", procedure.conciliation_amount)
    if _needs_lawyer(claim, procedure):
        yield Remark("lawyer_needed", procedure.lawyer_amount)
    if claim.scope == ABROAD and procedure.category != "notice":
        yield Remark("competence_to_check", claim.country)
    if claim.nature == COMMERCIAL and procedure.court == "nature":
        yield Remark("merchants_to_check")
    if claim.limit and claim.limit < claim.day:
        yield Remark("limit_passed", claim.limit)
    if procedure.confidence != "S":
        yield Remark(f"confidence_{procedure.confidence}")
    if claim.has_title and procedure.category in ("amicable", "order", "merits"):
        yield Remark("title_exists")


# ------------------------------------------------------------------
# OBSTACLES: NOT POSSIBLE
# ------------------------------------------------------------------


def _obstacles(claim, procedure):
    if claim.insolvency and procedure.category != "notice":
        yield Remark("insolvency")
    if procedure.valid_from and claim.day < procedure.valid_from:
        yield Remark("not_yet", procedure.valid_from)
    if procedure.valid_to and claim.day > procedure.valid_to:
        yield Remark("no_longer", procedure.valid_to)
    if claim.nature not in procedure.natures:
        yield Remark(f"not_for_{claim.nature}")
    elif _closed_to_merchants(claim, procedure):
        yield Remark("not_between_merchants", procedure.commercial_until)
    if procedure.max_amount and claim.amount > procedure.max_amount:
        yield Remark("above_ceiling", procedure.max_amount)
    yield from _scope_obstacles(claim, procedure)
    if procedure.needs_title and not claim.has_title:
        yield Remark("title_missing")
    if procedure.needs_uncontested and claim.contested:
        yield Remark("contested")
    if procedure.persons_only and not claim.is_person:
        yield Remark("persons_only")
    if procedure.order_to and claim.day > procedure.order_to:
        yield Remark("other_regime", procedure.order_to)
    if procedure.order_from and claim.day < procedure.order_from:
        yield Remark("other_regime", procedure.order_from)


def _closed_to_merchants(claim, procedure):
    last = procedure.commercial_until
    return claim.nature == COMMERCIAL and last and claim.day > last


def _scope_obstacles(claim, procedure):
    if procedure.scope == "domestic" and claim.scope != DOMESTIC:
        yield Remark("debtor_abroad", claim.country)
    if procedure.scope == "cross_border" and claim.scope != EU:
        yield Remark("not_cross_border")
    if claim.country in procedure.excluded_countries:
        yield Remark("country_excluded", claim.country)
