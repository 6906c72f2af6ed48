"""The cached totals of debtor accounts: recomputed by one set-based statement, and
proved against the ledger. What needs it is told by ``debtor_dirty.py``."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .debtor_dirty import FRESH


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _flush_sources(self):
        depends = self.env["recouvrement.open.item"]._depends
        for model_name, field_names in depends.items():
            self.env[model_name].flush_model(field_names)
        self.flush_model()
        for model_name in (
            "recouvrement.segment",
            "recouvrement.dunning.policy",
            "recouvrement.dunning.level",
            "res.company",
        ):
            self.env[model_name].flush_model()
        self.env["account.move"].flush_model(
            ["payment_state", "amount_total_signed", "amount_residual_signed"]
        )
        self.env["account.payment"].flush_model(
            ["state", "move_id", "amount_company_currency_signed"]
        )
        self.env["res.partner"].flush_model(
            [
                "active",
                "city",
                "country_id",
                "email",
                "parent_id",
                "phone",
                "recouvrement_wrong_phone",
                "street",
                "type",
            ]
        )

    def _refresh_totals(self):
        """Recompute the totals of these accounts, or of all and open missing ones."""
        if self:
            condition, partners = SQL("d.id = ANY(%s)", self.ids), self.partner_id.ids
        else:
            self._create_missing_debtors()
            condition, partners = SQL("TRUE"), None
        changed = self._refresh_assignments(condition)
        changed += self._refresh_agreements(condition)
        return changed + self._refresh(condition, partners)

    @api.model
    def _refresh(self, condition, partners=None):
        """Recompute totals, defects, priority and policy in a few statements.

        :param SQL condition: on ``recouvrement_debtor d``.
        :param partners: commercial partners whose items are enough to read.
        :return: number of accounts that changed.
        """
        self._flush_sources()
        lines_condition = SQL("TRUE")
        if partners is not None:
            lines_condition = self._lines_of_partners_sql(partners)
        self.env.cr.execute(self._refresh_sql(condition, lines_condition))
        changed = self.env.cr.rowcount
        self.invalidate_model()
        return changed

    @api.model
    def _refresh_assignments(self, condition):
        """Assign again what follows from the account, its customer and the day, not
        from the ledger: a hook. Before the totals.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: number of accounts that changed.
        """
        return 0

    @api.model
    def _refresh_agreements(self, condition):
        """Recompute what promises, plans and requests left on the accounts; before the
        totals, whose last statement judges the work to do.

        What changes one of them marks its debtor: a posting alone does not come here.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: number of rows that changed.
        """
        self._flush_sources()
        changed = 0
        for statement in self._refresh_statements(condition):
            self.env.cr.execute(statement)
            changed += self.env.cr.rowcount
        return changed

    @api.model
    def _refresh_statements(self, condition):
        """Statements of ``_refresh_agreements``: each part of the desk adds the one
        that refreshes its own columns.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: list of SQL; each writes the rows that change, no others.
        """
        return []

    @api.model
    def _totals_sql(self, lines_condition, as_of=None):
        """Totals of the open lines per debtor, in company currency.

        The day before which an item is overdue is ``as_of`` or today; an item due
        on that day is not overdue yet.
        """
        day = as_of or fields.Date.context_today(self)
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT d.id AS debtor_id,
                   SUM(o.residual) AS open_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE o.residual > 0 AND o.date_due >= %(day)s::date), 0)
                       AS not_due_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s::date), 0)
                       AS overdue_amount,
                   COALESCE(-SUM(o.residual) FILTER (WHERE o.residual < 0), 0)
                       AS credit_amount,
                   MIN(o.date_due) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s::date)
                       AS oldest_due_date,
                   COUNT(*) AS open_item_count,
                   COUNT(*) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s::date)
                       AS overdue_item_count
              FROM (%(lines)s) o
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
              JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
          GROUP BY d.id
            """,
            day=day,
            lines=items._open_lines_sql(as_of, lines_condition),
            root=items._root_company_sql("c"),
        )

    @api.model
    def _refresh_sql(self, condition, lines_condition):
        """One statement for all that is refreshed: an account that changes is written
        once."""
        steps, columns = self._refresh_steps(condition, lines_condition)
        return self._update_from_steps_sql(steps, columns)

    @api.model
    def _update_from_steps_sql(self, steps, columns):
        """
        :param dict steps: ``{name: SQL}`` of common table expressions, in order.
        :param dict columns: ``{name: columns of the account that this step gives}``;
            it has them by ``id`` of the account.
        """
        given = [
            (SQL.identifier("d", column), SQL.identifier(step, column), column)
            for step, names in columns.items()
            for column in names
        ]
        first, *others = (SQL.identifier(step) for step in columns)
        return SQL(
            """
            WITH %(steps)s
            UPDATE recouvrement_debtor d SET %(assign)s
              FROM %(first)s %(joins)s
             WHERE %(first)s.id = d.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            steps=SQL(", ").join(
                SQL("%s AS (%s)", SQL.identifier(name), sql)
                for name, sql in steps.items()
            ),
            assign=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), new) for _old, new, name in given
            ),
            first=first,
            joins=SQL(" ").join(
                SQL("JOIN %s ON %s.id = %s.id", other, other, first) for other in others
            ),
            old=SQL(", ").join(old for old, _new, _name in given),
            new=SQL(", ").join(new for _old, new, _name in given),
        )

    @api.model
    def _refresh_steps(self, condition, lines_condition):
        """Steps and columns of the statement of a refresh: a hook. The step ``account``
        has the accounts of ``condition`` with all their columns, totals refreshed."""
        policies = self.env["recouvrement.dunning.policy"]
        steps = {
            "total": self._totals_sql(lines_condition),
            "fresh": self._fresh_sql(condition, lines_condition),
            "given": policies._assignment_sql(SQL.identifier("fresh")),
            "account": self._account_sql(),
        }
        return steps, {"account": FRESH}

    @api.model
    def _account_sql(self):
        kept = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in FRESH
        ]
        return SQL(
            """
            SELECT %s, %s, given.policy_id,
                   f.missing_email OR f.missing_address OR f.missing_collector
                       OR f.wrong_phone AS has_defect
              FROM fresh f
              JOIN given ON given.debtor_id = f.id
              JOIN recouvrement_debtor d ON d.id = f.id
            """,
            SQL(", ").join(SQL.identifier("d", name) for name in kept),
            SQL(", ").join(SQL.identifier("f", name) for name in FRESH[:-2]),
        )

    @api.model
    def _fresh_sql(self, condition, lines_condition):
        return SQL(
            """
            SELECT d.id, d.partner_id, d.company_id, d.segment_id, d.forced_policy_id,
                   COALESCE(t.open_amount, 0) AS open_amount,
                   COALESCE(t.not_due_amount, 0) AS not_due_amount,
                   COALESCE(t.overdue_amount, 0) AS overdue_amount,
                   COALESCE(t.credit_amount, 0) AS credit_amount,
                   t.oldest_due_date,
                   COALESCE(t.open_item_count, 0) AS open_item_count,
                   COALESCE(t.overdue_item_count, 0) AS overdue_item_count,
                   receipt.date AS last_payment_date,
                   COALESCE(receipt.amount, 0) AS last_payment_amount,
                   reminded.date_sent AS last_reminder_date,
                   COALESCE(reached.rank, 0) AS reached_rank,
                   contact.id AS contact_id,
                   contact.missing_email,
                   contact.missing_address,
                   d.collector_id IS NULL AS missing_collector,
                   %(wrong_phone)s AS wrong_phone
              FROM recouvrement_debtor d
         LEFT JOIN total t ON t.debtor_id = d.id
         LEFT JOIN LATERAL (%(receipt)s) receipt ON TRUE
         LEFT JOIN LATERAL (%(contact)s) contact ON TRUE
         LEFT JOIN LATERAL (%(reminded)s) reminded ON TRUE
         LEFT JOIN (%(reached)s) reached ON reached.debtor_id = d.id
             WHERE %(condition)s
            """,
            receipt=self._last_receipt_sql(),
            contact=self._contact_sql(),
            wrong_phone=self._wrong_phone_sql(),
            reminded=self._last_reminder_sql(),
            reached=self._reached_rank_sql(condition, lines_condition),
            condition=condition,
        )

    @api.model
    def _last_receipt_sql(self):
        """Newest receipt of debtor ``d``, matched or not, as a positive amount."""
        return SQL(
            """
            SELECT COALESCE(l.takeover_date, l.date) AS date, -l.balance AS amount
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
               AND a.account_type = 'asset_receivable'
              JOIN res_company lc ON lc.id = l.company_id
             WHERE l.partner_id = d.partner_id
               AND l.balance < 0
               AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL
                    OR l.takeover_kind = 'payment')
               AND l.parent_state = 'posted'
               AND %s = d.company_id
          ORDER BY l.date DESC, l.takeover_date DESC NULLS LAST
             LIMIT 1
            """,
            self.env["recouvrement.open.item"]._root_company_sql("lc"),
        )

    @api.model
    def _contact_sql(self):
        """Addressee of debtor ``d`` and what is missing to write to it."""
        return SQL(
            """
            SELECT p.id,
                   COALESCE(p.email, '') = '' AS missing_email,
                   COALESCE(p.street, '') = '' OR COALESCE(p.zip, '') = ''
                       OR COALESCE(p.city, '') = '' OR p.country_id IS NULL
                       AS missing_address
              FROM res_partner p
             WHERE p.id = d.collection_contact_id OR p.id = d.partner_id
                OR (p.parent_id = d.partner_id AND p.active
                    AND p.type IN ('collection', 'invoice'))
          ORDER BY p.id = d.collection_contact_id DESC NULLS LAST,
                   p.id <> d.partner_id AND p.type = 'collection' DESC,
                   p.id <> d.partner_id AND p.type = 'invoice' DESC, p.id
             LIMIT 1
            """
        )

    @api.model
    def _wrong_phone_sql(self):
        """Whether a person of debtor ``d`` still has a number found wrong."""
        return SQL(
            """EXISTS (SELECT 1 FROM res_partner w
                        WHERE w.commercial_partner_id = d.partner_id AND w.active
                          AND w.recouvrement_wrong_phone IS NOT NULL
                          AND w.recouvrement_wrong_phone = w.phone)"""
        )

    @api.model
    def _last_reminder_sql(self):
        """Last proven reminder of debtor ``d``."""
        return SQL(
            """SELECT MAX(r.date_sent) AS date_sent FROM recouvrement_reminder r
                WHERE r.debtor_id = d.id AND r.state = 'sent'"""
        )

    @api.model
    def _reached_rank_sql(self, condition, lines_condition):
        """Highest level sent per debtor for an item that is still open; conditions
        as in ``_refresh``."""
        return SQL(
            """SELECT r.debtor_id, MAX(rl.rank) AS rank
                 FROM recouvrement_reminder r
                 JOIN recouvrement_reminder_line rl ON rl.reminder_id = r.id
                  AND rl.claimed
                 JOIN (%s) o ON o.id = rl.move_line_id
                WHERE r.state = 'sent'
                  AND r.debtor_id IN (SELECT d.id FROM recouvrement_debtor d WHERE %s)
             GROUP BY r.debtor_id""",
            self.env["recouvrement.open.item"]._open_lines_sql(
                condition=lines_condition
            ),
            condition,
        )

    # ------------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------------

    @api.model
    def _check_totals_against_ledger(self):
        """Prove that the cached totals equal the ledger.

        :return: accounts whose cached totals differ from their open items.
        """
        self._process_dirty()
        self._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id
                  FROM recouvrement_debtor d
             LEFT JOIN (%s) t ON t.debtor_id = d.id
                 WHERE (d.open_amount, d.overdue_amount, d.not_due_amount,
                        d.credit_amount, d.open_item_count)
                       IS DISTINCT FROM
                       (COALESCE(t.open_amount, 0), COALESCE(t.overdue_amount, 0),
                        COALESCE(t.not_due_amount, 0), COALESCE(t.credit_amount, 0),
                        COALESCE(t.open_item_count, 0))
                """,
                self._totals_sql(SQL("TRUE")),
            )
        )
        return self.browse(debtor_id for [debtor_id] in rows)

    def action_refresh(self):
        """Recompute the totals now; tells when the cache had drifted."""
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise UserError(
                self.env._("Only a credit manager recomputes all the debtor accounts.")
            )
        self.sudo()._refresh_totals()
