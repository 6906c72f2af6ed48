"""The bare work that no program can beat, written by hand for this bench: nothing
here calls the addon."""

# Totals only, no receipt, no contact, no level, no policy: one aggregation and one
# update. The lines are grouped before anything is joined to them, and the statement
# may use the addon's partial index.
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
               AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
          GROUP BY 1, 2) t
     WHERE d.partner_id = t.partner_id AND d.company_id = t.company_id
"""

# The columns that a refresh writes, but the policy: the totals, the last receipt, the
# addressee, the last reminder, the level reached, and those of the worklist, of which
# nothing is judged: two measures instead of ten, one kind of work.
REFRESH_ALL = """
    UPDATE recouvrement_debtor d
       SET open_amount = t.opened, not_due_amount = t.not_due,
           overdue_amount = t.overdue, credit_amount = t.credit,
           oldest_due_date = t.oldest, open_item_count = t.items,
           overdue_item_count = t.overdue_items, priority_score = t.overdue,
           last_payment_date = receipt.date, last_payment_amount = receipt.amount,
           contact_id = COALESCE(contact.id, d.partner_id),
           last_reminder_date = sent.day, reached_rank = sent.rank,
           missing_email = p.email IS NULL, missing_address = p.street IS NULL,
           has_defect = p.email IS NULL OR p.street IS NULL,
           priority = CASE WHEN t.overdue > 1000 THEN '2' ELSE '0' END,
           collect_amount = t.overdue,
           work_kind = CASE WHEN t.overdue > 0 THEN 'call' ELSE 'none' END,
           to_work = t.overdue > 0, work_date = t.oldest,
           work_codes = CASE WHEN t.overdue > 0 THEN ' call ' END,
           work_reasons = JSONB_BUILD_ARRAY(
               JSONB_BUILD_OBJECT('code', 'overdue_amount', 'points', 1,
                                  'value', t.overdue),
               JSONB_BUILD_OBJECT('code', 'days_overdue', 'points', 1,
                                  'value', %(day)s - t.oldest))
      FROM (%(totals)s) t
      JOIN res_partner p ON p.id = t.partner_id
      LEFT JOIN (SELECT DISTINCT ON (parent_id) parent_id, id FROM res_partner
                  WHERE type = 'invoice' AND active ORDER BY parent_id, id) contact
        ON contact.parent_id = t.partner_id
      LEFT JOIN LATERAL (
            SELECT l.date, -l.balance AS amount FROM account_move_line l
             WHERE l.partner_id = t.partner_id AND l.company_id = t.company_id
               AND l.account_id = ANY(%(accounts)s) AND l.balance < 0
               AND l.parent_state = 'posted' AND (l.payment_id IS NOT NULL
                   OR l.statement_line_id IS NOT NULL OR l.takeover_kind = 'payment')
          ORDER BY l.date DESC LIMIT 1) receipt ON TRUE
      LEFT JOIN (SELECT l.partner_id, l.company_id, MAX(r.date_sent) AS day,
                        MAX(rl.rank) AS rank
                   FROM recouvrement_reminder_line rl
                   JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                    AND r.state = 'sent'
                   JOIN account_move_line l ON l.id = rl.move_line_id
                    AND l.reconciled IS NOT TRUE
                  WHERE rl.claimed GROUP BY 1, 2) sent
        ON sent.partner_id = t.partner_id AND sent.company_id = t.company_id
     WHERE d.partner_id = t.partner_id AND d.company_id = t.company_id
""".replace(
    "%(totals)s", REFRESH[REFRESH.index("SELECT l.partner_id") : REFRESH.index(") t\n")]
)

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
               AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
      GROUP BY 1, 2) demand
"""


def accounts(cr):
    """Ids of the receivable accounts."""
    cr.execute("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    return [row[0] for row in cr.fetchall()]


def stash(cr, tables, condition):
    """Set rows aside in tables of their own, to insert them once more.

    :param dict tables: ``{table: condition}``.
    """
    for table in tables:
        cr.execute(f"DROP TABLE IF EXISTS stash_{table}")
        cr.execute(
            f"CREATE TABLE stash_{table} AS SELECT * FROM {table}"
            f" WHERE {tables[table]}",
            condition,
        )
        cr.execute(f"ANALYZE stash_{table}")


def insert_again(cr, tables):
    """Insert the rows set aside; they must have been deleted, and vacuumed away."""
    for table in tables:
        cr.execute(f"INSERT INTO {table} SELECT * FROM stash_{table}")
