"""Debtor accounts that the transaction touched: marked by what changes the ledger or
an address, recomputed before they are read or at commit."""

from odoo import api, models
from odoo.tools import SQL

LINES, DEBTORS, PARTNERS, MATCHED = "lines", "debtors", "partners", "matched"
# What a refresh finds out about an account; the last two follow from the others.
FRESH = [
    "open_amount",
    "not_due_amount",
    "overdue_amount",
    "credit_amount",
    "oldest_due_date",
    "open_item_count",
    "overdue_item_count",
    "last_payment_date",
    "last_payment_amount",
    "last_reminder_date",
    "reached_rank",
    "contact_id",
    "missing_email",
    "missing_address",
    "missing_collector",
    "wrong_phone",
    "policy_id",
    "has_defect",
]
TOTALS = [*FRESH, "priority_score", "priority"]


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _dirty_marks(self):
        """Ids to look at before commit, under the names at the top of this file."""
        precommit = self.env.cr.precommit
        marks = precommit.data.get("recouvrement.dirty")
        if marks is None:
            marks = {LINES: set(), DEBTORS: set(), PARTNERS: set(), MATCHED: set()}
            precommit.data["recouvrement.dirty"] = marks
            precommit.add(self.env["recouvrement.debtor"].sudo()._process_dirty)
        return marks

    @api.model
    def _mark_dirty(self, line_ids, resolve=False):
        """Mark the debtors of journal items, found when the totals are processed.

        :param bool resolve: find the customers now, because the lines go away.
        """
        if not line_ids:
            return
        marks = self._dirty_marks()
        marks[LINES].update(line_ids)
        self._forget_totals()
        if resolve:
            marks[PARTNERS].update(self._partners_of_lines(line_ids))

    @api.model
    def _mark_matched(self, line_ids):
        """Mark items whose matching changed: what was agreed on them is judged again
        (``_on_items_matched``)."""
        if line_ids:
            self._dirty_marks()[MATCHED].update(line_ids)

    @api.model
    def _mark_dirty_debtors(self, debtor_ids):
        if debtor_ids:
            self._dirty_marks()[DEBTORS].update(debtor_ids)
            self._forget_totals()

    @api.model
    def _mark_dirty_partners(self, partner_ids):
        """Mark the debtor accounts of commercial partners."""
        if partner_ids:
            self._dirty_marks()[PARTNERS].update(partner_ids)
            self._forget_totals()

    @api.model
    def _forget_totals(self):
        """Drop cached values, so that the next read finds the marks."""
        debtors = self.env["recouvrement.debtor"]
        debtors.invalidate_model(debtors._get_total_fields(), flush=False)

    @api.model
    def _get_total_fields(self):
        """Stored fields that ``_refresh`` writes: what adds some names them here."""
        return TOTALS

    @api.model
    def _partners_of_lines(self, line_ids):
        self.env["account.move.line"].flush_model(["partner_id", "account_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["recouvrement.netting"].flush_model(["debtor_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.commercial_partner_id
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  JOIN res_partner p ON p.id = l.partner_id
                 WHERE l.id = ANY(%s) AND %s
                """,
                list(line_ids),
                self._moves_totals_sql(),
            )
        )
        return [partner_id for [partner_id] in rows]

    @api.model
    def _process_dirty(self):
        """Recompute the totals of what was marked since the last time."""
        marks = self.env.cr.precommit.data.get("recouvrement.dirty")
        if not marks or not any(marks.values()):
            return
        matched = list(marks[MATCHED])
        marks[MATCHED].clear()
        if matched:
            # First, because what it decides marks debtors in its turn.
            self._on_items_matched(matched)
        taken = {key: set(ids) for key, ids in marks.items()}
        for ids in marks.values():
            ids.clear()
        partners, unknown = self._find_partners_of_lines(taken[LINES])
        unknown |= taken[PARTNERS]
        created = self._create_missing_debtors(unknown) if unknown else []
        # Being new, they are marked by their segment and collector.
        marks[DEBTORS].difference_update(created)
        partners |= taken[PARTNERS]
        if taken[DEBTORS]:
            partners |= set(self._partners_of_debtors(taken[DEBTORS]))
            marked = SQL("d.id = ANY(%s)", list(taken[DEBTORS]))
            self._refresh_agreements(marked)
        if unknown or taken[DEBTORS]:
            self._refresh_assignments(
                SQL(
                    "(d.id = ANY(%s) OR d.partner_id = ANY(%s))",
                    list(taken[DEBTORS]),
                    list(unknown),
                )
            )
        if partners:
            condition = SQL("d.partner_id = ANY(%s)", list(partners))
            self._refresh(condition, partners=partners)

    @api.model
    def _find_partners_of_lines(self, line_ids):
        """Customers of receivable items, and those of them without an account; of
        payable items, the customers with a netting agreement.

        :return: two sets of ids of commercial partners.
        """
        if not line_ids:
            return set(), set()
        self.env["account.move.line"].flush_model(
            ["partner_id", "account_id", "company_id"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model(["partner_id", "company_id"])
        self.env["recouvrement.netting"].flush_model(["debtor_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.commercial_partner_id,
                       BOOL_OR(d.id IS NULL
                               AND a.account_type = 'asset_receivable')
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN res_company c ON c.id = l.company_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %s
                 WHERE l.id = ANY(%s) AND %s
              GROUP BY p.commercial_partner_id
                """,
                self.env["recouvrement.open.item"]._root_company_sql("c"),
                list(line_ids),
                self._moves_totals_sql(),
            )
        )
        found = {partner_id for partner_id, _missing in rows}
        return found, {partner_id for partner_id, missing in rows if missing}

    @api.model
    def _on_items_matched(self, line_ids):
        """Items that were matched or unmatched in this transaction: a hook for what
        the ledger decides, such as promises and instalments.

        Called in sudo, once before the totals are read or at commit.
        """

    @api.model
    def _partners_of_debtors(self, debtor_ids):
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM recouvrement_debtor WHERE id = ANY(%s)",
                list(debtor_ids),
            )
        )
        return [partner_id for [partner_id] in rows]

    # The totals are fresh whenever somebody looks.

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.sudo()._process_dirty()
        return super()._search(domain, *args, **kwargs)

    def fetch(self, field_names=None):
        self.sudo()._process_dirty()
        return super().fetch(field_names)
