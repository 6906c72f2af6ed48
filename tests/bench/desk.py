"""``./dev bench desk``: the screens of a collector's day on a large ledger.

The worklist, its kanban, its counters and the page of a debtor, as the web client asks
for them, with contacts, promises and plans of a desk at work. The ledger is the one of
``./dev bench dunning``. Exit code 1 when a target is missed.
"""

import sys
from datetime import date, timedelta

import _screens
from _desk import cursor, read_options, working_copy
from _measure import Report, measured

from odoo.tools import config

from devkit import odoo as odoo_runner

SECONDS = 0.3  # each answer, on the server
PROMISES = 300
CONTACTS_PER_DEBTOR = 5
KANBAN_COLUMN = 40
MORE_QUERIES = 3  # what a debtor with promises and several kinds of items reads more


def main():
    """Run the whole measurement; returns the exit code."""
    options = read_options("desk")
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "desk", ["recouvrement"], _fill)
    report = Report()
    _work(work, report)
    _screens_of(work, report)
    return report.conclude()


def _fill(env):
    _give_contacts(env)
    _give_promises(env)


def _give_contacts(env):
    """Calls of the last weeks with their events, five for each debtor that is late."""
    env.cr.execute(
        """
        INSERT INTO recouvrement_event (debtor_id, company_id, date, user_id, kind,
                                        summary)
        SELECT d.id, d.company_id, now() - (n * 9 + d.id %% 9) * interval '1 day',
               d.collector_id, 'contact', 'Called: no answer'
          FROM recouvrement_debtor d, generate_series(1, %s) n
         WHERE d.overdue_amount > 0
        """,
        [CONTACTS_PER_DEBTOR],
    )
    env.cr.execute(
        """
        INSERT INTO recouvrement_interaction (debtor_id, company_id, date, user_id,
                                              channel, outcome_id)
        SELECT d.id, d.company_id, now() - (n * 9 + d.id %% 9) * interval '1 day',
               d.collector_id, 'call_out', o.id
          FROM recouvrement_debtor d, generate_series(1, %s) n,
               (SELECT MIN(id) AS id FROM recouvrement_interaction_outcome) o
         WHERE d.overdue_amount > 0
        """,
        [CONTACTS_PER_DEBTOR],
    )
    env.invalidate_all(flush=False)


def _give_promises(env):
    """Promises of the debtors with most to pay, one item each."""
    debtors = env["recouvrement.debtor"].search(
        [("overdue_amount", ">", 0)], order="id", limit=PROMISES
    )
    day = date.today() + timedelta(days=7)
    items = env["recouvrement.open.item"].search_fetch(
        [
            ("debtor_id", "in", debtors.ids),
            ("amount_residual", ">", 0),
            ("days_overdue", ">", 0),
        ],
        ["debtor_id", "amount_residual_currency"],
        order="debtor_id, id",
    )
    first = {}
    for item in items:
        first.setdefault(item.debtor_id.id, item)
    for debtor in debtors:
        item = first.get(debtor.id)
        if item:
            line = env["account.move.line"].browse(item.id)
            debtor._make_promise(item.amount_residual_currency, day, lines=line)


def _work(database, report):
    """What happens behind the screens, during a call and at night."""
    report.head("During a call (each undone)")
    with cursor(database) as env:
        debtors = env["recouvrement.debtor"]
        big = debtors.search([], order="open_item_count DESC", limit=1)
        small = debtors.search([("overdue_item_count", "=", 2)], limit=1)
        day = date.today() + timedelta(days=7)
        outcome = env["recouvrement.interaction.outcome"].search([], limit=1)
        for debtor in (small, big):
            many = f"{debtor.open_item_count:,} items"
            calls = [
                (
                    f"log a contact, {many}",
                    lambda debtor=debtor: debtor._log_contact(
                        {"channel": "call_out", "outcome_id": outcome.id}
                    ),
                ),
                (
                    f"promise of all that is due, {many}",
                    lambda debtor=debtor: debtor.action_promise_all(day),
                ),
            ]
            for label, work in calls:
                report.row(label, _undone(env, work))
    report.head("At night")
    with cursor(database) as env:
        debtors = env["recouvrement.debtor"]
        with measured() as sample:
            debtors._refresh_totals()
        report.row("refresh of all debtors, work to do included", sample)
        promises = env["recouvrement.promise"].search([("state", "=", "open")])
        with measured() as sample:
            promises._judge()
            env.flush_all()
        report.row(f"{len(promises):,} open promises judged", sample)


