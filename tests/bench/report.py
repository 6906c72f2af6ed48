"""``./dev bench report``: aged balance, key figures and forecast on a large ledger,
beside bare statements.

The ledger is the one of ``./dev bench dunning``. The bare statements are written by
hand for this bench and give the same columns per customer, read with the same indexes.
Exit code 1 when a target is missed.
"""

import io
import sys
import tempfile
from datetime import date, timedelta

import _figures
import _ledger
import _report_screens
import xlsxwriter
from _desk import cursor, read_options, working_copy
from _measure import Report, fresh, measured, repeated

from odoo.tools import config

from devkit import odoo as odoo_runner

TODAY, MONTH_END, HISTORY, EXCEL = 1.0, 2.0, 6.0, 15.0  # seconds
BARE = 1.5  # times the bare statement, for a past month-end
ADDED = 0.3  # seconds that the screen may add to the bare statement
SHEET = 1.3  # times bare xlsxwriter
MEMORY = 300  # MB over the server's
RUNS = 5

BUCKETS = """
    SUM(residual) FILTER (WHERE residual > 0 AND due >= %(day)s),
    SUM(residual) FILTER (WHERE residual > 0 AND due < %(day)s
                          AND due >= %(day)s::date - 30),
    SUM(residual) FILTER (WHERE residual > 0 AND due < %(day)s::date - 30
                          AND due >= %(day)s::date - 60),
    SUM(residual) FILTER (WHERE residual > 0 AND due < %(day)s::date - 60
                          AND due >= %(day)s::date - 90),
    SUM(residual) FILTER (WHERE residual > 0 AND due < %(day)s::date - 90
                          AND due >= %(day)s::date - 180),
    SUM(residual) FILTER (WHERE residual > 0 AND due < %(day)s::date - 180),
    SUM(residual) FILTER (WHERE residual < 0), SUM(residual), COUNT(*)
"""
OPEN = """account_id = ANY(%(accounts)s) AND parent_state = 'posted'
    AND company_id = ANY(%(companies)s)"""
NOT_MATCHED = """reconciled IS NOT TRUE
    AND (amount_residual <> 0 OR amount_residual_currency <> 0)"""
BARE_TODAY = f"""
    SELECT partner_id, {BUCKETS}
      FROM (SELECT partner_id, amount_residual AS residual, date_maturity AS due
              FROM account_move_line
             WHERE {OPEN} AND {NOT_MATCHED} AND date <= %(day)s) i
  GROUP BY partner_id
"""
BARE_PAST = f"""
    WITH later AS MATERIALIZED (
        SELECT line_id, SUM(amount) AS amount FROM (
            SELECT debit_move_id AS line_id, amount FROM account_partial_reconcile
             WHERE max_date > %(day)s
         UNION ALL
            SELECT credit_move_id, -amount FROM account_partial_reconcile
             WHERE max_date > %(day)s) sides
      GROUP BY line_id
    ), item AS (
        SELECT partner_id, l.date, date_maturity AS due,
               amount_residual + COALESCE(later.amount, 0) AS residual
          FROM account_move_line l LEFT JOIN later ON later.line_id = l.id
         WHERE {OPEN} AND {NOT_MATCHED}
     UNION ALL
        SELECT partner_id, l.date, date_maturity, amount_residual + later.amount
          FROM later JOIN account_move_line l ON l.id = later.line_id
         WHERE {OPEN} AND NOT ({NOT_MATCHED})
    )
    SELECT partner_id, {BUCKETS} FROM item
     WHERE date <= %(day)s AND residual <> 0 GROUP BY partner_id
"""


def main():
    """Run the whole measurement; returns the exit code."""
    parts = {
        "aged": (_readings, _dimensions),
        "files": (_files,),
        "figures": (_figures.run,),
        "screens": (_report_screens.run,),
    }
    options = read_options("report", parts)
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "report", ["recouvrement_reporting"])
    report = Report()
    with cursor(work) as env:
        mine = _as_manager(env)
        for name, measures in parts.items():
            if options.part in (None, name):
                for measure in measures:
                    measure(mine, report)
    return report.conclude()


