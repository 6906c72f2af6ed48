"""Time that went by within the transaction of a test."""

from odoo.tools import SQL

LEDGER = (
    ("account_move", "create_date"),
    ("account_move", "posting_time"),
    ("account_partial_reconcile", "create_date"),
)


def make_past(env, *frozen):
    """What was frozen is half an hour old, of a ledger an hour old: what a test does
    from now on came later, whatever clock its times are read from.

    :param frozen: pairs ``(table, column)`` of the moments of freezing.
    """
    env.flush_all()
    for columns, span in ((LEDGER, "1 hour"), (frozen, "30 minutes")):
        for table, column in columns:
            env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s - %(span)s::interval",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    span=span,
                )
            )
    env.invalidate_all()
