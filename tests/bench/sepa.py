"""``./dev bench sepa``: a collection of 20,000 direct debits on a large ledger.

Selected, checked and written by the addon, beside the time of reading the same rows
and writing the same XML with bare lxml (``_bare_debits``). What a collection costs
besides, because its debits are kept, locked and followed, is told apart: the bare work
keeps nothing. The ledger is the one of
``./dev bench dunning``, where each customer has three mandates. Exit code 1 when a
target is missed.
"""

import sys
import time
from contextlib import contextmanager
from datetime import date

import _bank_file
import _bare_debits
import _ledger
from _desk import cursor, read_options, vacuuming, working_copy
from _measure import Report, Sample, measured

from odoo import sql_db
from odoo.tools import SQL, config

from devkit import odoo as odoo_runner

RATIO = 2.0  # times reading and writing bare
MEMORY = 300  # MB over the server's
DEBITS = 20_000  # at 1,000,000 lines
MANDATES = 3  # of each customer
ENTRIES = 50_000  # of a bank statement
OWN_ENTRIES = 2_000  # of one that Odoo creates
BATCH_QUERIES = 25  # of a batch of its lines
BANK, OFFICE = 30006, 11234
TODAY = date.today()
TAKEN = ["collect", "net"]  # verdicts of what is debited, and deducted
RUNS = 2  # of the bare work as of ours; the faster counts
TIMED = ("_check_file", "_write_file")  # what a collection does besides keeping


def main():
    """Run the whole measurement; returns the exit code."""
    options = read_options("sepa")
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "sepa", ["recouvrement_sepa"], _fill)
    report = Report()
    with cursor(work) as env:
        _collect(env, report, options.lines)
        _load_bank_file(env, report)
        env.cr.rollback()
    return report.conclude()