def _as_manager(env):
    """A credit manager of both companies."""
    companies = env["res.company"].search([("name", "in", _ledger.COMPANIES)])
    user = env.ref("base.user_admin")
    user.write(
        {
            "company_ids": [(6, 0, companies.ids)],
            "company_id": companies[0].id,
            "group_ids": [(4, env.ref("recouvrement.group_manager").id)],
        }
    )
    env.flush_all()
    return env(user=user, context={"allowed_company_ids": companies.ids})


def _month_end(back):
    day = date.today()
    for _number in range(back):
        day = day.replace(day=1) - timedelta(days=1)
    return day


def _bare(env, day):
    """Sample and rows of the bare statement."""
    params = {
        "day": day,
        "companies": env.companies.ids,
        "accounts": env["account.account"]
        .sudo()
        .search([("account_type", "=", "asset_receivable")])
        .ids,
    }
    statement = BARE_TODAY if day == date.today() else BARE_PAST
    rows = []

    def work():
        env.cr.execute(statement, params)
        rows[:] = env.cr.fetchall()

    return repeated(RUNS, work, lambda: fresh(env)), rows


def _readings(env, report):
    """The balance of today and of past days, its history and its tie-out."""
    balance = env["recouvrement.aged.balance"]
    report.head("The balance by customer, one page of 80 rows, all totals (medians)")
    for label, back, limit in (
        ("today", 0, TODAY),
        ("last month-end", 1, MONTH_END),
        ("three month-ends back", 3, MONTH_END),
        ("twelve month-ends back", 12, None),
    ):
        day = _month_end(back)
        bare, rows = _bare(env, day)
        found = {}

        def work(day=day, found=found):
            found.update(balance.get_balance({"as_of": str(day)}))

        sample = repeated(RUNS, work, lambda: fresh(env))
        report.row(label, sample, bare, BARE if back == 1 else None)
        _same(report, found, rows)
        added = sample.seconds - bare.seconds
        report.judge(f"{label}: {added:.2f} s more", added <= ADDED, f"<= {ADDED} s")
        if limit:
            report.judge(label, sample.seconds <= limit, f"<= {limit:g} s")
    for label, work, limit in (
        ("compared with the month-end", _comparing(balance), None),
        ("history of 12 month-ends", lambda: balance.get_history({}), HISTORY),
        ("tie-out of today", lambda: balance.get_tie_out({}), MONTH_END),
        (
            "tie-out of last month-end",
            lambda: balance.get_tie_out({"as_of": str(_month_end(1))}),
            None,
        ),
    ):
        sample = repeated(3, work, lambda: fresh(env))
        report.row(label, sample)
        if limit:
            report.judge(label, sample.seconds <= limit, f"<= {limit:g} s")
    tied = balance.get_tie_out({"as_of": str(_month_end(1))})["is_tied"]
    report.judge("last month-end ties to the ledger", tied, "difference 0.00")


def _comparing(balance):
    return lambda: balance.get_balance({"compare": str(_month_end(1))})


def _same(report, found, rows):
    """The bare statement says the same: rows, items and total."""
    [total] = found["totals"]
    met = (
        total["rows"] == len(rows)
        and total["items"] == sum(row[-1] for row in rows)
        and round(total["total"], 2) == round(sum(row[-2] for row in rows), 2)
    )
    report.judge("  as many rows and items, the same total", met, "equal")


def _dimensions(env, report):
    """Other rows, filters, and the items of one customer."""
    balance = env["recouvrement.aged.balance"]
    report.head("Other ways to look at last month-end")
    day = str(_month_end(1))
    for options in (
        {"group_by": "parent"},
        {"group_by": "collector"},
        {"group_by": "country"},
        {"group_by": "level"},
        {"apart": True},
        {"base": "document"},
        {"currency": "transaction"},
        {"search": "000123"},
    ):
        values = {"as_of": day, **options}
        sample = repeated(
            3, lambda v=values: balance.get_balance(v), lambda: fresh(env)
        )
        [(name, value)] = options.items()
        report.row(f"{name} {value}", sample)
    biggest = balance.get_balance({"as_of": day})["rows"][0]
    sample = repeated(
        3,
        lambda: balance.get_items({"as_of": day}, biggest["key"]),
        lambda: fresh(env),
    )
    report.row(f"items of a customer of {biggest['items']:,}", sample)
    queries = [
        repeated(1, lambda v=v: balance.get_balance(v), lambda: fresh(env)).queries
        for v in ({"as_of": day}, {"as_of": day, "search": "000123"})
    ]
    report.judge(
        f"queries of all customers and of a few, {queries[0]} and {queries[1]}",
        queries[0] <= queries[1],
        "do not grow",
    )


