"""A camt.053 of many entries: read, written as statement lines, told in figures."""

from _measure import measured

IBAN = "FR7630006000011234567890189"
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def content(entries, opening=0, days=28):
    """A statement of that many credits of 10.00, each with its payer and text."""
    total = opening + 10 * entries
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{SPACE}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>BENCH</MsgId></GrpHdr><Stmt><Id>BENCH</Id>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>",
        _balance("OPBD", opening),
        _balance("CLBD", total),
    ]
    parts += [_entry(number, 1 + number * days // entries) for number in range(entries)]
    parts.append("</Stmt></BkToCstmrStmt></Document>")
    return "".join(parts).encode()


def _balance(code, amount):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-03-31</Dt></Dt></Bal>"
    )


def _entry(number, day):
    return (
        '<Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-{day:02}</Dt></BookgDt>"
        f"<AcctSvcrRef>REF{number}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        "<Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>"
        f"<TxDtls><Refs><EndToEndId>E{number}</EndToEndId></Refs>"
        '<Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty>'
        f"<Nm>Client {number}</Nm></Pty></Dbtr></RltdPties><RmtInf>"
        f"<Ustrd>Facture {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def make_journal(env):
    """A bank journal of its own, of the current company."""
    account = env["res.partner.bank"].create(
        {"acc_number": IBAN, "partner_id": env.company.partner_id.id}
    )
    journal = env["account.journal"].create(
        {
            "name": "Bench",
            "code": "BNCH",
            "type": "bank",
            "bank_account_id": account.id,
        }
    )
    env.flush_all()
    return journal


def measure(env, journal, entries=50_000):
    """Load a statement of that many entries.

    :return: (sample, number of batches): queries grow with the batches only.
    """
    from odoo.addons.recouvrement_sepa.models.account_bank_statement import BATCH

    data = content(entries)
    env.invalidate_all()
    with measured() as sample:
        file = env["recouvrement.bank.file"]._take_content("bench.xml", data)
        env.flush_all()
    if file.state != "loaded" or file.line_count != entries:
        raise RuntimeError(file.issue_ids.mapped("text"))
    assert file.journal_ids == journal
    return sample, -(-entries // BATCH)


def measure_odoo(env, journal, entries):
    """The same lines, by Odoo's own creation; undone."""
    values = [
        {
            "journal_id": journal.id,
            "date": f"2026-03-{1 + number * 28 // entries:02}",
            "amount": 10.0,
            "payment_ref": f"Facture {number} E{number}",
            "partner_name": f"Client {number}",
            "transaction_type": "ESCT",
        }
        for number in range(entries)
    ]
    lines = env["account.bank.statement.line"]
    env.invalidate_all()
    savepoint = env.cr.savepoint()
    with measured() as sample:
        lines.create(values)
        env.flush_all()
    savepoint.rollback()
    env.invalidate_all(flush=False)
    return sample
