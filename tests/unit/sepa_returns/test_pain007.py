"""Reversals as files: what a bank checks first."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from recouvrement_sepa.tools.pain007 import (
    Lot,
    Message,
    Pain007Error,
    Reversal,
    write,
)

D = Decimal


def reversal(number=1, amount="50.00", **vals):
    values = {
        "reversal_id": f"R{number}",
        "end_to_end_id": f"E{number}",
        "amount": D(amount),
        "reason": "AM05",
        "rum": f"RUM-{number}",
        "debtor_name": "Boulangerie Dubois",
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPPXXX",
        **vals,
    }
    return Reversal(**values)


def message(*reversals, version="08"):
    lot = Lot(
        "LOT-1",
        "RLOT-1",
        "CORE",
        "RCUR",
        date(2026, 3, 10),
        "Atelier Lumen",
        "FR72ZZZ123456",
        "FR1420041010050500013M02606",
        "",
        reversals,
    )
    created = datetime(2026, 3, 12, 9, 30)
    return Message("M1", created, "Atelier Lumen", "ORIG-1", (lot,), version)


def tree(sent):
    stream = io.BytesIO()
    write(stream, sent)
    return etree.fromstring(stream.getvalue())


def texts(root, name):
    return [element.text for element in root.iterfind(f".//{{*}}{name}")]


def names(element):
    return [etree.QName(child).localname for child in element]


def test_the_debit_is_given_back_in_full_with_its_reason():
    root = tree(message(reversal()))
    assert etree.QName(root).namespace.endswith("pain.007.001.09")
    assert texts(root, "OrgnlMsgId") == ["ORIG-1"]
    assert texts(root, "OrgnlMsgNmId") == ["pain.008.001.08"]
    assert texts(root, "OrgnlPmtInfId") == ["LOT-1"]
    assert texts(root, "OrgnlEndToEndId") == ["E1"]
    assert texts(root, "RvsdInstdAmt") == ["50.00"]
    assert texts(root, "Cd")[0] == "AM05"
    assert texts(root, "BICFI") == ["AGRIFRPPXXX"]
    assert "NOTPROVIDED" in texts(root, "Id")


def test_the_old_version_has_its_own_parties_and_banks():
    root = tree(message(reversal(), version="02"))
    assert etree.QName(root).namespace.endswith("pain.007.001.02")
    assert texts(root, "BIC") == ["AGRIFRPPXXX"]
    assert not texts(root, "Pty")
    assert not texts(root, "RvslPmtInfId")


@pytest.mark.parametrize("version", ["08", "02"])
def test_elements_stand_in_the_order_of_the_schema(version):
    root = tree(message(reversal(instruction_id="I1"), version=version))
    [transaction] = root.iterfind(".//{*}TxInf")
    assert names(transaction) == [
        "RvslId",
        "OrgnlInstrId",
        "OrgnlEndToEndId",
        "OrgnlInstdAmt",
        "RvsdInstdAmt",
        "ChrgBr",
        "RvslRsnInf",
        "OrgnlTxRef",
    ]
    assert names(transaction[-1]) == [
        "Amt",
        "ReqdColltnDt",
        "CdtrSchmeId",
        "PmtTpInf",
        "PmtMtd",
        "MndtRltdInf",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "CdtrAgt",
        "Cdtr",
        "CdtrAcct",
    ]


@given(st.lists(st.decimals("0.01", "999999999.99", places=2), min_size=1, max_size=9))
def test_the_totals_are_those_of_the_transactions(amounts):
    root = tree(message(*(reversal(n, str(a)) for n, a in enumerate(amounts))))
    assert texts(root, "NbOfTxs") == [str(len(amounts))]
    assert D(texts(root, "CtrlSum")[0]) == sum(amounts)
    assert sum(map(D, texts(root, "RvsdInstdAmt"))) == sum(amounts)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (message(), "empty"),
        (message(reversal(reason="AM04")), "reason"),
        (message(reversal(amount="0")), "amount"),
        (message(reversal(amount="1.005")), "amount"),
        (message(reversal(), version="03"), "version"),
    ],
)
def test_what_a_bank_would_refuse_is_not_written(sent, code):
    with pytest.raises(Pain007Error) as error:
        write(io.BytesIO(), sent)
    assert error.value.code == code


def test_the_same_message_gives_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    write(first, message(reversal()))
    write(second, message(reversal()))
    assert first.getvalue() == second.getvalue()


# ISO 20022, pain.007.001.02 and .09: children in order, those we do not write too.
UPPER = {
    "CstmrPmtRvsl": ("GrpHdr", "OrgnlGrpInf", "OrgnlPmtInfAndRvsl", "SplmtryData"),
    "GrpHdr": (
        "MsgId",
        "CreDtTm",
        "Authstn",
        "BtchBookg",
        "NbOfTxs",
        "CtrlSum",
        "GrpRvsl",
        "InitgPty",
        "FwdgAgt",
        "DbtrAgt",
        "CdtrAgt",
    ),
    "OrgnlGrpInf": ("OrgnlMsgId", "OrgnlMsgNmId", "OrgnlCreDtTm", "RvslRsnInf"),
    "OrgnlPmtInfAndRvsl": (
        "RvslPmtInfId",
        "OrgnlPmtInfId",
        "OrgnlNbOfTxs",
        "OrgnlCtrlSum",
        "BtchBookg",
        "PmtInfRvsl",
        "RvslRsnInf",
        "TxInf",
    ),
}


@pytest.mark.parametrize("version", ["08", "02"])
def test_the_upper_elements_stand_in_the_order_of_the_standard(version):
    root = tree(message(reversal(1), reversal(2), version=version))
    for tag, order in UPPER.items():
        [element] = root.iterfind(f".//{{*}}{tag}")
        places = [order.index(name) for name in names(element)]
        assert places == sorted(places), tag
    head = root.find(".//{*}GrpHdr")
    assert texts(head, "NbOfTxs") == ["2"]
    assert texts(head, "CtrlSum") == ["100.00"]
    assert len(list(root.iterfind(".//{*}TxInf"))) == 2
