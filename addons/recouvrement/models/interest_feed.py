"""What the ledger says about interest-bearing items, read in sets.

A batch of items takes a constant number of queries: items, other instalments of their
invoices, movements, notices, pauses, claims.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.interest import CREDIT, PAYMENT, Pause
from .interest_item import ItemClaim, ItemMovement
from .open_item import ALWAYS
from .res_company_interest import LOOKBACK_MONTHS

# Columns of other parts of the addon that the queries read besides the open items.
SOURCES = {
    "account.move": ["contractual_rate", "invoice_date", "legal_regime_id"],
    "recouvrement.debtor": ["contractual_rate", "regime_id"],
    "recouvrement.dunning.level": ["is_formal_notice", "tone"],
    "recouvrement.reminder": ["date_sent", "is_test", "level_id", "state"],
    "recouvrement.reminder.line": ["move_line_id", "role"],
    "res.currency": ["rounding"],
}


class RecouvrementInterest(models.AbstractModel):
    _name = "recouvrement.interest"
    _description = "Late Interest"

    @api.model
    def _flush_sources(self):
        """Write down what the queries are going to read."""
        for model_name in ("account.move.line", "account.partial.reconcile"):
            self.env[model_name].flush_model()
        self.env["recouvrement.debtor"]._flush_sources()
        for model_name, field_names in SOURCES.items():
            self.env[model_name].flush_model(field_names)
        self.env["recouvrement.interest.pause"].flush_model()
        self.env["recouvrement.interest.statement"].flush_model()
        self.env["recouvrement.interest.statement.line"].flush_model()

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    @api.model
    def _bearing_sql(self):
        """Condition on aliases ``l`` and ``m``: claims that can bear interest.

        Neither credits, nor money given back, nor penalties: interest bears no
        interest but by capitalisation (C. civ. art. 1343-2).
        """
        return SQL(
            """l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                         WHERE account_type = 'asset_receivable'))
               AND l.parent_state = 'posted'
               AND l.balance > 0 AND l.amount_currency > 0
               AND l.partner_id IS NOT NULL
               AND l.payment_id IS NULL AND l.statement_line_id IS NULL
               AND l.takeover_kind IS DISTINCT FROM 'payment'
               AND m.move_type IN ('out_invoice', 'out_receipt', 'entry')
               AND m.penalty_statement_id IS NULL"""
        )

    @api.model
    def _find_ids(self, condition=ALWAYS, until=None, chosen=False):
        """Ids of the items of a condition that are overdue at the end of ``until``:
        open then, or settled after their due date.

        :param SQL condition: on ``account_move_line l``, ``account_move m``,
            ``recouvrement_debtor d``.
        :param bool chosen: take them late or not, and however long ago they were
            settled; otherwise only as far as the company looks back.
        """
        self._flush_sources()
        until = until or fields.Date.context_today(self)
        parts = [ALWAYS] if chosen else [self._open_sql(until), self._paid_sql(until)]
        selects = [self._select_ids_sql(SQL("%s AND %s", condition, p)) for p in parts]
        rows = self.env.execute_query(
            SQL("%s ORDER BY 1", SQL(" UNION ALL ").join(selects))
        )
        return [line_id for [line_id] in rows]

    @api.model
    def _select_ids_sql(self, condition):
        return SQL(
            """SELECT l.id
                 FROM account_move_line l
                 JOIN account_move m ON m.id = l.move_id
                 JOIN res_company c ON c.id = l.company_id
                 JOIN res_company rc ON rc.id = %(root)s
                 JOIN res_partner p ON p.id = l.partner_id
            LEFT JOIN recouvrement_debtor d
                   ON d.partner_id = p.commercial_partner_id AND d.company_id = rc.id
                WHERE %(bearing)s AND %(condition)s""",
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            bearing=self._bearing_sql(),
            condition=condition,
        )

    @api.model
    def _open_sql(self, until):
        """Overdue and open; word for word as the index of open items, to use it."""
        return SQL(
            """l.reconciled IS NOT TRUE
               AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
               AND (l.date_maturity IS NULL OR l.date_maturity < %s::date)""",
            until,
        )

    @api.model
    def _paid_sql(self, until):
        """Settled after the due date, as far as the company looks back. Apart from the
        open items: under an OR the search is neither a join nor parallel."""
        return SQL(
            """l.reconciled AND l.date_maturity < %(until)s::date AND EXISTS (
                    SELECT 1
                      FROM account_partial_reconcile pr
                      JOIN account_move_line cl ON cl.id = pr.credit_move_id
                      JOIN account_move cm ON cm.id = cl.move_id
                     WHERE pr.debit_move_id = l.id
                       AND %(day)s > l.date_maturity
                       AND %(day)s >= %(until)s::date - make_interval(
                               months => COALESCE(
                                   rc.recouvrement_interest_lookback, %(months)s)))""",
            until=until,
            months=LOOKBACK_MONTHS,
            day=self._credit_day_sql(),
        )

    @api.model
    def _credit_day_sql(self):
        """Day on which the credit ``cl`` of the entry ``cm`` reduces a claim: of the
        receipt or of the credit note, not of the matching. A hook."""
        return SQL("COALESCE(cl.takeover_date, cm.invoice_date, cl.date)")

    @api.model
    def _read_lines(self, condition):
        """The items of a condition on ``l`` and ``m``, as dicts."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.move_id, m.move_type, l.company_id, rc.id AS root_id,
                       l.partner_id, d.id AS debtor_id, l.currency_id,
                       cur.decimal_places AS digits,
                       CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                            THEN l.name ELSE m.name END AS name,
                       COALESCE(l.takeover_date, m.invoice_date, l.date)
                           AS document_date,
                       l.date_maturity AS date_due,
                       COALESCE(l.takeover_age_unknown, FALSE) AS age_unknown,
                       l.amount_currency::text AS amount,
                       COALESCE(m.legal_regime_id, d.regime_id) AS regime_id,
                       CASE WHEN m.legal_regime_id IS NULL THEN d.contractual_rate
                            ELSE m.contractual_rate END AS contractual_rate,
                       l.formal_notice_date AS notice,
                       m.move_type <> 'entry' AND EXISTS (
                           SELECT 1 FROM account_move_line s
                            WHERE s.move_id = l.move_id AND s.id <> l.id
                              AND s.display_type = 'payment_term') AS instalment
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_currency cur ON cur.id = l.currency_id
                  JOIN res_company c ON c.id = l.company_id
                  JOIN res_company rc ON rc.id = %(root)s
                  JOIN res_partner p ON p.id = l.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id AND d.company_id = rc.id
                 WHERE %(bearing)s AND %(condition)s
              ORDER BY l.id
                """,
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                bearing=self._bearing_sql(),
                condition=condition,
            )
        )

    @api.model
    def _read_items(self, line_ids):
        """Items by id, and the other instalments of their invoices: the fixed
        indemnity is due once per invoice."""
        rows = self._read_lines(SQL("l.id = ANY(%s)", list(line_ids)))
        moves = {row["move_id"] for row in rows if row["instalment"]}
        if moves:
            known = {row["id"] for row in rows}
            others = self._read_lines(SQL("l.move_id = ANY(%s)", list(moves)))
            rows += [row for row in others if row["id"] not in known]
        return rows

    # ------------------------------------------------------------------
    # WHAT HAPPENED TO THEM
    # ------------------------------------------------------------------

    @api.model
    def _read_movements(self, line_ids):
        """Matched credits per item, in the currency of the item.

        Exchange differences have no amount in it: they move nothing.
        """
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pr.debit_move_id, %(day)s, pr.debit_amount_currency::text,
                       cm.move_type = 'out_refund' OR (cl.payment_id IS NULL
                           AND cl.statement_line_id IS NULL
                           AND cl.takeover_kind IS DISTINCT FROM 'payment'),
                       CASE WHEN cm.move_type = 'entry' AND cl.payment_id IS NULL
                             AND cl.statement_line_id IS NULL
                            THEN COALESCE(NULLIF(cl.name, ''), cm.name)
                            ELSE cm.name END
                  FROM account_partial_reconcile pr
                  JOIN account_move_line cl ON cl.id = pr.credit_move_id
                  JOIN account_move cm ON cm.id = cl.move_id
                 WHERE pr.debit_move_id = ANY(%(ids)s)
                   AND pr.debit_amount_currency <> 0
              ORDER BY 1, 2, pr.id
                """,
                day=self._credit_day_sql(),
                ids=list(line_ids),
            )
        )
        for line_id, day, amount, is_credit, name in rows:
            kind = CREDIT if is_credit else PAYMENT
            found[line_id].append(ItemMovement(day, Decimal(amount), kind, name or ""))
        return found

    @api.model
    def _read_notices(self, line_ids):
        """Day of the first formal notice sent for each item, where there is one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rl.move_line_id, MIN(r.date_sent)
                  FROM recouvrement_reminder_line rl
                  JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                  JOIN recouvrement_dunning_level v ON v.id = r.level_id
                 WHERE rl.move_line_id = ANY(%s)
                   AND rl.role IN ('chase', 'recall')
                   AND r.state = 'sent' AND r.is_test IS NOT TRUE
                   AND r.date_sent IS NOT NULL
                   AND (v.is_formal_notice OR v.tone = 'formal')
              GROUP BY rl.move_line_id
                """,
                list(line_ids),
            )
        )
        return dict(rows)

    @api.model
    def _read_claims(self, line_ids):
        """Days and indemnities already invoiced or waived, per item."""
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sl.move_line_id, sl.date_from, sl.date_to, sl.interest::text,
                       COALESCE(sl.indemnity, 0)::text, s.outcome
                  FROM recouvrement_interest_statement_line sl
                  JOIN recouvrement_interest_statement s ON s.id = sl.statement_id
                 WHERE sl.move_line_id = ANY(%s) AND sl.claimed
              ORDER BY sl.move_line_id, sl.date_from
                """,
                list(line_ids),
            )
        )
        for line_id, first, last, interest, indemnity, outcome in rows:
            found[line_id].append(
                ItemClaim(
                    first, last, Decimal(interest or 0), Decimal(indemnity), outcome
                )
            )
        return found

    @api.model
    def _read_pauses(self, line_ids):
        """Days without interest: ``{line_id: [Pause]}``, the reason being the kind.

        A pause without chosen items is for all those of the debtor, or for those of
        documents dated before its first day, as ``prior_only`` says.
        """
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id, s.date_from, s.date_to, s.kind
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_company c ON c.id = l.company_id
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(root)s
                  JOIN recouvrement_interest_pause s ON s.debtor_id = d.id
                 WHERE l.id = ANY(%(ids)s)
                   AND CASE WHEN EXISTS (
                                SELECT 1 FROM recouvrement_interest_pause_line_rel r
                                 WHERE r.pause_id = s.id)
                            THEN EXISTS (
                                SELECT 1 FROM recouvrement_interest_pause_line_rel r
                                 WHERE r.pause_id = s.id AND r.line_id = l.id)
                            ELSE NOT COALESCE(s.prior_only, FALSE) OR s.date_from >
                                 COALESCE(l.takeover_date, m.invoice_date, l.date)
                            END
              ORDER BY l.id, s.date_from, s.id
                """,
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                ids=list(line_ids),
            )
        )
        for line_id, first, last, kind in rows:
            found[line_id].append(Pause(first, last, kind))
        return found
