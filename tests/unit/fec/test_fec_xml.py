"""The XML form: the same receivables, and nothing that can expand."""

from xml.sax.saxutils import escape

import pytest
from fec_books import codes, lived_in_books, run

from recouvrement.tools.fec import FecError, FecSource


def as_xml(books, encoding="UTF-8", head="", line_names=("CompteAuxNum",)) -> bytes:
    parts = [f'<?xml version="1.0" encoding="{encoding}"?>{head}<comptabilite>']
    parts.append("<exercice><DateCloture>2024-12-31</DateCloture>")
    for row in books.rows:
        parts.append(
            f"<journal><JournalCode>{row.journal}</JournalCode>"
            f"<JournalLib>{escape(row.journal_label)}</JournalLib><ecriture>"
            f"<EcritureNum>{row.number}</EcritureNum>"
            f"<EcritureDate>{row.date}</EcritureDate>"
            f"<EcritureLib>{escape(row.label)}</EcritureLib>"
            f"<PieceRef>{row.ref}</PieceRef><PieceDate>{row.piece_date}</PieceDate>"
            f"<EcritureLet>{row.lettering}</EcritureLet>"
            f"<ligne><CompteNum>{row.account}</CompteNum>"
            f"<CompteLib>{row.account_label}</CompteLib>"
            f"<{line_names[0]}>{row.aux}</{line_names[0]}>"
            f"<Debit>{max(row.amount, 0):.2f}</Debit>"
            f"<Credit>{max(-row.amount, 0):.2f}</Credit></ligne>"
            "</ecriture></journal>"
        )
    parts.append("</exercice></comptabilite>")
    return "".join(parts).encode(encoding)


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-15", "UTF-16"])
@pytest.mark.parametrize("name", ["CompteAuxNum", "CompAuxNum"])
def test_xml_is_the_same_file(encoding, name):
    books = lived_in_books()
    flat = run(books.source()).report
    xml = run(FecSource("a.xml", data=as_xml(books, encoding, line_names=(name,))))
    assert xml.report.balance_411 == flat.balance_411
    assert xml.report.aged == flat.aged
    assert xml.report.matched_by == flat.matched_by
    assert xml.report.lines == flat.lines
    assert xml.report.files[0].separator == "XML"
    assert not {"amount_format", "date_format"} & codes(xml)


def refused(data: bytes) -> str:
    with pytest.raises(FecError) as error:
        run(FecSource("a.xml", data=data))
    return error.value.issue.code


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>',
    ],
)
def test_document_types_are_refused(head):
    assert refused(as_xml(lived_in_books(), head=head)) == "xml_forbidden"


def test_broken_xml_says_where():
    data = as_xml(lived_in_books())[:-200]
    assert refused(data) == "xml_broken"


def test_other_xml_is_no_fec():
    assert refused(b"<svg><path/></svg>") == "no_header"


def test_an_unknown_encoding_is_told():
    assert refused(b'<?xml version="1.0" encoding="klingon"?><a/>') == "xml_broken"
