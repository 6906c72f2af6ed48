"""Direct debit files against the ISO schemas, ``sepaxml`` and files kept beside.

``UPDATE_GOLDEN=1`` writes the kept files again: read the difference before keeping it.
"""

import io
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from orders import AMENDMENTS, IBAN, SWISS_IBAN, debit, group, message
from recouvrement_sepa.tools import epc_check, pain008
from recouvrement_sepa.tools.charset import to_sepa
from recouvrement_sepa.tools.epc_check import check
from recouvrement_sepa.tools.pain008 import Address, Pain008Error, validate, write
from sepaxml.validation import ValidationError, try_valid_xml

GOLDEN = Path(__file__).parent / "golden"
SEQUENCES = ("FRST", "RCUR", "FNAL", "OOFF")
STREET = Address("avenue Foch", "3 bis", "75016", "Paris", "FR")
CASES = {
    **{
        f"amendment_{kind}": message(group(debit(amendment=amendment)))
        for kind, amendment in AMENDMENTS.items()
    },
    **{
        f"sequence_{sequence.lower()}": message(group(sequence=sequence))
        for sequence in SEQUENCES
    },
    "b2b": message(group(scheme="B2B")),
    "two_sequences": message(
        group(debit(1), debit(2)),
        group(debit(3), number=2, sequence="FNAL"),
        group(debit(4), number=3, date=date(2026, 12, 2), batch_booking=False),
    ),
    "address_structured": message(group(debit(address=STREET))),
    "address_town": message(
        group(debit(address=Address(town="Paris", country="FR", postcode="75016")))
    ),
    "address_hybrid": message(
        group(
            debit(
                address=Address(
                    town="Paris", country="FR", lines=("Batiment B", "3 avenue Foch")
                )
            )
        )
    ),
    "outside_eea": message(
        group(
            debit(
                iban=SWISS_IBAN,
                bic="UBSWCHZH80A",
                address=Address(town="Zurich", country="CH"),
            )
        )
    ),
    "reference": message(group(debit(reference="RF18539007547034", remittance=""))),
    "all_data": message(
        group(
            debit(
                bic="PSSTFRPP",
                instruction_id="C-00001-1",
                prenotification_id="PN-00042",
                prenotified_on=date(2026, 11, 10),
                ultimate_debtor="Groupe Dubois",
            )
        )
    ),
}


def _bytes(order):
    stream = io.BytesIO()
    write(stream, order)
    return stream.getvalue()


@pytest.mark.parametrize("version", pain008.VERSIONS)
@pytest.mark.parametrize("case", CASES)
def test_the_file_is_the_one_kept(case, version):
    order = CASES[case]._replace(version=version)
    content = _bytes(order)
    pretty = etree.tostring(
        etree.fromstring(content),
        pretty_print=True,
        xml_declaration=True,
        encoding="UTF-8",
    )
    path = GOLDEN / f"{case}.{version}.xml"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(pretty)
    assert pretty == path.read_bytes()
    validate(io.BytesIO(content), version)
    try_valid_xml(content, f"pain.008.001.{version}")
    assert not check(order)


def test_no_kept_file_has_lost_its_case():
    kept = {path.name.rsplit(".", 2)[0] for path in GOLDEN.glob("*.xml")}
    assert kept == set(CASES)


def test_the_same_order_gives_the_same_bytes():
    assert _bytes(CASES["all_data"]) == _bytes(CASES["all_data"])


@pytest.mark.parametrize(
    ("change", "code"),
    [({"count": 2}, "count"), ({"total": Decimal("1.00")}, "total")],
)
def test_false_totals_are_never_written(change, code):
    with pytest.raises(Pain008Error) as caught:
        _bytes(message(group(**change)))
    assert caught.value.code == code


def test_an_unknown_version_is_refused():
    with pytest.raises(Pain008Error):
        _bytes(message(version="03"))
    with pytest.raises(Pain008Error):
        validate(io.BytesIO(b""), "03")


