"""Files that are broken, or meant to harm: a clear refusal, never anything else."""

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bank_files import (
    ISO,
    balance,
    camt,
    cfonb,
    code,
    details,
    entry,
    our_events,
    pain002,
    read_all,
    record,
    sample,
)
from recouvrement_sepa.tools.bank import BankFileError, open_documents

DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def refusal(content, **options):
    with pytest.raises(BankFileError) as caught:
        read_all(content, **options)
    return caught.value


def test_entities_are_never_expanded():
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for prolog in (
        laughs,
        outside,
        b"<!doctype html>",
        b'<!DOCTYPE a SYSTEM "http://x">',
    ):
        assert refusal(DECLARED + prolog + camt(entry())).code == "doctype"


def test_a_declaration_hidden_in_another_alphabet_is_found():
    text = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + camt(entry()).decode()
    )
    assert refusal(text.encode("utf-16")).code == "doctype"
    assert refusal(b'<?xml version="1.0" encoding="UTF-7"?>' + camt(entry())).code == (
        "encoding"
    )


def test_an_unknown_entity_is_refused():
    assert refusal(camt(entry(more="<AddtlNtryInf>&x;</AddtlNtryInf>"))).code == "xml"


def test_a_file_above_the_limit_is_not_even_parsed():
    content = io.BytesIO(b" " * 1_000_001)
    error = refusal(content, size_limit=1_000_000)
    assert (error.code, error.params["limit"]) == ("too_big", 0)


def test_two_hundred_megabytes_are_refused_at_once(tmp_path):
    path = tmp_path / "big.xml"
    with path.open("wb") as file:
        file.write(DECLARED)
        file.truncate(200 * 1024 * 1024)
    start = time.monotonic()
    with path.open("rb") as file:
        assert refusal(file).code == "too_big"
    assert time.monotonic() - start < 2


def test_an_endless_stretch_without_entries_is_refused():
    stuffed = camt(entry(), head="<a/>" * 2_000_000)
    assert refusal(stuffed).code == "shape"


def test_nesting_without_end_is_refused():
    deep = "<a>" * 5000 + "</a>" * 5000
    assert refusal(camt(entry(more=deep))).code == "xml"


@pytest.mark.parametrize(
    "name", ["camt053_08.xml", "camt054_02.xml", "pain002_10.xml", "cfonb120.txt"]
)
def test_a_file_cut_short_is_refused_wherever_it_is_cut(name):
    content = sample(name).rstrip()
    for share in (0.3, 0.5, 0.7, 0.9, 0.99):
        cut = content[: int(len(content) * share)]
        assert refusal(cut).code in ("xml", "truncated", "amount", "record", "mixed")


def test_parts_of_a_cent_are_refused_and_idle_zeros_are_not():
    assert refusal(camt(entry("10.12345"))).code == "decimals"
    [(_name, [(_st, [one])], _statuses, _remarks)] = read_all(camt(entry("10.12000")))
    assert str(one.amount) == "10.12"


@pytest.mark.parametrize("value", ["", "-5.00", "1,50", "1e9", "NaN", "9" * 25, "٣"])
def test_an_amount_that_is_none_is_refused_by_its_place(value):
    error = refusal(camt(entry() + entry(value)))
    assert (error.code, error.where) == ("amount", "document 1, entry 2")


def test_an_entry_without_a_direction_has_no_sign_to_guess():
    assert refusal(camt(entry(sign=""))).code == "direction"
    assert refusal(camt(entry(sign="DEBIT"))).code == "direction"


def test_a_day_that_does_not_exist_is_refused():
    bad = camt(entry()).replace(b"2026-11-18", b"2026-02-30")
    assert refusal(bad).code == "date"


def test_a_message_without_a_namespace_is_read_with_a_remark():
    [(version, [(_st, entries)], _statuses, remarks)] = read_all(
        camt(entry(), space="")
    )
    assert (version, len(entries)) == ("camt.053", 1)
    assert [remark.code for remark in remarks] == ["no_namespace"]