def _files(env, report):
    """The spreadsheet with every open item, against bare xlsxwriter."""
    balance = env["recouvrement.aged.balance"]
    report.head("Files")
    with measured() as bare:
        rows = _bare_sheet(env)
    env.invalidate_all()
    with measured() as sample, tempfile.TemporaryFile() as stream:
        balance._write_workbook(stream, {})
    report.row(f"xlsx of {rows:,} items", sample, bare, SHEET)
    report.judge("xlsx", sample.seconds <= EXCEL, f"<= {EXCEL:g} s")
    report.judge(
        f"memory of the xlsx: {sample.memory:.0f} MB",
        sample.memory <= MEMORY,
        f"<= {MEMORY} MB",
    )


def _bare_sheet(env):
    """The cells of the real file, in the same formats, written by a plain loop: every
    open item, and two rows for each customer."""
    env.cr.execute(
        """
        SELECT p.complete_name, m.name, m.invoice_date, l.date_maturity,
               CURRENT_DATE - l.date_maturity, l.collection_status, l.account_id,
               l.amount_residual, l.amount_residual_currency, l.currency_id
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN res_partner p ON p.id = l.partner_id
          JOIN account_account a ON a.id = l.account_id
         WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE AND l.company_id = ANY(%s)
           AND l.date <= CURRENT_DATE
           AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
      ORDER BY lower(p.complete_name), l.date_maturity
        """,
        [env.companies.ids],
    )
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    totals, sheet = book.add_worksheet(), book.add_worksheet()
    day = book.add_format({"num_format": 14})
    amount = book.add_format({"num_format": "#,##0.00"})
    text = book.add_format({"num_format": "@"})
    whole = book.add_format({"num_format": "0"})
    bold = book.add_format({"bold": True, "bg_color": "#F3F4F6"})
    count, row, customer, customers = 0, 0, None, 0
    while records := env.cr.fetchmany(10_000):
        for record in records:
            name, document, made, due, days, status, account, own, other, cur = record
            count += 1
            row += 1
            if name != customer:
                customer = name
                customers += 1
                row += 1
                look = text, amount, day, bold
                _bare_customer(totals, customers, sheet, row - 1, name, look)
            sheet.write_string(row, 0, name, text)
            sheet.write_string(row, 1, name, text)
            sheet.write_string(row, 2, document, text)
            sheet.write_number(row, 3, (made or due).toordinal() - 693594, day)
            sheet.write_number(row, 4, due.toordinal() - 693594, day)
            sheet.write_number(row, 5, days, whole)
            sheet.write_string(row, 6, "1–30 days", text)
            sheet.write_string(row, 7, status or "", text)
            sheet.write_string(row, 8, f"{account} Customers", text)
            sheet.write_string(row, 9, "EUR", text)
            sheet.write_number(row, 10, own, amount)
            sheet.write_number(row, 11, other, amount)
            sheet.write_string(row, 12, str(cur), text)
    book.close()
    return count


def _bare_customer(totals, number, sheet, row, name, look):
    """The row of a customer in the balance, and its subtotal among the items."""
    text, amount, day, bold = look
    sheet.set_row(row, None, bold)
    sheet.write_string(row, 0, f"Total {name}", bold)
    sheet.write_string(row, 9, "EUR", bold)
    sheet.write_number(row, 10, 1.5, bold)
    totals.write_string(number, 0, name, text)
    for place in range(1, 10):
        totals.write_number(number, place, 1.5, amount)
    totals.write_number(number, 10, 46000, day)


if __name__ == "__main__":
    sys.exit(main())
