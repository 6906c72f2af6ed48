"""``./dev bench sepa``: a collection of 20,000 direct debits on a large ledger.

Selected, checked and written by the addon, beside the time of reading the same rows
and writing the same XML with bare lxml. The ledger is the one of ``./dev bench
dunning``, where each customer has three mandates. Exit code 1 when a target is missed.
"""

import io
import sys
from datetime import date

import _bank_file
import _ledger
from _desk import cursor, read_options, working_copy
from _measure import Report, measured
from lxml import etree

from odoo.tools import SQL, config

from devkit import odoo as odoo_runner

RATIO = 2.0  # times reading and writing bare
MEMORY = 300  # MB over the server's
DEBITS = 20_000  # at 1,000,000 lines
MANDATES = 3  # of each customer
ENTRIES = 50_000  # of a bank statement
BATCH_QUERIES = 25  # of a batch of its lines
BANK, OFFICE = 30006, 11234
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"


def main():
    """Run the whole measurement; returns the exit code."""
    options = read_options("sepa")
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "sepa", ["recouvrement_sepa"], _fill)
    report = Report()
    with cursor(work) as env:
        _collect(env, report, options.lines)
        env.cr.rollback()
        _load_bank_file(env, report)
        env.cr.rollback()
    return report.conclude()


def _load_bank_file(env, report):
    """A camt.053 of 50,000 entries: queries grow with the batches only."""
    sample, batches = _bank_file.measure(env, ENTRIES)
    report.row(f"load a statement of {ENTRIES:,} entries", sample)
    each = sample.queries / batches
    report.judge(
        f"{each:.0f} queries for each of {batches} batches",
        each <= BATCH_QUERIES,
        f"at most {BATCH_QUERIES}",
    )


# ----------------------------------------------------------------------
# LEDGER
# ----------------------------------------------------------------------


def _fill(env):
    """Creditor, bank and mandates; each open invoice names one of them."""
    company = _company(env)
    company.write({"sepa_ics": "FR72ZZZ123456", "sepa_approval_amount": 1e9})
    journal = _journal(env)
    account = {"acc_number": _iban(0), "partner_id": company.partner_id.id}
    journal.bank_account_id = env["res.partner.bank"].create(account)
    env.flush_all()
    env.cr.execute(
        "SELECT id, partner_id FROM recouvrement_debtor WHERE company_id = %s "
        "ORDER BY id",
        [company.id],
    )
    rows = [
        (debtor, partner, f"BENCH-{debtor}-{place}", _iban(debtor * MANDATES + place))
        for debtor, partner in env.cr.fetchall()
        for place in range(MANDATES)
    ]
    env.cr.execute(
        """
        INSERT INTO recouvrement_sepa_mandate
               (debtor_id, company_id, partner_id, name, iban, state, scheme, kind,
                creditor_identifier, creditor_name, priority, date_signed, date_expiry,
                collection_count, prenotification_days)
        SELECT r.debtor, %s, r.partner, r.name, r.iban, 'active', 'CORE', 'recurrent',
               'FR72ZZZ123456', 'Atelier du Nord SA', 10, CURRENT_DATE - 100,
               CURRENT_DATE + 900, 1, 0
          FROM unnest(%s::integer[], %s::integer[], %s::varchar[], %s::varchar[])
               AS r(debtor, partner, name, iban)
        """,
        [company.id, *(list(values) for values in zip(*rows, strict=True))],
    )
    env.cr.execute("ANALYZE recouvrement_sepa_mandate")
    env.cr.execute(
        """
        UPDATE account_move m SET sepa_mandate_id = k.id
          FROM account_move_line l, res_partner p, recouvrement_debtor d,
               recouvrement_sepa_mandate k
         WHERE l.move_id = m.id AND l.reconciled IS NOT TRUE
           AND l.amount_residual > 0 AND l.parent_state = 'posted'
           AND l.company_id = %s AND p.id = l.partner_id
           AND d.partner_id = p.commercial_partner_id AND d.company_id = %s
           AND k.debtor_id = d.id
           AND k.name = 'BENCH-' || d.id || '-' || m.id %% %s
        """,
        [company.id, company.id, MANDATES],
    )
    env.invalidate_all(flush=False)


def _company(env):
    return env["res.company"].search([("name", "=", _ledger.COMPANIES[0])], limit=1)


def _journal(env):
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", _company(env).id)], limit=1
    )


def _iban(number):
    """A French account with its two keys."""
    key = 97 - (89 * BANK + 15 * OFFICE + 3 * number) % 97
    bban = f"{BANK:05}{OFFICE:05}{number:011}{key:02}"
    return f"FR{98 - int(bban + '152700') % 97:02}{bban}"


# ----------------------------------------------------------------------
# MEASURES
# ----------------------------------------------------------------------