def test_another_message_or_version_is_refused_by_name():
    assert refusal(camt(entry(), space="urn:example")).code == "message"
    assert refusal(camt(entry(), space=ISO + "camt.054.001.08")).code == "message"
    assert refusal(camt(entry(), version="01")).code == "version"
    assert refusal(camt(entry(), version="44")).code == "version"
    assert refusal(pain002(version="02")).code == "version"
    other = f'<Document xmlns="{ISO}pain.008.001.08"><CstmrDrctDbtInitn/></Document>'
    assert refusal(other.encode()).code == "message"
    assert refusal(b"<html><body>Session expired</body></html>").code == "message"


def test_a_version_between_those_we_know_is_read_with_a_remark():
    [(_version, _statements, _statuses, remarks)] = read_all(
        camt(entry(), version="06")
    )
    assert [remark.code for remark in remarks] == ["version"]


def test_national_names_of_a_message_are_read():
    space = "http://www.six-interbank-clearing.com/de/camt.053.001.04.xsd"
    assert read_all(camt(entry(), space=space))[0][0] == "camt.053.001.04"


def test_prefixes_and_envelopes_are_read_through():
    body = camt(entry()).decode().replace("<", "<n:").replace("<n:/", "</n:")
    body = body.replace(" xmlns=", " xmlns:n=")
    wrapped = f"<Envelope><Header/>{body}</Envelope>".encode()
    assert len(read_all(body.encode())[0][1][0][1]) == 1
    assert len(read_all(wrapped)[0][1][0][1]) == 1


def test_a_camt_that_breaks_its_schema_is_read_with_a_remark():
    late = camt(entry() + balance("OPBD", "0.00") + balance("CLBD", "10.00"))
    [(_version, [(statement, _entries)], _statuses, remarks)] = read_all(late)
    assert (statement.opening, statement.closing) == (0, 10)
    assert [remark.code for remark in remarks] == ["order"]
    nothing = camt(entry(status=""))
    [(_version, [(_st, [one])], _statuses, remarks)] = read_all(nothing)
    assert one.status == "BOOK"
    assert [remark.code for remark in remarks] == ["no_status"]


@pytest.mark.parametrize("junction", ["", "\n\n", "\r\n \t", "\ufeff"])
@pytest.mark.parametrize("declared", [True, False])
def test_several_documents_in_one_file_are_all_read(junction, declared):
    head = DECLARED.decode() if declared else ""
    parts = [head + part.decode() for part in (camt(entry()), camt(entry("7.00")))]
    parts.append(head + pain002(group="RJCT").decode())
    found = read_all(junction.join(parts).encode())
    assert [version for version, *_rest in found] == [
        "camt.053.001.08",
        "camt.053.001.08",
        "pain.002.001.10",
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]
)
def test_each_alphabet_gives_the_same_names(encoding):
    inner = (
        "<Refs/><RltdPties><Dbtr><Pty><Nm>Société Générale d'Œuvres</Nm></Pty></Dbtr>"
        "</RltdPties>"
    ).replace("Œ", "É")
    name = "iso-8859-1" if encoding == "latin-1" else encoding[:6].rstrip("-")
    text = (
        f'<?xml version="1.0" encoding="{name}"?>'
        + camt(entry(more=details(inner))).decode()
    )
    [(_version, [(_st, [one])], _statuses, _remarks)] = read_all(text.encode(encoding))
    assert one.details[0].name == "Société Générale d'Éuvres"


def test_a_flat_statement_is_read_in_the_alphabets_of_banks():
    content = cfonb(("05", 100, "", {"NPY": "Crémerie — Œufs"}))
    text = content.decode("cp1252")
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        [(_v, [(_st, [one])], _s, _r)] = read_all(text.encode(encoding))
        assert one.details[0].name == "Crémerie — Œufs", encoding


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", ""])
def test_a_flat_statement_needs_no_line_ends(end):
    [(_v, [(statement, entries)], _s, _r)] = read_all(
        cfonb(("05", 100, "", {}), ("05", -50, "", {}), end=end)
    )
    assert statement.closing == statement.opening + sum(e.amount for e in entries)