def _load_bank_file(env, report):
    """A camt.053 of 50,000 entries: queries grow with the batches only.

    Odoo's own creation of the lines of a statement is measured on fewer, a batch at a
    time.
    """
    env = env(context={"allowed_company_ids": _company(env).ids})
    report.head("A bank statement (undone at the end)")
    journal = _bank_file.make_journal(env)
    own = _bank_file.measure_odoo(env, journal, OWN_ENTRIES)
    report.row(f"Odoo creates {OWN_ENTRIES:,} lines", own)
    sample, batches = _bank_file.measure(env, journal, ENTRIES)
    report.row(f"load a statement of {ENTRIES:,} entries", sample)
    speed = own.seconds / OWN_ENTRIES / (sample.seconds / ENTRIES)
    report.note(f"{speed:.1f} times as fast an entry as Odoo's own creation")
    each = sample.queries / batches
    report.judge(
        f"{each:.0f} queries for each of {batches} batches",
        each <= BATCH_QUERIES,
        f"at most {BATCH_QUERIES}",
    )
    report.judge(
        f"memory {sample.memory:.0f} MB", sample.memory <= MEMORY, f"<= {MEMORY} MB"
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
    """One request after the other, as a person asks for them; each is committed.

    The bare twin runs before, so that no item is taken yet.
    """
    journal = _journal(env)
    day = env["recouvrement.sepa.collection"]._get_earliest_date(journal, "CORE")
    report.head("A collection (undone at the end)")
    _explain(env, report, journal, day)
    params = _bare_params(env, journal, day)
    bare, bare_file = _fastest(lambda: _bare_debits.make(env.cr, params))
    selection, _rows = _fastest(lambda: _select(env, journal, day))
    report.row("selected", selection)
    env.cr.commit()
    attempts = [
        _attempt(env, report, lines, journal, day, bare_file) for _number in range(RUNS)
    ]
    whole, work = (min(of, key=_seconds) for of in zip(*attempts, strict=True))
    report.row("checked and written", work)
    together = _sum([selection, work])
    report.row("selected, checked and written", together, bare, RATIO)
    report.row("the same, kept and locked: three requests", whole, bare)


def _seconds(sample):
    return sample.seconds


def _sum(samples):
    """Samples of one work done in parts."""
    return Sample(
        sum(sample.seconds for sample in samples),
        sum(sample.queries for sample in samples),
        max(sample.memory for sample in samples),
    )


def _fastest(work):
    """Sample of the fastest of some runs, and what it made."""
    runs = []
    for _number in range(RUNS):
        with measured() as sample:
            made = work()
        runs.append((sample, made))
    return min(runs, key=lambda run: run[0].seconds)


def _select(env, journal, day):
    """Read the debits as a proposal chooses them, keeping none."""
    candidates = env["recouvrement.sepa.candidate"]
    candidates._flush_candidates()
    return env.execute_query(
        SQL(
            """SELECT mandate_id, debtor_id, SUM(amount),
                      MAX(notified_on) FILTER (WHERE amount > 0),
                      STRING_AGG(name, ', ' ORDER BY date_due, move_line_id)
                          FILTER (WHERE amount > 0)
                 FROM (%s) c WHERE reason = ANY(%s)
             GROUP BY mandate_id, debtor_id HAVING SUM(amount) > 0
             ORDER BY debtor_id, mandate_id""",
            candidates._candidate_sql(_company(env), journal, "CORE", TODAY, day),
            TAKEN,
        )
    )


def _attempt(env, report, lines, journal, day, bare_file):
    """A collection as it is made, undone at the end: samples of all of it, and of its
    checks and its file alone."""
    collections = env["recouvrement.sepa.collection"]
    collection, proposal = _step(
        env, lambda: collections._propose(journal, "CORE", TODAY, day)
    )
    report.row("selected, kept", proposal)
    try:
        _submitted, approval = _step(env, collection.action_submit)
        report.row("submitted, approved", approval)
        with _timed(type(collection)) as parts:
            _made, file = _step(env, collection.action_generate)
        report.row("checked, file made, valid, kept", file)
        _judge(report, lines, collection, file, bare_file)
        return _sum([proposal, approval, file]), _sum(parts)
    finally:
        env.cr.rollback()
        _undo(env, collection)


@contextmanager
def _timed(model):
    """Samples of what ``TIMED`` does inside; they hold no peak of their own."""
    samples = []
    methods = {name: getattr(model, name) for name in TIMED}

    def timed(method):
        def run(*args, **kwargs):
            began, queries = time.perf_counter(), sql_db.sql_counter
            try:
                return method(*args, **kwargs)
            finally:
                seconds = time.perf_counter() - began
                samples.append(Sample(seconds, sql_db.sql_counter - queries))

        return run

    for name, method in methods.items():
        setattr(model, name, timed(method))
    try:
        yield samples
    finally:
        for name in TIMED:
            delattr(model, name)


def _step(env, work):
    """A request: result and sample."""
    env.invalidate_all()
    with measured() as sample:
        result = work()
        env.flush_all()
        env.cr.commit()
    return result, sample


def _judge(report, lines, collection, made, bare_file):
    if collection.state != "generated":
        report.note(str(collection.refusal_ids[:3].mapped("message")))
    file = collection._get_file()
    report.note(f"{collection.count:,} debits, {len(file) / 1e6:.1f} MB")
    report.judge(
        "  the bare file tells the same transactions, their numbers apart",
        _transactions(file) == _transactions(bare_file),
        "equal",
    )
    report.judge(
        f"{collection.count:,} debits",
        collection.count >= DEBITS * lines / 1_000_000,
        f">= {DEBITS * lines // 1_000_000:,}",
    )
    report.judge(
        f"memory {made.memory:.0f} MB", made.memory <= MEMORY, f"<= {MEMORY} MB"
    )
    report.judge(f"{made.queries} queries", made.queries <= 100, "<= 100")


def _transactions(content):
    """What a file tells of each debit, in its order, without the numbers given."""
    parts = content.split(b"<DrctDbtTxInf>")[1:]
    return [
        part.split(b"</PmtId>", 1)[1].split(b"</DrctDbtTxInf>")[0] for part in parts
    ]


def _undo(env, collection):
    """As if it had never been: the copy serves again. Mandates keep their days."""
    env.cr.execute(
        "UPDATE recouvrement_sepa_mandate SET collection_count = 1, "
        "date_last_collection = NULL, date_expiry = CURRENT_DATE + 900 "
        "WHERE date_last_collection IS NOT NULL"
    )
    env.cr.execute(
        "DELETE FROM recouvrement_sepa_collection WHERE id = %s", [collection.id]
    )
    env.cr.commit()
    with vacuuming(env.cr.dbname) as cr:
        for name in ("mandate", "collection_line", "collection_item"):
            cr.execute(f"VACUUM FULL ANALYZE recouvrement_sepa_{name}")


def _bare_params(env, journal, day):
    company = _company(env)
    return {
        "company": company.id,
        "accounts": env["account.account"]
        .search([("account_type", "=", "asset_receivable")])
        .ids,
        "euro": env.ref("base.EUR").id,
        "until": TODAY,
        "day": day,
        "notice": company._get_sepa_days("prenotification"),
    }


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


if __name__ == "__main__":
    sys.exit(main())
