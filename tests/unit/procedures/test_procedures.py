"""Procedures proposed from the data that ships, one case per row of the law file."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools import procedures as rules
from recouvrement_litige.tools import timeline
from recouvrement_litige.tools.procedures import Claim, Procedure, propose

DATA = Path(__file__).resolve().parents[3] / "addons/recouvrement_litige/data"
TODAY = date(2026, 11, 22)
DATES = ("commercial_until", "valid_from", "valid_to", "order_from", "order_to")
FLAGS = (
    "persons_only",
    "needs_title",
    "needs_notice",
    "needs_agreement",
    "needs_uncontested",
)
AMOUNTS = ("max_amount", "conciliation_amount", "lawyer_amount")
DEFAULTS = {"commercial": True, "civil": True, "consumer": True, "public": False}


def _records(name, model):
    for record in ElementTree.parse(DATA / name).getroot().iter("record"):
        if record.get("model") == model:
            yield {
                field.get("name"): field.text or field.get("ref") or field.get("eval")
                for field in record.iter("field")
            }


def _procedure(row):
    natures = [
        nature
        for nature, default in DEFAULTS.items()
        if row.get(f"for_{nature}", str(default)) == "True"
    ]
    excluded = re.findall(r"base\.(\w\w)'", row.get("excluded_country_ids", ""))
    return Procedure(
        code=row["code"],
        category=row["category"],
        court=row["court"],
        rank=int(row["sequence"]),
        natures=tuple(natures),
        scope=row["scope"],
        excluded_countries=tuple(code.upper() for code in excluded),
        confidence=row["confidence"],
        **{name: Decimal(row.get(name, "0")) for name in AMOUNTS},
        **{name: row.get(name) == "True" for name in FLAGS},
        **{name: row.get(name) and date.fromisoformat(row[name]) for name in DATES},
    )


ROWS = list(_records("procedures.xml", "recouvrement.procedure"))
ALL = [_procedure(row) for row in ROWS]
ACTIVE = [_procedure(row) for row in ROWS if row.get("active") != "False"]
STEPS = list(_records("procedure_steps.xml", "recouvrement.procedure.step"))


def _claim(amount="3000", nature="commercial", **facts):
    facts = {"day": TODAY, "notice_done": True, **facts}
    return Claim(amount=Decimal(amount), nature=nature, **facts)


def _found(procedures=ACTIVE, **facts):
    return {one.procedure.code: one for one in propose(_claim(**facts), procedures)}


def _open(procedures=ACTIVE, **facts):
    return [
        one.procedure.code
        for one in propose(_claim(**facts), procedures)
        if one.is_open
    ]


def _codes(remarks):
    return {remark.code for remark in remarks}


# ------------------------------------------------------------------
# ROWS OF THE LAW FILE
# ------------------------------------------------------------------


def test_without_a_formal_notice_it_comes_first():
    for nature in rules.NATURES:
        assert _open(nature=nature, notice_done=False)[0] == "formal_notice"
    notice = _found(notice_done=False)["payment_order_2026_09"]
    assert "notice_missing" in _codes(notice.warnings)


def test_between_merchants_the_payment_order_comes_next():
    assert _open()[0] == "payment_order_2026_09"
    assert _found()["payment_order_2026_09"].courts == ("tae", "tc")


@pytest.mark.parametrize(
    ("nature", "courts"),
    [("civil", ("tj",)), ("consumer", ("tj", "jcp")), ("public", ("ta",))],
)
def test_the_court_follows_from_the_nature_of_the_claim(nature, courts):
    found = _found(nature=nature)
    code = "administrative_summary" if nature == "public" else "summons"
    assert found[code].courts == courts


@pytest.mark.parametrize(
    ("amount", "nature", "is_open", "obstacle"),
    [
        ("5000", "consumer", True, None),
        ("5000.01", "consumer", False, "above_ceiling"),
        ("4999", "civil", True, None),
        ("800", "commercial", False, "not_between_merchants"),
        ("800", "public", False, "not_for_public"),
    ],
)
def test_small_claims(amount, nature, is_open, obstacle):
    found = _found(amount=amount, nature=nature)["small_claims"]
    assert found.is_open == is_open
    assert not obstacle or obstacle in _codes(found.obstacles)
    assert "agreement_needed" in _codes(found.warnings)


def test_small_claims_were_open_to_merchants_until_april_2026():
    before = _found(day=date(2026, 4, 24))["small_claims"]
    after = _found(day=date(2026, 4, 25))["small_claims"]
    assert before.is_open
    assert not after.is_open


def test_the_merchants_procedure_of_2026_is_switched_off_and_not_verified():
    assert "merchants_2026" not in _found()
    found = _found(ALL)["merchants_2026"]
    assert found.is_open
    assert "confidence_NV" in _codes(found.warnings)
    assert not _found(ALL, nature="civil")["merchants_2026"].is_open
    assert not _found(ALL, day=date(2026, 4, 1))["merchants_2026"].is_open


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 8, 31), "payment_order_before_2026_09"),
        (date(2026, 9, 1), "payment_order_2026_09"),
    ],
)
def test_the_regime_of_payment_orders_follows_the_day(day, code):
    codes = _open(day=day)
    assert [one for one in codes if one.startswith("payment_order")] == [code]


def test_a_contested_claim_takes_no_order_but_a_summons():
    codes = _open(contested=True)
    assert codes[0] == "summons"
    assert not {"payment_order_2026_09", "summary"} & set(codes)
    assert _codes(_found(contested=True)["summary"].obstacles) == {"contested"}


def test_across_borders_the_european_procedures():
    codes = _open(scope="eu", country="DE")
    assert codes[:2] == ["european_order", "european_small_claims"]
    assert "payment_order_2026_09" not in codes
    large = _found(scope="eu", country="DE", amount="5001")
    assert large["european_order"].is_open
    assert not large["european_small_claims"].is_open
    contested = _open(scope="eu", country="DE", contested=True)
    assert "european_small_claims" in contested


def test_denmark_is_out_of_the_european_procedures():
    found = _found(scope="eu", country="DK")
    for code in ("european_order", "european_small_claims"):
        assert "country_excluded" in _codes(found[code].obstacles)


def test_outside_the_union_competence_is_to_check():
    found = _found(scope="abroad", country="CH")
    assert not found["european_order"].is_open
    assert not found["payment_order_2026_09"].is_open
    assert "competence_to_check" in _codes(found["summons"].warnings)


@pytest.mark.parametrize(
    ("amount", "lawyer"), [("10000", False), ("10000.01", True), ("50000", True)]
)
def test_a_lawyer_is_needed_above_ten_thousand_euros(amount, lawyer):
    found = _found(amount=amount)["summons"]
    assert found.lawyer == lawyer
    assert ("lawyer_needed" in _codes(found.warnings)) == lawyer


@pytest.mark.parametrize(
    ("amount", "nature", "tried", "code"),
    [
        ("5000", "consumer", (), "conciliation_first"),
        ("5000", "civil", (), "conciliation_first"),
        ("5001", "consumer", (), None),
        ("5000", "commercial", (), None),
        ("5000", "consumer", ("small_claims",), None),
    ],
)
def test_conciliation_comes_first_before_a_civil_court(amount, nature, tried, code):
    found = _found(amount=amount, nature=nature, tried=tried)["summons"]
    assert ("conciliation_first" in _codes(found.warnings)) == bool(code)
    assert ("conciliation_dispensed" in _codes(found.reasons)) == bool(tried)


def test_a_protective_seizure_needs_no_title():
    found = _found()["protective_seizure"]
    assert found.is_open
    assert found.courts == ("jex",)


def test_enforcement_needs_a_title_then_comes_first():
    for code in ("attachment_seizure", "sale_seizure"):
        assert _codes(_found()[code].obstacles) == {"title_missing"}
    assert _open(has_title=True)[0] == "attachment_seizure"
    order = _found(has_title=True)["payment_order_2026_09"]
    assert "title_exists" in _codes(order.warnings)


def test_wages_are_those_of_a_natural_person():
    company = _found(nature="civil", has_title=True)["wage_seizure"]
    assert "persons_only" in _codes(company.obstacles)
    person = _found(nature="consumer", has_title=True, is_person=True)
    assert person["wage_seizure"].is_open


def test_a_public_body_is_never_seized():
    codes = _open(nature="public", has_title=True)
    assert not [code for code in codes if code.endswith("seizure")]
    assert "public_payment" in codes


def test_insolvency_stops_every_procedure():
    assert _open(insolvency=True) == ["formal_notice"]


def test_a_limit_date_that_is_over_is_told():
    found = _found(limit=date(2026, 11, 21))["summons"]
    assert "limit_passed" in _codes(found.warnings)
    same_day = _found(limit=TODAY)["summons"]
    assert "limit_passed" not in _codes(same_day.warnings)


# ------------------------------------------------------------------
# DATA
# ------------------------------------------------------------------


def _steps(code):
    return [step for step in STEPS if step["procedure_id"] == f"procedure_{code}"]


def _due(code, facts, **options):
    found = [
        timeline.Rule(
            key=step["code"],
            after=step.get("after_code"),
            count=int(step.get("count", 0)),
            unit=step.get("unit", "day"),
            distance=step.get("distance") == "True",
            anchor=step.get("anchor", "done"),
        )
        for step in _steps(code)
    ]
    facts = {
        key: timeline.Fact(done=date.fromisoformat(day)) for key, day in facts.items()
    }
    return timeline.due_days(found, facts, date(2026, 9, 1), **options)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_the_codes_that_steps_name_exist(row):
    steps = _steps(row["code"])
    codes = {step["code"] for step in steps} | {"start"}
    assert steps, "a procedure without steps has no deadline"
    for step in steps:
        named = {step.get("after_code"), step.get("closes_code")}
        named |= {step.get("undoes_code")}
        named |= set((step.get("void_codes") or "").split(","))
        assert not named - codes - {None, ""}, step["code"]
        assert step["confidence"] in ("S", "L", "NV")


# procedure, what was done, step, day
WORKED = [
    ("payment_order_2026_09", {"order": "2026-09-01"}, "serve", "2026-12-01"),
    ("payment_order_2026_09", {"order": "2026-11-30"}, "serve", "2027-03-01"),
    ("payment_order_before_2026_09", {"order": "2026-08-31"}, "serve", "2027-03-01"),
    ("payment_order_before_2026_09", {"order": "2026-04-01"}, "serve", "2026-10-01"),
    ("payment_order_2026_09", {"serve": "2026-10-15"}, "term", "2026-11-16"),
    ("payment_order_2026_09", {"serve": "2026-10-15"}, "enforceable", "2026-12-15"),
    (
        "payment_order_before_2026_09",
        {"serve": "2026-10-15"},
        "enforceable",
        "2026-11-16",
    ),
    ("payment_order_2026_09", {"opposition": "2026-11-10"}, "notice", "2026-12-10"),
    ("payment_order_2026_09", {"notice": "2026-12-10"}, "lawyer", "2026-12-28"),
    ("payment_order_2026_09", {"application": "2026-10-17"}, "fee", "2026-11-02"),
    ("small_claims", {"letter": "2026-01-30"}, "answer", "2026-03-02"),
    ("european_order", {"serve": "2026-10-01"}, "term", "2026-11-02"),
    ("european_small_claims", {"served": "2026-10-05"}, "defence", "2026-11-04"),
    ("protective_seizure", {"seizure": "2026-11-03"}, "denounce", "2026-11-12"),
    ("protective_seizure", {"seizure": "2026-11-03"}, "merits", "2026-12-03"),
    ("protective_seizure", {"merits": "2026-12-03"}, "inform", "2026-12-11"),
    ("attachment_seizure", {"seizure": "2026-12-24"}, "denounce", "2027-01-04"),
    ("attachment_seizure", {"denounce": "2026-12-31"}, "term", "2027-02-01"),
    ("sale_seizure", {"command": "2026-10-30"}, "term", "2026-11-09"),
    ("summons", {"hearing": "2026-11-26"}, "place_civil", "2026-11-10"),
    ("summons", {"hearing": "2026-11-26"}, "place_commercial", "2026-11-18"),
    ("summons", {"serve": "2026-10-31"}, "appeal", "2026-11-30"),
    ("summons", {"decision": "2026-08-31"}, "serve", "2027-03-01"),
    ("summary", {"serve": "2026-10-17"}, "appeal", "2026-11-02"),
]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case[0]}-{case[2]}")
def test_a_step_falls_due_on_the_day_worked_by_hand(case):
    code, done, step, day = case
    assert _due(code, done)[step] == date.fromisoformat(day)


def test_the_debtor_overseas_or_abroad_has_more_time_to_object():
    served = {"serve": "2026-10-15"}
    for months, day in ((1, "2026-12-15"), (2, "2027-01-15")):
        days = _due("payment_order_2026_09", served, distance=months)
        assert days["term"] == date.fromisoformat(day)


CLAIMS = st.builds(
    _claim,
    amount=st.decimals(1, 100000, places=2).map(str),
    nature=st.sampled_from(rules.NATURES),
    scope=st.sampled_from(["domestic", "eu", "abroad"]),
    contested=st.booleans(),
    has_title=st.booleans(),
    notice_done=st.booleans(),
    is_person=st.booleans(),
    insolvency=st.booleans(),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)


@given(CLAIMS)
def test_whatever_the_claim_its_proposals_are_complete_and_in_order(claim):
    found = propose(claim, ACTIVE)
    assert sorted(one.procedure.code for one in found) == sorted(
        one.code for one in ACTIVE
    )
    assert [one.is_open for one in found] == sorted(
        (one.is_open for one in found), reverse=True
    )
    assert found[0].is_open, "there is always something to do"
    for one in found:
        needs = one.procedure
        if one.is_open:
            assert not (needs.max_amount and claim.amount > needs.max_amount)
            assert not (needs.needs_title and not claim.has_title)
            assert claim.nature in needs.natures
            assert not claim.insolvency or needs.category == "notice"