@pytest.mark.parametrize("version", pain008.VERSIONS)
def test_what_the_schema_refuses_is_refused_by_both_readers(version):
    content = _bytes(message(group(debit(rum="R" * 36)), version=version))
    with pytest.raises(Pain008Error) as caught:
        validate(io.BytesIO(content), version)
    assert caught.value.code == "schema"
    assert "MndtId" in caught.value.params["text"]
    with pytest.raises(ValidationError):
        try_valid_xml(content, f"pain.008.001.{version}")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda good: good[:-40], id="truncated"),
        pytest.param(lambda good: b"", id="empty"),
        pytest.param(lambda good: b"<Document/>", id="no namespace"),
        pytest.param(lambda good: good.replace(b"Document", b"Other"), id="root"),
        pytest.param(lambda good: good.replace(b"<Nm>", b"<Nn>", 1), id="unclosed"),
        pytest.param(lambda good: good.replace(b"PmtMtd>", b"Mtd>"), id="element"),
        pytest.param(lambda good: good.replace(b"001.08", b"001.02"), id="version"),
        pytest.param(lambda good: good + b"<More/>", id="more"),
    ],
)
def test_a_file_that_is_not_whole_or_not_ours_is_refused(content):
    with pytest.raises(Pain008Error) as caught:
        validate(io.BytesIO(content(_bytes(message()))), "08")
    assert caught.value.params["text"]


def test_a_whole_file_is_accepted():
    validate(io.BytesIO(_bytes(CASES["two_sequences"])), "08")


AMOUNTS = st.decimals("0.01", "999999999.99", places=2)
DEBITS = st.builds(
    debit,
    number=st.integers(1, 10**9),
    amount=AMOUNTS,
    debtor_name=st.text(min_size=1, max_size=90).map(
        lambda text: to_sepa(text, 70).text.strip(" .") or "Nobody"
    ),
    remittance=st.text(max_size=300).map(lambda text: to_sepa(text, 140).text),
    amendment=st.sampled_from([None, *AMENDMENTS.values()]),
    address=st.sampled_from([None, STREET]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(DEBITS, min_size=1, max_size=6, unique_by=lambda d: d.end_to_end_id),
    st.sampled_from(pain008.VERSIONS),
)
def test_whatever_is_converted_and_checked_is_valid(debits, version):
    order = message(group(*debits), version=version)
    assert not check(order)
    content = _bytes(order)
    validate(io.BytesIO(content), version)
    space = {"p": pain008.NAMESPACE % version}
    tree = etree.fromstring(content)
    amounts = tree.xpath("//p:InstdAmt/text()", namespaces=space)
    assert [Decimal(text) for text in amounts] == [one.amount for one in debits]
    [head, *sums] = tree.xpath("//p:CtrlSum/text()", namespaces=space)
    assert Decimal(head) == sum(map(Decimal, sums)) == sum(map(Decimal, amounts))


SIGNS = st.text("aZ9-/ .&<é\n'", max_size=40)
ANY_DEBITS = st.builds(
    debit,
    end_to_end_id=SIGNS,
    amount=st.one_of(AMOUNTS, st.decimals(allow_nan=False, allow_infinity=False)),
    rum=SIGNS,
    signed_on=st.sampled_from([date(2026, 1, 1), date(2099, 1, 1)]),
    debtor_name=st.one_of(SIGNS, st.text("x .", max_size=75)),
    iban=st.sampled_from([IBAN, SWISS_IBAN, IBAN[:-1] + "0", "X"]),
    bic=st.sampled_from(["", "PSSTFRPP", "x"]),
    instruction_id=SIGNS,
    remittance=st.one_of(SIGNS, st.text("x", min_size=138, max_size=142)),
    address=st.one_of(
        st.none(), st.builds(Address, *[st.text("xA1", max_size=17)] * 4, st.just("FR"))
    ),
    prenotified_on=st.sampled_from([None, date(2026, 1, 1)]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(ANY_DEBITS, min_size=1, max_size=3))
def test_the_quick_look_says_and_writes_what_the_close_one_does(debits):
    order = message(group(*debits))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(epc_check, "_is_sound", lambda one, today: False)
        close = check(order)
    assert check(order) == close
    for one in debits:
        quick = pain008._plain_transaction(one)
        if quick is not None:
            assert quick.encode() == pain008._bytes(pain008._transaction(one, "BICFI"))


def test_ordinary_debits_are_sound_and_written_quickly():
    one = debit(address=STREET)
    assert epc_check._is_sound(one, date(2026, 11, 22))
    assert pain008._plain_transaction(one)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40),
    st.one_of(AMOUNTS, st.decimals(allow_nan=False, allow_infinity=False)),
    st.one_of(st.just(IBAN), st.text("FRDE0123456789X", max_size=30)),
    st.text(max_size=80),
)
def test_what_the_checker_accepts_the_schema_accepts(text, amount, iban, name):
    one = debit(end_to_end_id=text, amount=amount, iban=iban, debtor_name=name)
    order = message(group(one))
    if check(order):
        return
    validate(io.BytesIO(_bytes(order)), "08")
