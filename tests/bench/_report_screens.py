"""Dashboards and the movers of the monthly pack on the large ledger, beside the bare
statements that read as much of the ledger."""

from datetime import date, timedelta

from _measure import fresh, measured, repeated

RUNS = 3
TWICE = 2.0  # times the bare statement
FROZEN = 2.0  # seconds
ACCOUNTS = """account_id = ANY(ARRAY(SELECT id FROM account_account
                                     WHERE account_type = 'asset_receivable'))
    AND parent_state = 'posted'"""
NOT_MATCHED = """reconciled IS NOT TRUE
    AND (amount_residual <> 0 OR amount_residual_currency <> 0)"""
# Open items of a day: what is open now, and what was matched since.
OPEN_ON = f"""
    SELECT l.id, partner_id, company_id, date_maturity AS due,
           amount_residual + COALESCE(later.amount, 0) AS residual
      FROM account_move_line l
 LEFT JOIN later_%(name)s later ON later.line_id = l.id
     WHERE {ACCOUNTS} AND {NOT_MATCHED} AND company_id = ANY(%%(companies)s)
       AND l.date <= %%(%(name)s)s
 UNION ALL
    SELECT l.id, partner_id, company_id, date_maturity,
           amount_residual + later.amount
      FROM later_%(name)s later JOIN account_move_line l ON l.id = later.line_id
     WHERE {ACCOUNTS} AND NOT ({NOT_MATCHED}) AND company_id = ANY(%%(companies)s)
       AND l.date <= %%(%(name)s)s
"""
LATER = """later_%(name)s AS MATERIALIZED (
    SELECT line_id, SUM(amount) AS amount FROM (
        SELECT debit_move_id AS line_id, amount FROM account_partial_reconcile
         WHERE max_date > %%(%(name)s)s
     UNION ALL
        SELECT credit_move_id, -amount FROM account_partial_reconcile
         WHERE max_date > %%(%(name)s)s) sides
  GROUP BY line_id)"""
BARE_MOVERS = f"""
    WITH {LATER % {"name": "now"}}, {LATER % {"name": "before"}},
    line AS (
        SELECT id, partner_id, SUM(residual) FILTER (WHERE side = 1) AS now,
               SUM(residual) FILTER (WHERE side = 0) AS before,
               SUM(residual) FILTER (WHERE side = 1 AND due < %(now)s) AS late_now,
               SUM(residual) FILTER (WHERE side = 0 AND due < %(before)s) AS late_before
          FROM (SELECT 1 AS side, o.* FROM ({OPEN_ON % {"name": "now"}}) o
             UNION ALL
                SELECT 0, o.* FROM ({OPEN_ON % {"name": "before"}}) o) days
         WHERE residual > 0
      GROUP BY id, partner_id
    )
    SELECT p.commercial_partner_id, SUM(now) - SUM(before),
           SUM(late_now) - SUM(late_before)
      FROM line JOIN res_partner p ON p.id = line.partner_id
  GROUP BY 1 ORDER BY 2 DESC LIMIT 10
"""
OPEN_NOW = {
    "with": "",
    "items": f"""SELECT l.id, partner_id, company_id, date_maturity AS due,
                         amount_residual AS residual, %(now)s::date AS day
                    FROM account_move_line l
                   WHERE {ACCOUNTS} AND {NOT_MATCHED}
                     AND company_id = ANY(%(companies)s) AND l.date <= %(now)s""",
}
OPEN_BEFORE = {
    "with": f"WITH {LATER % {'name': 'before'}}",
    "items": f"""SELECT o.*, %(before)s::date AS day
                    FROM ({OPEN_ON % {"name": "before"}}) o""",
}
BARE_AGES = """
    %(with)s
    SELECT SUM(residual) FILTER (WHERE residual > 0),
           SUM(residual) FILTER (WHERE residual > 0 AND due < day),
           SUM(residual) FILTER (WHERE residual > 0 AND due < day - 90),
           SUM(residual * (day - due)) FILTER (WHERE residual > 0 AND due < day),
           -SUM(residual) FILTER (WHERE residual < 0)
      FROM (%(items)s) i
      JOIN res_partner p ON p.id = i.partner_id
      JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
                                AND d.company_id = i.company_id
  GROUP BY d.collector_id
"""
BARE_MONEY = f"""
    SELECT d.collector_id, SUM(-l.balance)
      FROM account_move_line l
      JOIN account_journal j ON j.id = l.journal_id
      JOIN res_partner p ON p.id = l.partner_id
      JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
                                AND d.company_id = l.company_id
     WHERE {ACCOUNTS.replace("account_id", "l.account_id")}
       AND l.company_id = ANY(%(companies)s)
       AND l.date BETWEEN %(start)s AND %(now)s AND l.balance < 0
       AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL
            OR j.type IN ('bank', 'cash', 'credit'))
  GROUP BY 1
"""
BARE_TOP = f"""
    WITH {LATER % {"name": "before"}},
    ranked AS (
        SELECT p.commercial_partner_id AS id, i.day,
               SUM(residual) AS total,
               SUM(residual) FILTER (WHERE due < i.day) AS late
          FROM (SELECT partner_id, due, residual, %(before)s::date AS day
                  FROM ({OPEN_ON % {"name": "before"}}) o
             UNION ALL
                SELECT partner_id, date_maturity, amount_residual, %(now)s::date
                  FROM account_move_line l
                 WHERE {ACCOUNTS} AND {NOT_MATCHED}
                   AND company_id = ANY(%(companies)s) AND l.date <= %(now)s) i
          JOIN res_partner p ON p.id = i.partner_id
         WHERE %(mine)s::integer IS NULL OR p.commercial_partner_id IN (
               SELECT partner_id FROM recouvrement_debtor WHERE collector_id = %(mine)s)
      GROUP BY 1, 2
    )
    SELECT id, SUM(total) FILTER (WHERE day = %(now)s), SUM(late),
           SUM(total) FILTER (WHERE day = %(before)s)
      FROM ranked GROUP BY id ORDER BY 2 DESC NULLS LAST LIMIT 10
"""