def _undone(env, work):
    """Measure one piece of work up to where it would be committed, and undo it."""
    env.flush_all()
    env.cr.execute("SAVEPOINT bench")
    with measured() as sample:
        work()
        env.flush_all()
        env.cr.precommit.run()
    env.invalidate_all(flush=False)
    env.cr.precommit.clear()
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    return sample


def _screens_of(database, report):
    report.head("Opening screens (median, new cache each time)")
    with cursor(database) as env:
        for login, role in (("collector0", "collector"), ("admin", "manager")):
            user = env["res.users"].search([("login", "=", login)])
            companies = env["res.company"].search([])
            user.write(
                {
                    "company_ids": [(6, 0, companies.ids)],
                    "group_ids": [(4, env.ref(f"recouvrement.group_{role}").id)],
                }
            )
            env.flush_all()
            mine = env(user=user, context={"allowed_company_ids": companies.ids})
            _measure_as(mine, role, report)


def _measure_as(env, role, report):
    debtors = env["recouvrement.debtor"].with_context(recouvrement_worklist=True)
    domain = [("to_work", "=", True)]
    count = debtors.search_count(domain)
    big = debtors.search([], order="open_item_count DESC", limit=1)
    small = debtors.search([("open_item_count", "=", 1)], limit=1)
    screens = [
        (f"{role}: worklist, 80 of {count:,}", _list(debtors, domain)),
        (f"{role}: kanban by kind of work", _kanban(debtors, domain)),
        (f"{role}: counters of the tabs", lambda: debtors.get_work_tabs([])),
        (f"{role}: page, {big.open_item_count:,} items", lambda: big.get_desk({})),
        (f"{role}: page, one item", lambda: small.get_desk({})),
    ]
    samples = {}
    for label, work in screens:
        samples[label] = _screens.measure(env, work)
        report.row(label, samples[label])
        seconds = samples[label].seconds
        report.judge(label, seconds <= SECONDS, f"<= {SECONDS} s")
    pages = [samples[label].queries for label, _work in screens[-2:]]
    report.judge(
        f"{role}: queries of a page, {pages[0]} and {pages[1]}",
        pages[0] <= pages[1] + MORE_QUERIES,
        f"<= {MORE_QUERIES} more for all these items",
    )


def _list(debtors, domain):
    view = debtors.env.ref("recouvrement.recouvrement_debtor_view_list_work")
    specification = _screens.fields_of_view(debtors, "list", view.id)

    def work():
        debtors.web_search_read(
            domain, specification, limit=_screens.PAGE, count_limit=10001
        )

    return work


def _kanban(debtors, domain):
    view = debtors.env.ref("recouvrement.recouvrement_debtor_view_kanban_work")
    specification = _screens.fields_of_view(debtors, "kanban", view.id)

    def work():
        debtors.web_read_group(
            domain,
            ["work_kind"],
            ["overdue_amount:sum"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=KANBAN_COLUMN,
        )
        debtors.read_progress_bar(
            domain,
            "work_kind",
            {
                "field": "priority",
                "colors": {"3": "danger", "2": "warning", "1": "info", "0": "muted"},
                "sum_field": "overdue_amount",
            },
        )

    return work


if __name__ == "__main__":
    sys.exit(main())