def test_old_terminals_wrote_accents_for_the_signs():
    content = cfonb(
        ("05", 1000, "", {}), ("05", -2000, "", {}), opening=0, closing=-1000
    )
    old = content.replace(b"{", "é".encode("cp1252")).replace(
        b"}", "è".encode("cp1252")
    )
    [(_v, [(_st, entries)], _s, _r)] = read_all(old)
    assert [str(e.amount) for e in entries] == ["10.00", "-20.00"]


def test_a_flat_statement_out_of_order_is_refused_by_its_line():
    opening, closing = record("01", p35="151126", p91="0000000000000{"), record("07")
    operation = record("04", p33="05", p35="161126", p91="0000000000100{")
    detail = record("05", p33="05", p46="NPY", p49="X")
    cases = {
        "order": [opening, detail],
        "truncated": [opening, operation],
        "mixed": [opening, record("04", account=("30006", "00001", "99999999999"))],
        "record": [opening, "09" + operation[2:]],
        "amount": [opening, record("04", p35="161126", p91="00000000001X0{"), closing],
        "date": [opening, record("04", p35="321326", p91="0000000000100{"), closing],
    }
    for expected, lines in cases.items():
        assert refusal("\n".join(lines).encode()).code == expected, expected
    assert refusal("\n".join([opening, opening]).encode()).code == "order"
    assert refusal((opening + "X").encode()).code == "record"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \r\n\x1a", "empty"),
        (b"PK\x03\x04....", "compressed"),
        (b"\x1f\x8b\x08....", "compressed"),
        (b"%PDF-1.7", "format"),
        (b":20:MT940", "format"),
        (b"31 CFONB 240", "format"),
        (b"a;b;c", "format"),
        (b"<", "xml"),
    ],
)
def test_what_is_no_bank_file_is_told_so(content, expected):
    assert refusal(content).code == expected


def test_a_fault_in_the_last_document_voids_the_whole_file():
    content = camt(entry()) + b"\n" + camt(entry("x"))
    documents = open_documents(content)
    next(documents)
    with pytest.raises(BankFileError) as caught:
        for document in documents:
            for statement in document.statements:
                list(statement.entries)
    assert caught.value.where == "document 2, entry 1"


MEASURE = """
import resource, sys
sys.path[:0] = sys.argv[2:]
import conftest
from recouvrement_sepa.tools.bank import open_documents
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file:
    count = sum(
        1
        for document in open_documents(file)
        for statement in document.statements
        for entry in statement.entries
    )
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_fifty_thousand_entries_need_little_memory(tmp_path):
    one = entry(
        more=code("IDDT", "UPDD")
        + details(
            "<Refs><EndToEndId>E</EndToEndId></Refs><RmtInf><Ustrd>x</Ustrd></RmtInf>"
        )
    )
    path = tmp_path / "camt.xml"
    path.write_bytes(camt(one * 50_000))
    unit = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", MEASURE, str(path), str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count == 50_000
    # The file itself (mapped) is part of what is measured.
    assert kilobytes * 1024 - path.stat().st_size < 50 * 1024 * 1024


def test_what_a_reader_leaves_is_checked_all_the_same():
    with pytest.raises(BankFileError):
        for _document in open_documents(camt(entry() + entry("x"))):
            pass


def test_another_currency_is_kept_as_it_is():
    content = (
        camt(entry()).replace(b'Ccy="EUR"', b'Ccy="TND"').replace(b"10.00", b"1.234")
    )
    [(_v, [(_st, [one])], _s, _r)] = read_all(content)
    assert (one.currency, str(one.amount)) == ("TND", "1.234")
    assert our_events(content) == []
