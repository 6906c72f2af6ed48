from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def pre_init_hook(env):
    """Fill the collection status of open items in one statement: computing it through
    the ORM would take hours on a large ledger, and rewriting paid items minutes. Those
    get theirs when their reconciliation is undone."""
    cr = env.cr
    if column_exists(cr, "account_move_line", "collection_status"):
        return
    create_column(cr, "account_move_line", "collection_status", "varchar")
    cr.execute(
        SQL(
            """
            UPDATE account_move_line l
               SET collection_status = CASE WHEN l.no_followup AND j.type <> 'general'
                                            THEN 'excluded' ELSE 'to_chase' END,
                   no_followup = l.no_followup AND j.type <> 'general'
              FROM account_account a, account_journal j
             WHERE a.id = l.account_id AND a.account_type = 'asset_receivable'
               AND j.id = l.journal_id
               AND (l.reconciled IS NOT TRUE OR l.no_followup)
            """
        )
    )


def post_init_hook(env):
    """Open the debtor accounts of the ledger as it is, and date its claims."""
    debtors = env["recouvrement.debtor"]
    debtors._refresh_totals()
    for _batch in debtors._refresh_all_limit_dates():
        pass


def uninstall_hook(env):
    """Nothing outside the addon's own tables and columns was changed."""
