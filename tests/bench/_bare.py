"""The bare work that no program can beat, written by hand for this bench: nothing
here calls the addon."""

# Totals only, no receipt, no contact, no level, no policy: one aggregation and one
# update. The lines are grouped before anything is joined to them.
REFRESH = """
    UPDATE recouvrement_debtor d
       SET open_amount = t.opened, not_due_amount = t.not_due,
           overdue_amount = t.overdue, credit_amount = t.credit,
           oldest_due_date = t.oldest, open_item_count = t.items,
           overdue_item_count = t.overdue_items, priority_score = t.overdue
      FROM (SELECT l.partner_id, l.company_id, SUM(l.amount_residual) AS opened,
                   SUM(l.amount_residual) FILTER (WHERE l.amount_residual > 0
                       AND l.date_maturity >= %(day)s) AS not_due,
                   SUM(l.amount_residual) FILTER (WHERE l.amount_residual > 0
                       AND l.date_maturity < %(day)s) AS overdue,
                   -SUM(l.amount_residual) FILTER (WHERE l.amount_residual < 0)
                       AS credit,
                   MIN(l.date_maturity) FILTER (WHERE l.amount_residual > 0
                       AND l.date_maturity < %(day)s) AS oldest,
                   COUNT(*) AS items,
                   COUNT(*) FILTER (WHERE l.amount_residual > 0
                       AND l.date_maturity < %(day)s) AS overdue_items
              FROM account_move_line l
             WHERE l.account_id = ANY(%(accounts)s)
               AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
          GROUP BY 1, 2) t
     WHERE d.partner_id = t.partner_id AND d.company_id = t.company_id
"""

# Reading what the proposal must read: each open item with its entry and debtor,
# summed per demand.
READ_ITEMS = """
    SELECT COUNT(*), SUM(due) FROM (
        SELECT d.id, l.currency_id, SUM(l.amount_residual_currency) AS due,
               MIN(l.date_maturity), MAX(m.name), MAX(m.invoice_date),
               MAX(m.payment_state), MAX(l.collection_status)
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN recouvrement_debtor d
            ON d.partner_id = l.partner_id AND d.company_id = l.company_id
         WHERE l.account_id = ANY(%(accounts)s)
           AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
      GROUP BY 1, 2) demand
"""


def accounts(cr):
    """Ids of the receivable accounts."""
    cr.execute("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    return [row[0] for row in cr.fetchall()]


def stash(cr, tables, condition):
    """Set rows aside in temporary tables, to insert them once more.

    :param dict tables: ``{table: condition}``.
    """
    for table in tables:
        cr.execute(f"DROP TABLE IF EXISTS stash_{table}")
        cr.execute(
            f"CREATE TEMP TABLE stash_{table} AS SELECT * FROM {table}"
            f" WHERE {tables[table]}",
            condition,
        )
        cr.execute(f"ANALYZE stash_{table}")


def insert_again(cr, tables):
    """Insert the rows set aside; they must have been deleted."""
    for table in tables:
        cr.execute(f"INSERT INTO {table} SELECT * FROM stash_{table}")
