"""Extracts of the BODACC: what is read, what is refused, and hostile files."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recouvrement_litige.tools import bodacc
from recouvrement_litige.tools.bodacc import BodaccError, classify, read, read_day

ROW = {
    "id": "A202602041234",
    "dateparution": "2026-03-20",
    "familleavis": "collective",
    "typeavis": "annonce",
    "tribunal": "Greffe du Tribunal de Commerce de Lyon",
    "commercant": "BOULANGERIE DUBOIS",
    "registre": ["732 829 320", "732829320"],
    "jugement": json.dumps(
        {
            "type": "initial",
            "famille": "Jugement d'ouverture",
            "nature": "Jugement d'ouverture de liquidation judiciaire",
            "date": "10 mars 2026",
            "complementJugement": "Liquidateur : SELARL Untel, 1 rue du Palais, Lyon.",
        }
    ),
    "url_complete": "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A1",
}


def _json(*rows, **wrap):
    return json.dumps(wrap | {"results": rows} if wrap else list(rows)).encode()


def _csv(*rows, delimiter=";", encoding="utf-8"):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(ROW), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        registre = row.get("registre")
        if isinstance(registre, list):
            row = {**row, "registre": ",".join(registre)}
        writer.writerow(row)
    return stream.getvalue().encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        _json(ROW),
        _json(ROW, total_count=1),
        json.dumps({"records": [{"recordid": "x", "fields": ROW}]}).encode(),
        json.dumps({"records": [{"record": {"fields": ROW}}]}).encode(),
        _csv(ROW),
        _csv(ROW, delimiter=","),
        _csv(ROW, encoding="utf-8-sig"),
        _csv(ROW, encoding="cp1252"),
    ],
)
def test_every_form_of_the_extract_says_the_same(content):
    extract = read(content)
    [found] = extract.announcements
    assert found.reference == "A202602041234"
    assert found.published == date(2026, 3, 20)
    assert found.judged == date(2026, 3, 10)
    assert found.sirens == ("732829320",)
    assert found.nature == "liquidation" and found.is_opening
    assert found.court == "Greffe du Tribunal de Commerce de Lyon"
    assert "SELARL Untel" in found.text
    assert found.url.startswith("https://www.bodacc.fr/")
    assert (extract.rows, extract.others, extract.repeated) == (1, 0, 0)


@pytest.mark.parametrize(
    ("label", "nature"),
    [
        ("Jugement d'ouverture d'une procédure de sauvegarde", "safeguard"),
        ("Jugement d'ouverture d'une procédure de redressement judiciaire", None),
        ("Jugement d'ouverture de liquidation judiciaire", "liquidation"),
        ("Jugement prononçant la liquidation judiciaire", "conversion"),
        ("Jugement de conversion en liquidation judiciaire", "conversion"),
        (
            "Jugement de conversion en redressement judiciaire de la procédure de "
            "sauvegarde",
            "conversion",
        ),
        (
            "Jugement prononçant la résolution du plan et la liquidation judiciaire",
            "conversion",
        ),
        ("Jugement arrêtant le plan de redressement", "plan"),
        ("Jugement arrêtant le plan de sauvegarde", "plan"),
        ("Jugement de plan de cession", "plan"),
        ("Jugement de clôture pour insuffisance d'actif", "end"),
        ("Dépôt de l'état des créances", "claims"),
        ("Ouverture d'une procédure de rétablissement professionnel", "recovery"),
        ("Autre avis", "other"),
    ],
)
def test_what_a_judgment_is_about(label, nature):
    assert classify(label) == (nature or "reorganisation")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-10", date(2026, 3, 10)),
        ("2026-03-10T00:00:00+01:00", date(2026, 3, 10)),
        ("10/03/2026", date(2026, 3, 10)),
        ("1er août 2026", date(2026, 8, 1)),
        ("Le 3 décembre 2026", date(2026, 12, 3)),
        ("29 février 2028", date(2028, 2, 29)),
        ("29 février 2026", None),
        ("31/04/2026", None),
        ("0000-00-00", None),
        ("10 brumaire 2026", None),
        ("9999-12-31", None),
        ("", None),
    ],
)
def test_days(text, day):
    assert read_day(text) == day


def test_the_same_announcement_counts_once():
    other = {**ROW, "id": "A202602049999"}
    extract = read(_json(ROW, ROW, other, ROW))
    assert len(extract.announcements) == 2
    assert extract.repeated == 2


def test_other_families_are_only_counted():
    extract = read(_json({**ROW, "familleavis": "vente"}, ROW))
    assert (extract.others, len(extract.announcements)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"registre": ["123 456 789"]}, "siren"),
        ({"registre": None}, "siren"),
        ({"dateparution": "demain"}, "date"),
        ({"id": "<script>"}, "reference"),
        ({"id": {"a": 1}}, "reference"),
        ({"jugement": "{not json"}, "judgment"),
        ({"tribunal": "x" * 70_000}, "cell"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_number(change, code):
    extract = read(_json(ROW, {**ROW, "id": "A202602041235", **change}))
    [problem] = extract.problems
    assert (problem.row, problem.code) == (2, code)
    assert len(extract.announcements) == 1


def test_a_row_of_another_width_is_not_trusted():
    content = _csv(ROW) + b"A202602041299;2026-03-20;collective\n"
    extract = read(content)
    assert [(p.row, p.code) for p in extract.problems] == [(2, "row")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\0\1\2", "encoding"),
        (b"[]", "empty"),
        (b"{}", "format"),
        (b"[" * 100_000, "format"),
        (b'{"results": 3}', "format"),
        (b'[{"a": 1}]', "columns"),
        (b"%PDF-1.7 whatever", "columns"),
        (b"id;dateparution\nA1;2026", "columns"),
    ],
)
def test_a_file_that_is_something_else_is_refused(content, code):
    with pytest.raises(BodaccError) as error:
        read(content)
    assert error.value.code == code


def test_a_file_beyond_the_limits_is_refused(monkeypatch):
    monkeypatch.setattr(bodacc, "FILE_BYTES_MAX", 100)
    with pytest.raises(BodaccError, match="size"):
        read(_json(ROW))
    monkeypatch.undo()
    monkeypatch.setattr(bodacc, "ROWS_MAX", 1)
    with pytest.raises(BodaccError, match="rows"):
        read(_json(ROW, ROW))


def test_problems_are_counted_beyond_those_kept(monkeypatch):
    monkeypatch.setattr(bodacc, "PROBLEMS_MAX", 2)
    extract = read(_json(ROW, *[{**ROW, "registre": "x"}] * 5))
    assert (len(extract.problems), extract.problem_count) == (2, 5)


def test_only_links_to_the_site_itself_are_kept():
    for url in (
        "javascript:alert(1)",
        "http://www.bodacc.fr/x",
        "https://www.bodacc.fr.evil.example/x",
        'https://www.bodacc.fr/x" onclick="x',
    ):
        [found] = read(_json({**ROW, "url_complete": url})).announcements
        assert found.url == ""


def test_a_withdrawn_announcement_says_so():
    [found] = read(_json({**ROW, "typeavis": "annulation"})).announcements
    assert found.is_void


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ROW, "x"]), inner, max_size=6)
    ),
    max_leaves=12,
)


def _readable(content):
    """Either an extract whose counts add up, or the one error of the reader."""
    try:
        extract = read(content)
    except BodaccError as error:
        assert error.code in {"size", "empty", "encoding", "format", "columns", "rows"}
        return
    told = (
        len(extract.announcements)
        + extract.problem_count
        + extract.others
        + extract.repeated
    )
    assert told == extract.rows
    for found in extract.announcements:
        assert found.sirens and found.published and found.reference


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    _readable(content)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(ROW, json_values)), max_size=4))
def test_any_json_is_read_or_refused(rows):
    _readable(json.dumps(rows).encode())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_any_csv_under_the_right_heading_is_read_or_refused(lines):
    head = ";".join(ROW)
    _readable("\n".join([head, *lines]).encode())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=6))
def test_a_damaged_extract_is_read_or_refused(place, bytes_):
    content = _csv(ROW, {**ROW, "id": "A202602047777"})
    place = min(place, len(content))
    _readable(content[:place] + bytes_ + content[place:])
