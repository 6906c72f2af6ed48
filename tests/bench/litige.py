"""``./dev bench litige``: the screens of disputes and court files on a large ledger.

10,000 open disputes of as many items, 2,000 files with their steps and deadlines: each
list, kanban by stage with its sums, and calendar, as the web client asks for them. The
ledger is the one of ``./dev bench dunning``. Exit code 1 when a target is missed.
"""

import sys
from datetime import date, timedelta

import _screens
from _copies import copy
from _desk import cursor, read_options, working_copy
from _measure import Report

from odoo.tools import SQL, config

from devkit import odoo as odoo_runner

SECONDS = 0.3  # each answer, on the server
DISPUTES, FILES = 10_000, 2_000
KANBAN_COLUMN = 40
FEW = 400  # of all stages and days: their queries are compared
SPREAD = 15  # days of a month before and after today
OPENED = [("state", "=", "open")]
STAGE = "(%s::int[])[1 + MOD(i.place, %s)]"


def main():
    """Run the whole measurement; returns the exit code."""
    options = read_options("litige")
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "litige", ["recouvrement_litige"], _fill)
    report = Report()
    with cursor(work) as env:
        user = env.ref("base.user_admin")
        companies = env["res.company"].search([])
        manager = env.ref("recouvrement.group_manager")
        user.write(
            {
                "company_ids": [(6, 0, companies.ids)],
                "group_ids": [(4, manager.id)],
            }
        )
        env.flush_all()
        mine = env(user=user, context={"allowed_company_ids": companies.ids})
        for model, screens in _get_screens(mine).items():
            _measure(mine[model], screens, report)
        env.cr.rollback()
    return report.conclude()


# ----------------------------------------------------------------------
# RECORDS
# ----------------------------------------------------------------------


def _fill(env):
    """One dispute and one file as people open them, then copies on other items."""
    item = env["recouvrement.open.item"].search(
        [("amount_residual", ">", 0), ("days_overdue", ">", 0)], limit=1
    )
    line = item.move_line_id
    dispute = item.debtor_id._open_dispute([(line, None)], "price", "Wrong price")
    other = env["recouvrement.open.item"].search(
        [
            ("amount_residual", ">", 0),
            ("days_overdue", ">", 0),
            ("debtor_id", "!=", item.debtor_id.id),
            ("company_id", "=", item.company_id.id),
        ],
        limit=1,
    )
    procedure = env.ref("recouvrement_litige.procedure_payment_order_2026_09")
    court = env["recouvrement.litigation"]._open(
        other.debtor_id, other.move_line_id, procedure=procedure
    )
    env.flush_all()
    _number_items(env)
    _copy_disputes(env, dispute)
    _copy_files(env, court)
    env.cr.execute("ANALYZE")
    env.invalidate_all(flush=False)


def _number_items(env):
    """Open items with their accounts, numbered."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE bench_item AS
        SELECT ROW_NUMBER() OVER (ORDER BY l.id) AS place, l.id AS line_id,
               d.id AS debtor_id, d.partner_id, d.company_id,
               l.amount_residual AS amount
          FROM account_move_line l
          JOIN res_partner p ON p.id = l.partner_id
          JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
                                    AND d.company_id = l.company_id
          JOIN account_account a ON a.id = l.account_id
         WHERE l.reconciled IS NOT TRUE AND l.amount_residual > 0
           AND l.parent_state = 'posted' AND a.account_type = 'asset_receivable'
        """
    )


def _copy_disputes(env, dispute):
    stages = env["recouvrement.dispute.stage"].search([("is_closed", "=", False)])
    _copy(
        env,
        dispute,
        DISPUTES,
        {
            **_of_item(dispute),
            "name": SQL("'BENCH/' || i.place"),
            "stage_id": SQL(STAGE, stages.ids, len(stages)),
            "date_due": SQL("CURRENT_DATE + (MOD(i.place, 400) - 100)::int"),
            "priority": SQL("MOD(i.place, 4)::varchar"),
            "amount_company": SQL("i.amount"),
            "amount_open_company": SQL("i.amount"),
        },
    )
    parent = _parent(dispute)
    lines = dispute.line_ids
    values = {
        **_of_item(lines),
        "dispute_id": parent,
        "move_line_id": SQL("i.line_id"),
        "amount": SQL("i.amount"),
        "amount_open": SQL("i.amount"),
    }
    _copy(env, lines, DISPUTES, values)


