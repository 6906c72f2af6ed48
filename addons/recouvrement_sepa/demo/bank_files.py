"""Files of the bank in the demonstration: a statement of customers' transfers, the
status report on the collection that is under way, and one that nobody can place."""

from datetime import timedelta

from lxml import etree
from lxml.builder import ElementMaker

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
STATEMENT_DAYS_AGO = 3
STRANGE_IBAN = "FR7610107001011234567890129"
RECEIPTS = 9
FEE = 18.40


def build(world):
    """One of each, unless the bank has none yet."""
    company = world.companies["main"]
    env = _as(world, "accountant", _days_ago(world, STATEMENT_DAYS_AGO))
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    journal = env["account.journal"].search(
        [
            ("type", "=", "bank"),
            ("company_id", "=", company.id),
            ("bank_account_id", "!=", False),
        ],
        order="sequence, id",
        limit=1,
    )
    files = env["recouvrement.bank.file"]
    if not journal or files.search_count([("company_id", "=", company.id)], limit=1):
        return
    files._take_content("releve-camt053.xml", _statement(world, journal))
    _report(world, files)
    strange = _write_statement(
        STRANGE_IBAN, 0, [(world.today, 250.0, "", "", "Virement")]
    )
    files._take_content("releve-autre-compte.xml", strange)


# Statement


def _statement(world, journal):
    """Transfers that customers announced with the number of an invoice, and a fee."""
    rng = world.rng("bank file", journal.code)
    items = journal.env["account.move"].search(
        [
            ("company_id", "=", journal.company_id.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "=", "not_paid"),
            ("state", "=", "posted"),
            ("currency_id", "=", journal.company_id.currency_id.id),
        ],
        order="invoice_date, id",
    )
    chosen = rng.sample(list(items), min(RECEIPTS, len(items)))
    day = _days_ago(world, STATEMENT_DAYS_AGO)
    rows = []
    for position, invoice in enumerate(chosen):
        partner = invoice.commercial_partner_id
        number = partner.bank_ids[:1].sanitized_acc_number or ""
        text = invoice.name if position % 3 else f"VIR {partner.name}"[:60]
        on = day - timedelta(days=position // 4)
        rows.append((on, invoice.amount_residual, partner.name, number, text))
    rows.sort(key=lambda row: row[0])
    rows.append((day, -FEE, "", "", "FRAIS DE TENUE DE COMPTE"))
    before = journal.env["account.bank.statement"].search(
        [("journal_id", "=", journal.id)], order="first_line_index desc", limit=1
    )
    opening = before.balance_end_real if before else 48_210.75
    account = journal.bank_account_id.sanitized_acc_number
    return _write_statement(account, opening, rows)


def _write_statement(account, opening, rows):
    make, root = _message("camt.053.001.08")
    closing = opening + sum(row[1] for row in rows)
    statement = make.Stmt(
        make.Id(f"{account[-6:]}-{rows[-1][0]:%Y%m%d}"),
        make.ElctrncSeqNb(f"{rows[-1][0]:%j}"),
        make.Acct(make.Id(make.IBAN(account)), make.Ccy("EUR")),
        _balance(make, "OPBD", opening, rows[0][0]),
        _balance(make, "CLBD", closing, rows[-1][0]),
        *(_entry(make, number, row) for number, row in enumerate(rows, 1)),
    )
    header = make.GrpHdr(make.MsgId(f"REL{rows[-1][0]:%Y%m%d}"))
    root.append(make.BkToCstmrStmt(header, statement))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _message(name):
    make = ElementMaker(namespace=SPACE + name, nsmap={None: SPACE + name})
    return make, make.Document()


def _amount(make, amount):
    return (
        make.Amt(f"{abs(amount):.2f}", Ccy="EUR"),
        make.CdtDbtInd("CRDT" if amount >= 0 else "DBIT"),
    )


def _balance(make, code, amount, day):
    return make.Bal(
        make.Tp(make.CdOrPrtry(make.Cd(code))),
        *_amount(make, amount),
        make.Dt(make.Dt(day.isoformat())),
    )


def _entry(make, number, row):
    day, amount, name, iban, text = row
    family = ("RCDT", "ESCT") if amount > 0 else ("MDOP", "CHRG")
    parties = make.RltdPties(
        *([make.Dbtr(make.Pty(make.Nm(name)))] if name else []),
        *([make.DbtrAcct(make.Id(make.IBAN(iban)))] if iban else []),
    )
    return make.Ntry(
        *_amount(make, amount),
        make.Sts(make.Cd("BOOK")),
        make.BookgDt(make.Dt(day.isoformat())),
        make.AcctSvcrRef(f"{day:%Y%m%d}{number:05}"),
        make.BkTxCd(
            make.Domn(
                make.Cd("PMNT"),
                make.Fmly(make.Cd(family[0]), make.SubFmlyCd(family[1])),
            )
        ),
        make.NtryDtls(
            make.TxDtls(parties, make.RmtInf(make.Ustrd(text))),
        ),
    )


# Status report


def _report(world, files):
    """The bank took the collection that is under way."""
    collection = files.env["recouvrement.sepa.collection"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("state", "=", "sent"),
            ("message_id", "!=", False),
        ],
        limit=1,
    )
    if not collection:
        return
    make, root = _message("pain.002.001.10")
    created = _days_ago(world, 1)
    root.append(
        make.CstmrPmtStsRpt(
            make.GrpHdr(
                make.MsgId(f"STA{created:%Y%m%d}"),
                make.CreDtTm(f"{created:%Y-%m-%d}T17:00:00"),
            ),
            make.OrgnlGrpInfAndSts(
                make.OrgnlMsgId(collection.message_id),
                make.OrgnlMsgNmId("pain.008.001.08"),
                make.GrpSts("ACCP"),
            ),
        )
    )
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    files._take_content("statut-prelevements-pain002.xml", content)
