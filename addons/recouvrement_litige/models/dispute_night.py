"""What the night does with disputes: ages, what the ledger settled, what is late, marks
that nobody owns."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .dispute_outcome import WITH_CREDIT

BATCH = 500


class RecouvrementDispute(models.Model):
    _inherit = "recouvrement.dispute"

    @api.model
    def _cron_follow_up(self):
        """Every night: resumable, each step finds what is left to do."""
        self = self.sudo()
        self._refresh_ages()
        self._judge_stale()
        self._return_lost()
        self._take_over_marks()
        self._escalate_late()

    @api.model
    def _refresh_ages(self):
        """Days that open disputes have lasted, in one statement."""
        self.flush_model(["state", "date_open", "days_open"])
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_dispute
                      SET days_open = %(day)s::date - date_open
                    WHERE state = 'open'
                      AND days_open IS DISTINCT FROM %(day)s::date - date_open""",
                day=fields.Date.context_today(self),
            )
        )
        self.invalidate_model(["days_open"], flush=False)

    @api.model
    def _judge_stale(self):
        """Disputes whose items the ledger settled or opened without a matching: an
        entry that was cancelled, an amount that was changed."""
        self.env["recouvrement.dispute.line"].flush_model()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT x.dispute_id
                  FROM recouvrement_dispute_line x
                  JOIN recouvrement_dispute d ON d.id = x.dispute_id
                  JOIN account_move_line l ON l.id = x.move_line_id
                 WHERE (d.state = 'open'
                        AND (l.reconciled OR l.parent_state <> 'posted'
                             OR (x.is_whole AND x.amount_open
                                 <> l.amount_residual_currency)
                             OR x.amount_open > l.amount_residual_currency
                             OR (x.is_holding AND l.collection_mark IS NULL)))
                    OR (d.closed_by_ledger AND l.reconciled IS NOT TRUE
                        AND x.is_whole AND l.parent_state = 'posted'
                        AND l.amount_residual_currency > 0)
                """
            )
        )
        self.browse(dispute_id for [dispute_id] in rows)._judge()

    @api.model
    def _return_lost(self):
        """Decisions whose draft credit note was deleted are to take again."""
        lost = self.search(
            [
                ("state", "=", "open"),
                ("outcome", "in", WITH_CREDIT),
                ("credit_move_ids", "=", False),
            ]
        ).filtered(
            lambda d: any(
                line.move_line_id.move_id.move_type == "out_invoice"
                for line in d.line_ids.filtered("is_live")
            )
        )
        for dispute in lost:
            dispute.outcome = False
            dispute._move_to("answered")
            dispute._log(self.env._("its draft credit note was deleted: decide again"))

    # ------------------------------------------------------------------
    # LATE
    # ------------------------------------------------------------------

    @api.model
    def _escalate_late(self):
        """Tell a manager once of each dispute that is late."""
        domain = [
            ("state", "=", "open"),
            ("escalated_on", "=", False),
            ("date_due", "<", fields.Date.context_today(self)),
        ]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        while disputes := self.search(domain, limit=BATCH, order="id"):
            locked = disputes.try_lock_for_update().filtered_domain(domain)
            if not locked:
                break
            for part in locked._in_desk_languages():
                part._escalate()
            if not progress(len(locked)):
                break

    def _escalate(self):
        """An activity for the manager of the company, and the trace of it."""
        today = fields.Date.context_today(self)
        managers = {
            company: self.env["recouvrement.debtor"]._get_a_manager(company)
            for company in self.company_id
        }
        values = []
        for dispute in self:
            manager = managers[dispute.company_id]
            dispute.write({"escalated_on": today, "escalated_to_id": manager.id})
            if manager:
                values.append(dispute._prepare_escalation(manager, today))
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            values
        )
        for dispute in self:
            dispute._log(self.env._("late: the manager was told"))

    def _prepare_escalation(self, manager, today):
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_todo"
            ),
            "user_id": manager.id,
            "date_deadline": today,
            "automated": True,
            "summary": self.env._(
                "Late dispute: %(number)s, %(owner)s",
                number=self.name,
                owner=self.user_id.name or self.env._("no owner"),
            ),
        }

    # ------------------------------------------------------------------
    # MARKS WITHOUT A DISPUTE
    # ------------------------------------------------------------------

    @api.model
    def _take_over_marks(self, line_ids=None):
        """Open disputes for the items that are marked as disputed and have none: one
        for each customer and reason. Nothing stays stuck without an owner.

        :param list line_ids: of these items only; None: of all.
        :return: the disputes.
        """
        groups = defaultdict(list)
        for row in self.env.execute_query_dict(self._marked_sql(line_ids)):
            groups[row["debtor_id"], row["reason"]].append(row)
        if not groups:
            return self.browse()
        category = self.env["recouvrement.dispute.category"]._by_code(None)
        debtors = self.env["recouvrement.debtor"].browse(
            {debtor_id for debtor_id, _reason in groups}
        )
        owners = self.env["recouvrement.dispute.rule"]._find_owners(
            [(debtors.browse(key[0]), category, category.role) for key in groups]
        )
        values = [
            {
                **self._prepare_vals(
                    debtors.browse(debtor_id),
                    category,
                    reason,
                    "manual",
                    user_id=owner.id,
                ),
                "line_ids": [Command.create(self._prepare_marked(row)) for row in rows],
                "amount_company": sum(row["amount_company"] for row in rows),
            }
            for ((debtor_id, reason), rows), owner in zip(
                groups.items(), owners, strict=True
            )
        ]
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        disputes = quiet.create(values)
        disputes._judge()
        for dispute in disputes:
            dispute._log(self.env._("opened for items marked as disputed"))
        return disputes

    @api.model
    def _prepare_marked(self, row):
        return {
            "move_line_id": row["id"],
            "currency_id": row["currency_id"],
            "is_whole": True,
            "amount": row["amount"],
            "amount_company": row["amount_company"],
        }

    @api.model
    def _marked_sql(self, line_ids=None):
        """Items with the mark and no dispute."""
        items = self.env["recouvrement.open.item"]
        self.env["recouvrement.debtor"]._flush_sources()
        condition = SQL(
            """l.collection_mark = 'disputed' AND l.amount_residual_currency > 0
               AND NOT EXISTS (SELECT FROM recouvrement_dispute_line x
                                WHERE x.move_line_id = l.id AND x.is_live)"""
        )
        if line_ids is not None:
            condition = SQL("l.id = ANY(%s) AND %s", list(line_ids), condition)
        return SQL(
            """SELECT o.id, d.id AS debtor_id, o.currency_id,
                      o.residual_currency AS amount, o.residual AS amount_company,
                      COALESCE(l.collection_reason, '') AS reason
                 FROM (%s) o
                 JOIN account_move_line l ON l.id = o.id
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_company c ON c.id = o.company_id
                 JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
                  AND d.company_id = %s
             ORDER BY d.id, o.date_due, o.id""",
            items._open_lines_sql(condition=condition),
            items._root_company_sql("c"),
        )
