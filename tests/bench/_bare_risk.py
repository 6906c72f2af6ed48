"""The bare work of a night of risk, written by hand for this bench: nothing here calls
the addon. Two statements that only read: what is at risk with each debtor, and how each
has paid. No page of a table is written, no point is given, no history kept.
"""

EXPOSURE = """
    WITH cover AS (
        SELECT c.debtor_id,
               SUM(c.amount) FILTER (WHERE k.effect = 'guarantee') AS guaranteed,
               SUM(c.amount) FILTER (WHERE k.effect = 'insurance') AS insured,
               MAX(c.share) FILTER (WHERE k.effect = 'insurance') AS share
          FROM recouvrement_cover c JOIN recouvrement_cover_kind k ON k.id = c.kind_id
         WHERE c.state = 'granted' AND c.date_from <= %(today)s
           AND (c.date_to IS NULL OR c.date_to >= %(today)s)
      GROUP BY c.debtor_id
    ), open AS (
        SELECT p.commercial_partner_id AS partner_id, l.company_id,
               SUM(l.amount_residual) AS amount
          FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE
           AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
      GROUP BY 1, 2
    ), draft AS (
        SELECT commercial_partner_id AS partner_id, company_id,
               SUM(amount_total_signed) AS amount
          FROM account_move
         WHERE state = 'draft'
           AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
      GROUP BY 1, 2
    )
    SELECT d.id, x.amount AS exposure, LEAST(c.guaranteed, x.amount) AS guaranteed,
           l.amount AS limit,
           x.amount - GREATEST(LEAST(COALESCE(c.guaranteed, 0), x.amount), 0)
               - l.amount AS excess,
           c.share * LEAST(c.insured, x.amount) / 100 AS insured
      FROM recouvrement_debtor d
 LEFT JOIN open o ON o.partner_id = d.partner_id AND o.company_id = d.company_id
 LEFT JOIN draft n ON n.partner_id = d.partner_id AND n.company_id = d.company_id
 LEFT JOIN cover c ON c.debtor_id = d.id
 LEFT JOIN recouvrement_credit_limit l
        ON l.debtor_id = d.id AND l.state = 'approved' AND l.date_from <= %(today)s
CROSS JOIN LATERAL (SELECT COALESCE(o.amount, 0) + COALESCE(n.amount, 0) AS amount) x
"""

PAYMENTS = """
    WITH paid AS (
        SELECT due.partner_id, due.company_id, due.id,
               MAX(l.date - due.date_maturity)
                   FILTER (WHERE l.date > %(year)s) AS days,
               SUM(pr.amount) FILTER (WHERE l.date > %(year)s) AS amount,
               SUM(pr.amount * (l.date - due.date_maturity))
                   FILTER (WHERE l.date > %(year)s) AS weighted,
               SUM(pr.amount) FILTER (WHERE l.date <= %(year)s) AS amount_before,
               SUM(pr.amount * (l.date - due.date_maturity))
                   FILTER (WHERE l.date <= %(year)s) AS weighted_before
          FROM account_move_line l
          JOIN account_partial_reconcile pr ON pr.credit_move_id = l.id
          JOIN account_move_line due ON due.id = pr.debit_move_id
          JOIN account_move m ON m.id = due.move_id AND m.move_type = 'out_invoice'
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.balance < 0 AND l.date > %(two_years)s AND l.date <= %(today)s
           AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL)
      GROUP BY 1, 2, 3
    ), habit AS (
        SELECT p.commercial_partner_id AS partner_id, x.company_id,
               SUM(x.weighted) / NULLIF(SUM(x.amount), 0) AS days_late,
               SUM(x.weighted_before) / NULLIF(SUM(x.amount_before), 0) AS before,
               COUNT(*) FILTER (WHERE x.days > 0) AS late, COUNT(x.days) AS number
          FROM paid x JOIN res_partner p ON p.id = x.partner_id
      GROUP BY 1, 2
    ), age AS (
        SELECT p.commercial_partner_id AS partner_id, l.company_id,
               SUM(l.amount_residual) FILTER (WHERE l.amount_residual > 0) AS owed,
               SUM(l.amount_residual) FILTER (
                   WHERE l.amount_residual > 0 AND l.date_maturity < %(old)s) AS old,
               SUM(l.amount_residual) FILTER (
                   WHERE l.collection_status = 'disputed') AS disputed
          FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE
           AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
      GROUP BY 1, 2
    ), first AS (
        SELECT commercial_partner_id AS partner_id, company_id,
               MIN(invoice_date) AS day
          FROM account_move
         WHERE move_type = 'out_invoice' AND state = 'posted' GROUP BY 1, 2
    )
    SELECT d.id, h.days_late, h.days_late - h.before AS trend, h.late, h.number,
           a.old / NULLIF(a.owed, 0), a.disputed / NULLIF(a.owed, 0), f.day
      FROM recouvrement_debtor d
      JOIN res_partner p ON p.id = d.partner_id AND p.is_company
 LEFT JOIN habit h ON h.partner_id = d.partner_id AND h.company_id = d.company_id
 LEFT JOIN age a ON a.partner_id = d.partner_id AND a.company_id = d.company_id
 LEFT JOIN first f ON f.partner_id = d.partner_id AND f.company_id = d.company_id
"""


def read_exposure(cr, params):
    """``{debtor id: (exposure, excess over the limit or None)}``.

    :param dict params: accounts, today.
    """
    cr.execute(EXPOSURE, params)
    return {row[0]: (row[1], row[4]) for row in cr.fetchall()}


def read_payments(cr, params):
    """``{debtor id: days late in 12 months or None}``.

    :param dict params: accounts, today, year, two_years, old.
    """
    cr.execute(PAYMENTS, params)
    return {row[0]: row[1] for row in cr.fetchall()}