def _copy_files(env, court):
    stages = env["recouvrement.litigation.stage"].search([("is_closed", "=", False)])
    _copy(
        env,
        court,
        FILES,
        {
            **_of_item(court),
            "name": SQL("'BENCH/' || i.place"),
            "stage_id": SQL(STAGE, stages.ids, len(stages)),
            "next_date": SQL("CURRENT_DATE + (MOD(i.place, 400) - 100)::int"),
            "amount_transferred": SQL("i.amount"),
            "amount_open": SQL("i.amount"),
        },
    )
    parent = _parent(court)
    _copy(
        env,
        court.step_ids,
        FILES,
        {**_of_item(court.step_ids), "litigation_id": parent},
    )
    deadlines = env["recouvrement.deadline"].search([("litigation_id", "=", court.id)])
    _copy(
        env,
        deadlines,
        FILES,
        {
            **_of_item(deadlines),
            "litigation_id": parent,
            "res_id": SQL("t.res_id + 100000000 + i.place::int"),
            "date_due": SQL("CURRENT_DATE + (MOD(i.place, 400) - 100)::int"),
        },
    )


def _parent(record):
    return SQL(
        "(SELECT x.id FROM %s x WHERE x.name = 'BENCH/' || i.place)",
        SQL.identifier(record._table),
    )


def _of_item(records):
    """Columns of the account that these records have."""
    values = {
        "debtor_id": SQL("i.debtor_id"),
        "company_id": SQL("i.company_id"),
        "customer_id": SQL("i.partner_id"),
        "partner_id": SQL("i.partner_id"),
    }
    return {
        name: value
        for name, value in values.items()
        if name in records._fields and records._fields[name].store
    }


def _copy(env, records, count, changes):
    copy(env, records, "bench_item", changes, count)


# ----------------------------------------------------------------------
# SCREENS
# ----------------------------------------------------------------------


def _get_screens(env):
    """``{model: {screen: function of a domain that reads it}}``."""
    return {
        "recouvrement.dispute": {
            "list": _list(env["recouvrement.dispute"]),
            "kanban by stage": _kanban(
                env["recouvrement.dispute"],
                "amount_open_company",
                "priority",
                {"0": "muted", "1": "info", "2": "warning", "3": "danger"},
            ),
            "calendar, a month": _calendar(env["recouvrement.dispute"]),
        },
        "recouvrement.litigation": {
            "list": _list(env["recouvrement.litigation"]),
            "kanban by stage": _kanban(
                env["recouvrement.litigation"],
                "amount_open",
                "urgency",
                {"late": "danger", "soon": "warning", "calm": "success"},
            ),
        },
        "recouvrement.deadline": {
            "list": _list(env["recouvrement.deadline"]),
            "calendar, a month": _calendar(env["recouvrement.deadline"]),
        },
    }


def _list(model):
    specification = _screens.fields_of_view(model, "list")
    return lambda domain: model.web_search_read(
        domain, specification, limit=_screens.PAGE, count_limit=10001
    )


def _kanban(model, total, bar, colors):
    specification = _screens.fields_of_view(model, "kanban")

    def read(domain):
        model.web_read_group(
            domain,
            ["stage_id"],
            [f"{total}:sum", "__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=KANBAN_COLUMN,
        )
        model.read_progress_bar(
            domain, "stage_id", {"field": bar, "colors": colors, "sum_field": total}
        )

    return read


def _calendar(model):
    specification = _screens.fields_of_view(model, "calendar")
    days = [
        ("date_due", ">=", date.today() - timedelta(days=SPREAD)),
        ("date_due", "<=", date.today() + timedelta(days=SPREAD)),
    ]
    return lambda domain: model.web_search_read(
        [*domain, *days], specification, limit=None
    )


def _measure(model, screens, report):
    opened = [] if model._name == "recouvrement.deadline" else OPENED
    few = [("id", "in", model.search(opened, order="id", limit=FEW).ids)]
    report.head(f"{model._description}: {model.search_count(opened):,} (median)")
    for screen, read in screens.items():
        label = f"{model._name.rpartition('.')[2]}: {screen}"
        sample = _screens.measure(model.env, lambda read=read: read(opened))
        small = _screens.measure(model.env, lambda read=read: read(few))
        report.row(label, sample)
        report.judge(label, sample.seconds <= SECONDS, f"<= {SECONDS} s")
        report.judge(
            f"{label}: {sample.queries} queries, {small.queries} for {FEW} records",
            sample.queries <= small.queries + 1,
            "do not follow the records",
        )


if __name__ == "__main__":
    sys.exit(main())
