"""Whatever bytes come in, the readers answer or refuse; they never fail otherwise."""

from datetime import timedelta

import pytest
from bank_files import SAMPLES, read_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from recouvrement_sepa.tools.bank import BankFileError, events, open_documents

FILES = sorted(path.read_bytes() for path in SAMPLES.iterdir())
QUICK = settings(
    max_examples=150,
    deadline=timedelta(seconds=2),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def answers(content):
    """Read a content to its end; only a refusal may come instead."""
    try:
        read_all(content, size_limit=1_000_000)
        for document in open_documents(content, size_limit=1_000_000):
            for item in events(document):
                assert item.where
    except BankFileError as error:
        assert error.code
        assert str(error)


ISO = b"urn:iso:std:iso:20022:tech:xsd:"


@pytest.mark.parametrize(
    "content",
    [
        b'<Document xmlns="'
        + ISO
        + b'camt.052.001.02}"><BkToCstmrAcctRpt/></Document>',
        b'<TxInfAndSts xmlns="' + ISO + b'pain.002.001.12">'
        b"<CstmrPmtStsRpt/></TxInfAndSts>",
    ],
    ids=["a brace in the namespace", "a transaction around the message"],
)
def test_what_chance_has_found(content):
    answers(content)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes(content):
    answers(content)


@QUICK
@given(st.sampled_from(FILES), st.data())
def test_bytes_of_a_real_file_changed(content, data):
    changed = bytearray(content)
    for _turn in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 12))] = data.draw(
            st.binary(max_size=12)
        )
    answers(bytes(changed))


@QUICK
@given(st.sampled_from(FILES), st.sampled_from(FILES), st.data())
def test_pieces_of_files_glued_together(first, second, data):
    cut = data.draw(st.integers(0, len(first)))
    start = data.draw(st.integers(0, len(second)))
    answers(first[:cut] + second[start:])


XML = [content for content in FILES if content.startswith(b"<?xml")]


@QUICK
@given(st.sampled_from(XML), st.data())
def test_structure_of_a_message_changed(content, data):
    root = etree.fromstring(content)
    for _turn in range(data.draw(st.integers(1, 6))):
        elements = list(root.iter("*"))
        element = elements[data.draw(st.integers(0, len(elements) - 1))]
        _change(root, element, elements, data)
    answers(etree.tostring(root))


def _change(root, element, elements, data):
    action = data.draw(st.sampled_from(["drop", "double", "move", "rename", "text"]))
    parent = element.getparent()
    if action == "text":
        element.text = data.draw(
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)
        )
    elif action == "rename":
        other = elements[data.draw(st.integers(0, len(elements) - 1))]
        element.tag = other.tag
    elif parent is None:
        return
    elif action == "drop":
        parent.remove(element)
    elif action == "double":
        parent.append(etree.fromstring(etree.tostring(element)))
    else:
        target = elements[data.draw(st.integers(0, len(elements) - 1))]
        if element not in target.iterancestors() and element is not target:
            if target.getroottree().getroot() is root:
                target.append(element)


FLAT = next(content for content in FILES if content.startswith(b"01"))


@QUICK
@given(st.data())
def test_records_of_a_flat_statement_shuffled_and_written_over(data):
    lines = FLAT.splitlines()
    for _turn in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "double", "over", "swap"]))
        if action == "drop" and len(lines) > 1:
            lines.pop(place)
        elif action == "double":
            lines.insert(place, lines[place])
        elif action == "swap":
            lines[0], lines[place] = lines[place], lines[0]
        else:
            at = data.draw(st.integers(0, 119))
            new = data.draw(st.binary(min_size=1, max_size=14))
            lines[place] = lines[place][:at] + new + lines[place][at + len(new) :]
    answers(b"\r\n".join(lines))


@QUICK
@given(
    st.lists(
        st.tuples(st.integers(-(10**10), 10**10), st.sampled_from(["05", "A1", "B3"])),
        max_size=8,
    ),
    st.integers(-(10**10), 10**10),
)
def test_a_flat_statement_adds_up_whatever_its_amounts(operations, opening):
    from bank_files import cfonb

    content = cfonb(
        *((code, cents, "", {}) for cents, code in operations), opening=opening
    )
    [(_version, [(statement, entries)], _statuses, _remarks)] = read_all(content)
    assert [int(entry.amount * 100) for entry in entries] == [
        c for c, _code in operations
    ]
    assert statement.opening + sum(e.amount for e in entries) == statement.closing
