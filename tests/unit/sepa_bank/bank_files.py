"""Files that the tests write, and what is asked of the readers."""

from pathlib import Path

from recouvrement_sepa.tools.bank import Event, events, open_documents

SAMPLES = Path(__file__).parent / "samples"
ROOTS = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
IBAN = "FR7630006000011234567890189"
ISO = "urn:iso:std:iso:20022:tech:xsd:"


def sample(name):
    return (SAMPLES / name).read_bytes()


def read_all(content, **options):
    """``(kind, statements, statuses, remarks)`` of each document, read to its end."""
    found = []
    for document in open_documents(content, **options):
        statements = []
        for statement in document.statements:
            entries = list(statement.entries)
            statements.append((statement, entries))
        statuses = list(document.statuses)
        found.append((document.version, statements, statuses, document.remarks))
    return found


def all_events(content):
    return [item for document in open_documents(content) for item in events(document)]


def our_events(content):
    return [item for item in all_events(content) if isinstance(item, Event)]


def entry(amount="10.00", sign="CRDT", more="", status="<Sts>BOOK</Sts>"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-11-18</Dt></BookgDt>{more}</Ntry>"
    )


def code(family, sub_family, proprietary=""):
    own = f"<Prtry><Cd>{proprietary}</Cd></Prtry>" if proprietary else ""
    domain = (
        f"<Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn>"
    )
    return f"<BkTxCd>{domain if family else ''}{own}</BkTxCd>"


def details(*transactions):
    inner = "".join(f"<TxDtls>{item}</TxDtls>" for item in transactions)
    return f"<NtryDtls>{inner}</NtryDtls>"


def camt(entries, kind="camt.053", version="08", space=None, head="", account=IBAN):
    root, container = ROOTS[kind]
    space = ISO + f"{kind}.001.{version}" if space is None else space
    name = f' xmlns="{space}"' if space else ""
    return (
        f"<Document{name}><{root}><GrpHdr><MsgId>M</MsgId></GrpHdr><{container}>"
        f"<Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{head}{entries}"
        f"</{container}></{root}></Document>"
    ).encode()


def balance(kind, amount, sign="CRDT", day="2026-11-18"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def pain002(
    lots="", group="PART", name="pain.008.001.08", message="REM-1", version="10"
):
    return (
        f'<Document xmlns="{ISO}pain.002.001.{version}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>S</MsgId><CreDtTm>2026-11-13T16:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>{name}</OrgnlMsgNmId>"
        f"{f'<GrpSts>{group}</GrpSts>' if group else ''}</OrgnlGrpInfAndSts>"
        f"{lots}</CstmrPmtStsRpt></Document>"
    ).encode()


def lot(transactions="", status="", count=None):
    number = "" if count is None else f"<OrgnlNbOfTxs>{count}</OrgnlNbOfTxs>"
    state = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>LOT</OrgnlPmtInfId>{number}{state}"
        f"{transactions}</OrgnlPmtInfAndSts>"
    )


def transaction(end_to_end_id, status="RJCT", reason="AC04"):
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    state = f"<TxSts>{status}</TxSts>" if status else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>"
        f"{state}{why}</TxInfAndSts>"
    )


def overpunched(cents):
    """Amount of a CFONB record: the last digit bears the sign."""
    digits = str(abs(cents)).rjust(14, "0")
    return digits[:-1] + ("{ABCDEFGHI" if cents >= 0 else "}JKLMNOPQR")[int(digits[-1])]


def record(kind, account=("30006", "00001", "12345678901"), **at):
    """A line of 120 characters: ``p35="161126"`` writes from position 35."""
    bank, branch, number = account
    places = {3: bank, 12: branch, 17: "EUR2", 22: number, 1: kind}
    places.update({int(name[1:]): text for name, text in at.items()})
    line = [" "] * 120
    for start, text in places.items():
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line)


def cfonb(*operations, opening=100000, end="\r\n", closing=None):
    """A statement: operations are ``(code, cents, reject, {qualifier: text})``."""
    lines = [record("01", p35="151126", p91=overpunched(opening))]
    for code_, cents, reject, texts in operations:
        lines.append(
            record(
                "04",
                p33=code_,
                p35="181126",
                p41=reject,
                p43="181126",
                p49="LIBELLE",
                p91=overpunched(cents),
            )
        )
        for qualifier, text in texts.items():
            lines.append(record("05", p33=code_, p35="181126", p46=qualifier, p49=text))
    total = opening + sum(item[1] for item in operations)
    closing = total if closing is None else closing
    lines.append(record("07", p35="181126", p91=overpunched(closing)))
    return (end.join(lines) + end).encode("cp1252")