def _collect(env, report, lines):
    journal, collections = _journal(env), env["recouvrement.sepa.collection"]
    day = collections._get_earliest_date(journal, "CORE")
    report.head("A collection (undone at the end)")
    _explain(env, report, journal, day)
    env.invalidate_all()
    with measured() as proposal:
        collection = collections._propose(journal, "CORE", date.today(), day)
        env.flush_all()
    report.row(f"{collection.count:,} debits selected and written", proposal)
    collection.action_submit()
    env.invalidate_all()
    with measured() as check:
        message = collection.sudo()._check_file()
    report.row("checked", check)
    if message is None:
        report.note(str(collection.refusal_ids[:3].mapped("message")))
    env.invalidate_all()
    with measured() as file:
        collection.action_generate()
        env.flush_all()
    size = len(collection._get_file()) / 1e6
    report.row(f"checked and file of {size:.1f} MB made, valid, kept", file)
    whole = proposal
    whole.seconds += file.seconds
    whole.queries += file.queries
    whole.memory = max(whole.memory, file.memory)
    found = {}
    with measured() as bare:
        found.update(_bare(env, collection))
    report.row("selected, checked and made in one go", whole, bare, RATIO)
    same = (collection.count, round(collection.amount, 2))
    report.judge(
        f"  the bare file holds as much: {same[0]:,} debits of {same[1]:,.2f}",
        (found["count"], found["amount"]) == same,
        "equal",
    )
    report.judge(
        f"{collection.count:,} debits",
        collection.count >= DEBITS * lines / 1_000_000,
        f">= {DEBITS * lines // 1_000_000:,}",
    )
    report.judge(
        f"memory {whole.memory:.0f} MB", whole.memory <= MEMORY, f"<= {MEMORY} MB"
    )
    report.judge(f"{whole.queries} queries", whole.queries <= 250, "<= 250")


def _explain(env, report, journal, day):
    """How the database selects: it does not read the whole ledger."""
    candidates = env["recouvrement.sepa.candidate"]
    candidates._flush_candidates()
    statement = candidates._candidate_sql(
        _company(env), journal, "CORE", date.today(), day
    )
    env.cr.execute(
        SQL(
            "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) SELECT COUNT(*) FROM (%s) x",
            statement,
        )
    )
    plan = [line for [line] in env.cr.fetchall()]
    for line in plan:
        if "Seq Scan on account_move_line" in line or "Execution Time" in line:
            report.note(line.strip())
    report.judge(
        "selection: the ledger is read by its indexes",
        not any("Seq Scan on account_move_line" in line for line in plan),
        "no scan of account_move_line",
    )


def _bare(env, collection):
    """Read the same debits from ledger and mandates, and write their XML."""
    env.cr.execute(
        """
        SELECT k.name, k.iban, k.date_signed, p.name, p.street, p.zip, p.city, y.code,
               SUM(i.amount)::text,
               STRING_AGG(m.name, ', ' ORDER BY l.date_maturity, l.id),
               MAX(m.invoice_date)
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN recouvrement_sepa_collection_item i ON i.move_line_id = l.id
          JOIN recouvrement_sepa_collection_line x ON x.id = i.line_id
          JOIN recouvrement_sepa_mandate k ON k.id = x.mandate_id
          JOIN res_partner p ON p.id = k.partner_id
     LEFT JOIN res_country y ON y.id = p.country_id
         WHERE i.collection_id = %s AND l.reconciled IS NOT TRUE
           AND l.parent_state = 'posted'
      GROUP BY k.id, p.id, y.id ORDER BY k.id
        """,
        [collection.id],
    )
    rows = env.cr.fetchall()
    stream = io.BytesIO()
    with (
        etree.xmlfile(stream, encoding="UTF-8") as out,
        out.element("Document", nsmap={None: NAMESPACE}),
        out.element("CstmrDrctDbtInitn"),
        out.element("PmtInf"),
    ):
        for number, row in enumerate(rows):
            out.write(_bare_transaction(number, row))
    return {
        "count": len(rows),
        "amount": round(sum(float(row[8]) for row in rows), 2),
    }


def _bare_transaction(number, row):
    rum, iban, signed, name, street, postcode, town, country, amount, text, told = row
    sub = etree.SubElement
    element = etree.Element("DrctDbtTxInf")
    ids = sub(element, "PmtId")
    sub(ids, "InstrId").text = f"REM-2026-00001-CORE-{number}"
    sub(ids, "EndToEndId").text = f"REM-2026-00001-CORE-{number}"
    node = sub(element, "InstdAmt")
    node.text = amount
    node.set("Ccy", "EUR")
    direct = sub(element, "DrctDbtTx")
    mandate = sub(direct, "MndtRltdInf")
    sub(mandate, "MndtId").text = rum
    sub(mandate, "DtOfSgntr").text = signed.isoformat()
    sub(mandate, "AmdmntInd").text = "false"
    sub(direct, "PreNtfctnDt").text = told.isoformat()
    bank = sub(sub(element, "DbtrAgt"), "FinInstnId")
    sub(sub(bank, "Othr"), "Id").text = "NOTPROVIDED"
    debtor = sub(element, "Dbtr")
    sub(debtor, "Nm").text = name
    address = sub(debtor, "PstlAdr")
    sub(address, "StrtNm").text = street
    sub(address, "PstCd").text = postcode
    sub(address, "TwnNm").text = town
    sub(address, "Ctry").text = country
    sub(sub(sub(element, "DbtrAcct"), "Id"), "IBAN").text = iban
    sub(sub(element, "RmtInf"), "Ustrd").text = text[:140]
    return element


if __name__ == "__main__":
    sys.exit(main())