def run(env, report):
    """Seconds and queries of the screens that add up everything."""
    _movers(env, report)
    _dashboards(env, report)


def _movers(env, report):
    report.head("The monthly pack: who moved the receivables of last month")
    last = _last_month_end()
    company = env.company
    pack = (
        env["recouvrement.pack"]
        .sudo()
        .with_context(allowed_company_ids=company.ids)
        .new(
            {
                "company_id": company.id,
                "date_start": last.replace(day=1),
                "date_end": last,
            }
        )
    )
    params = {
        "now": last,
        "before": last.replace(day=1) - timedelta(days=1),
        "companies": company.ids,
    }

    def bare():
        env.cr.execute(BARE_MOVERS, params)
        env.cr.fetchall()

    plain = repeated(RUNS, bare, lambda: fresh(env))
    sample = repeated(RUNS, pack._get_movers, lambda: fresh(env))
    report.row("top ten in and out, of two figures", sample, plain, TWICE)


def _dashboards(env, report):
    """As the screen asks: what opens, then what a large ledger leaves for later."""
    boards = env["recouvrement.dashboard"]
    report.head("Dashboards of two companies, no month frozen: opening")
    for kind in ("collector", "manager", "director"):
        if kind not in boards._get_kinds():
            continue
        plain = repeated(RUNS, lambda k=kind: _bare_board(env, k), lambda: fresh(env))
        sample = _board_sample(env, boards, kind)
        report.row(kind, sample, plain, TWICE)
    report.head("... and what comes after it")
    for kind in ("collector", "manager", "director"):
        if kind in boards._get_kinds():
            sample = repeated(
                RUNS, lambda k=kind: boards.get_late(k), lambda: fresh(env)
            )
            report.row(kind, sample)
    _frozen_dashboards(env, report)


def _board_sample(env, boards, kind, **options):
    options["quick"] = True
    return repeated(
        RUNS, lambda: boards.get_dashboard(kind, dict(options)), lambda: fresh(env)
    )


def _frozen_dashboards(env, report):
    """The month that is over and the one before, frozen, of one legal entity."""
    company = env.company
    snapshots = env["recouvrement.kpi.snapshot"].sudo()
    entity = snapshots._get_entity(company)
    boards = env["recouvrement.dashboard"].with_context(allowed_company_ids=entity.ids)
    last = _last_month_end()
    report.head(f"Dashboards of {company.name}, its two last months frozen: opening")
    for day in (last.replace(day=1) - timedelta(days=1), last):
        period = _month_of(day)
        with measured() as sample:
            snapshots._freeze(company, period)
        report.row(f"freezing {day:%Y-%m}", sample)
    for kind in ("collector", "manager", "director"):
        if kind in boards._get_kinds():
            for label, start in (("today", None), ("last month", str(last))):
                options = {"start": start} if start else {}
                sample = _board_sample(boards.env, boards, kind, **options)
                report.row(f"{kind}, {label}", sample)
                if start:
                    report.judge(
                        f"{kind}, frozen: {sample.seconds:.1f} s",
                        sample.seconds <= FROZEN,
                        f"<= {FROZEN:g} s",
                    )


def _month_of(day):
    # Odoo knows where the addons are once it was configured.
    from odoo.addons.recouvrement_reporting.tools.period import Period

    return Period.month(day)


def _last_month_end():
    return date.today().replace(day=1) - timedelta(days=1)


def _bare_board(env, kind):
    """The reading that what opens needs: what is open today and was on the eve of the
    month, by age; the money of the month; who owes most on both days of comparison. No
    portfolio history, no disputes, promises, contacts, costs, worklist nor texts."""
    today = date.today()
    params = {
        "now": today,
        "before": today.replace(day=1) - timedelta(days=1),
        "start": today.replace(day=1),
        "companies": env.companies.ids,
        "mine": env.uid if kind == "collector" else None,
    }
    env.cr.execute(BARE_AGES % OPEN_NOW, params)
    env.cr.fetchall()
    env.cr.execute(BARE_AGES % OPEN_BEFORE, params)
    env.cr.fetchall()
    env.cr.execute(BARE_MONEY, params)
    env.cr.fetchall()
    env.cr.execute(BARE_TOP, params)
    env.cr.fetchall()
