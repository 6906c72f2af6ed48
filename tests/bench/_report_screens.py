"""Dashboards and the movers of the monthly pack on the large ledger, beside the bare
statements that read as much of the ledger."""

from datetime import date, timedelta

from _measure import fresh, repeated

RUNS = 3
TWICE = 2.0  # times the bare statement
ACCOUNTS = """account_id = ANY(ARRAY(SELECT id FROM account_account
                                     WHERE account_type = 'asset_receivable'))
    AND parent_state = 'posted'"""
NOT_MATCHED = """reconciled IS NOT TRUE
    AND (amount_residual <> 0 OR amount_residual_currency <> 0)"""
# Open items of a day: what is open now, and what was matched since.
OPEN_ON = f"""
    SELECT l.id, partner_id, date_maturity AS due,
           amount_residual + COALESCE(later.amount, 0) AS residual
      FROM account_move_line l
 LEFT JOIN later_%(name)s later ON later.line_id = l.id
     WHERE {ACCOUNTS} AND {NOT_MATCHED} AND company_id = ANY(%%(companies)s)
       AND l.date <= %%(%(name)s)s
 UNION ALL
    SELECT l.id, partner_id, date_maturity, amount_residual + later.amount
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


def run(env, report):
    """Seconds and queries of the screens that add up everything."""
    _movers(env, report)
    _dashboards(env, report)


def _movers(env, report):
    report.head("The monthly pack: who moved the receivables of last month")
    last = date.today().replace(day=1) - timedelta(days=1)
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
    report.head("Dashboards, one request each")
    boards = env["recouvrement.dashboard"]
    for kind in ("collector", "manager", "director"):
        if kind in boards._get_kinds():
            sample = repeated(
                RUNS, lambda kind=kind: boards.get_dashboard(kind), lambda: fresh(env)
            )
            report.row(kind, sample)
