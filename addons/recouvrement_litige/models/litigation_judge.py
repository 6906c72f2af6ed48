"""What the ledger says of the files: judged when a matching changes and at night."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    closed_by_ledger = fields.Boolean(readonly=True)
    stage_before_id = fields.Many2one(
        "recouvrement.litigation.stage",
        readonly=True,
        help="Stage when the file was closed.",
    )

    def _judge(self):
        """Write down what the items of these files still owe; close those that are
        settled, open again those whose payment was undone.

        sudo: the ledger decides, whoever booked the payment.
        """
        if not self.ids:
            return
        files = self.sudo()
        files._store_open_amounts()
        settled = files.filtered(
            lambda one: one.state == "open" and one.line_ids and one._is_settled()
        )
        settled._close_settled()
        undone = files.filtered(
            lambda one: one.closed_by_ledger and not one._is_settled()
        )
        undone._reopen_undone()
        files.filtered(
            lambda one: one.outcome == "irrecoverable" and one._is_settled()
        )._let_go()

    def _is_settled(self):
        return self.currency_id.is_zero(self.amount_open)

    def _store_open_amounts(self):
        """Sum of what the items still owe, in company currency: one statement."""
        self.env["account.move.line"].flush_model(["amount_residual", "parent_state"])
        self.env["recouvrement.litigation.line"].flush_model()
        self.flush_model(["amount_open", "state", "outcome", "closed_by_ledger"])
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_litigation f SET amount_open = n.amount
                     FROM (%s) n
                    WHERE n.id = f.id AND f.id = ANY(%s)
                      AND f.amount_open IS DISTINCT FROM n.amount""",
                self._open_amounts_sql(SQL("x.litigation_id = ANY(%s)", self.ids)),
                self.ids,
            )
        )
        self.invalidate_recordset(["amount_open"], flush=False)

    @api.model
    def _open_amounts_sql(self, condition):
        """Open amount per file; a file closed by the ledger looks at all its items,
        another at those that it holds."""
        return SQL(
            """SELECT x.litigation_id AS id,
                      COALESCE(SUM(GREATEST(l.amount_residual, 0)) FILTER (
                          WHERE l.parent_state = 'posted'
                            AND (x.is_live OR f.closed_by_ledger)), 0) AS amount
                 FROM recouvrement_litigation_line x
                 JOIN recouvrement_litigation f ON f.id = x.litigation_id
            LEFT JOIN account_move_line l ON l.id = x.move_line_id
                WHERE %s GROUP BY x.litigation_id""",
            condition,
        )

    # ------------------------------------------------------------------
    # CLOSING BY THE LEDGER
    # ------------------------------------------------------------------

    def _close_settled(self):
        for files in self._in_desk_languages():
            files._close("paid", files.env._("The ledger settled all its items."))
            files.write({"closed_by_ledger": True})

    def _reopen_undone(self):
        for files in self._in_desk_languages():
            for litigation in files.filtered(lambda one: one._get_rows_to_take()):
                litigation._reopen(
                    files.env._("A payment was undone: the file is open again.")
                )

    def _let_go(self):
        """Written off: the items have nothing left to be kept from."""
        self.line_ids.filtered("is_live").write({"is_live": False})

    @api.model
    def _judge_items(self, line_ids):
        """Judge the files of items whose matching changed."""
        rows = (
            self.env["recouvrement.litigation.line"]
            .sudo()
            .search([("move_line_id", "in", list(line_ids))])
        )
        rows.litigation_id.filtered(
            lambda one: one.state == "open" or one.closed_by_ledger or one.outcome
        )._judge()

    @api.model
    def _find_to_judge(self):
        """Files whose open amount changed without a matching being told: one query."""
        self.env["account.move.line"].flush_model(["amount_residual", "parent_state"])
        self.env["recouvrement.litigation.line"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT f.id FROM recouvrement_litigation f JOIN (%s) n ON n.id = f.id
                    WHERE f.amount_open IS DISTINCT FROM n.amount
                       OR (n.amount = 0 AND f.state = 'open')""",
                self._open_amounts_sql(
                    SQL("(f.state = 'open' OR f.closed_by_ledger OR x.is_live)")
                ),
            )
        )
        return self.browse(file_id for [file_id] in rows)

    # ------------------------------------------------------------------
    # NIGHTLY
    # ------------------------------------------------------------------

    @api.model
    def _cron_nightly(self, batch=200):
        """Terms that ran out, files that the ledger settled, states of the steps."""
        self._find_to_judge()._judge()
        self._refresh_next_sql(SQL("f.state = 'open'"))
        ids = self._find_to_recompute().ids
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), batch):
            files = self.browse(ids[start : start + batch]).try_lock_for_update()
            files._pass_terms()
            files._recompute_steps()
            if not cron._commit_progress(min(batch, len(ids) - start)):
                break

    @api.model
    def _find_to_recompute(self):
        """Open files with a step whose day is over and that does not say so yet."""
        today = fields.Date.context_today(self)
        steps = self.env["recouvrement.litigation.step"].search(
            [
                ("state", "=", "todo"),
                ("date_due", "<", today),
                ("litigation_id.state", "=", "open"),
                "|",
                ("kind", "!=", "wait"),
                ("template_id.title_kind", "=", False),
            ]
        )
        return steps.litigation_id

    def _pass_terms(self):
        """A term that only runs is over the day after its last one."""
        today = fields.Date.context_today(self)
        over = self.step_ids.filtered(
            lambda step: (
                step.kind == "wait"
                and step.state == "todo"
                and step.date_due
                and step.date_due < today
                and not step.title_kind
            )
        )
        for step in over:
            step.write({"date_done": step.date_due, "state": "done"})


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _on_items_matched(self, line_ids):
        result = super()._on_items_matched(line_ids)
        self.env["recouvrement.litigation"].sudo()._judge_items(line_ids)
        return result
