"""Taking a takeover back, as long as nothing was built on it."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

UNDO_BATCH = 20
SHOWN = 5


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    # ------------------------------------------------------------------
    # WHAT STANDS IN THE WAY
    # ------------------------------------------------------------------

    def _check_undoable(self):
        """:raises UserError: naming what was built on the takeover."""
        blockers = (
            self._get_later_takeovers() or self._get_matched_blockers()
        ) + self._get_reminder_blockers()
        if blockers:
            raise UserError(
                self.env._(
                    "This takeover cannot be undone, work was built on it:\n%s",
                    "\n".join(f"- {blocker}" for blocker in blockers),
                )
            )

    def _get_later_takeovers(self):
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("loaded", "failed", "loading")),
                ("move_ids", "!=", False),
                ("id", "!=", self.id),
            ]
        )
        later = others.filtered(
            lambda one: (
                not one.date_loaded
                or self.date_loaded
                and (one.date_loaded, one.id) > (self.date_loaded, self.id)
            )
        )
        return [
            self.env._("%s was loaded after it: undo that one first", one.name)
            for one in later
        ]

    def _get_matched_blockers(self):
        """Entries of others that are matched with the items taken over."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT other.move_name
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                  JOIN account_partial_reconcile r
                    ON l.id IN (r.debit_move_id, r.credit_move_id)
                  JOIN account_move_line other ON other.id <> l.id
                   AND other.id IN (r.debit_move_id, r.credit_move_id)
                  JOIN account_move om ON om.id = other.move_id
                 WHERE m.takeover_import_id = %s AND om.takeover_import_id IS NULL
                   AND om.reversed_entry_id IS DISTINCT FROM m.id
              ORDER BY 1
                """,
                self.id,
            )
        )
        if not rows:
            return []
        return [
            self.env._(
                "%(count)s entries are matched with its items (%(names)s): unmatch "
                "them first",
                count=len(rows),
                names=self._shorten([name for [name] in rows]),
            )
        ]

    def _get_reminder_blockers(self):
        """Reminders that left: they are a record, and name these items."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.name
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                  JOIN recouvrement_reminder_line rl ON rl.move_line_id = l.id
                  JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                   AND r.state NOT IN ('proposed', 'approved')
                  JOIN recouvrement_debtor d ON d.id = r.debtor_id
                  JOIN res_partner p ON p.id = d.partner_id
                 WHERE m.takeover_import_id = %s
              ORDER BY 1
                """,
                self.id,
            )
        )
        if not rows:
            return []
        return [
            self.env._(
                "reminders about its items were made to %(count)s customers "
                "(%(names)s): they are a record and stay",
                count=len(rows),
                names=self._shorten([name for [name] in rows]),
            )
        ]

    def _shorten(self, names):
        more = ", …" if len(names) > SHOWN else ""
        return ", ".join(names[:SHOWN]) + more

    # ------------------------------------------------------------------
    # BATCHES
    # ------------------------------------------------------------------

    def _undo_batch(self):
        """:return: whether all is undone."""
        moves = self.env["account.move"].search(
            [("takeover_import_id", "=", self.id)], limit=UNDO_BATCH, order="id desc"
        )
        if moves:
            self._check_undoable()
            self._drop_proposals(moves)
            self._remove_moves(moves)
            left = self.env["account.move"].search_count(
                [("takeover_import_id", "=", self.id)]
            )
            self.progress = 100.0 * UNDO_BATCH / (UNDO_BATCH + left)
            return False
        return self._finish_undo()

    def _drop_proposals(self, moves):
        """Reminders still under review lose these items."""
        lines = self.env["recouvrement.reminder.line"].search(
            [("move_line_id", "in", moves.line_ids.ids)]
        )
        reminders = lines.reminder_id
        lines.unlink()
        reminders._recheck()

    def _remove_moves(self, moves):
        """Delete the entries; those that are locked or sealed are reversed."""
        sealed = moves.filtered(self._is_sealed)
        if sealed:
            self._reverse(sealed)
        removable = (moves - sealed).with_context(force_delete=True)
        removable.line_ids.remove_move_reconcile()
        posted = removable.filtered(lambda move: move.state == "posted")
        posted.button_draft()
        removable.unlink()

    def _is_sealed(self, move):
        return bool(
            move.inalterable_hash
            or move.company_id.restrictive_audit_trail
            or move.company_id._get_violated_lock_dates(
                move.date, False, move.journal_id
            )
        )

    def _reverse(self, moves):
        moves.line_ids.remove_move_reconcile()
        moves._reverse_moves(
            [{"date": self._get_today(), "ref": self.env._("Undoing of %s", self.name)}]
            * len(moves),
            cancel=True,
        )
        moves.takeover_import_id = False

    # ------------------------------------------------------------------
    # END
    # ------------------------------------------------------------------

    def _finish_undo(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM recouvrement_fec_item WHERE import_id = %s", self.id)
        )
        self.env["recouvrement.fec.item"].invalidate_model()
        created = self.customer_ids.filtered(lambda one: one.matched_by == "created")
        self._remove_partners(created.partner_id)
        self.write(
            {
                "state": "undone",
                "progress": 100,
                "load_step": False,
                "is_proven": False,
                "posted_balance": 0,
            }
        )
        self.message_post(
            body=self.env._("Undone: nothing of it is left in the books.")
        )
        return True

    def _remove_partners(self, partners):
        """Delete the customers this takeover created; archive those with a history."""
        self.env["recouvrement.debtor"]._process_dirty()
        used = partners.browse(self._get_used_partner_ids(partners.ids))
        unused = partners - used
        debtors = self.env["recouvrement.debtor"].with_context(active_test=False)
        debtors = debtors.search([("partner_id", "in", partners.ids)])
        kept = debtors.filtered(lambda one: one.event_ids or one.reminder_ids)
        (debtors - kept).unlink()
        idle = kept.filtered(lambda one: one.partner_id in unused)
        idle.action_archive()
        archived = idle.partner_id
        archived.action_archive()
        (unused - archived).unlink()

    def _get_used_partner_ids(self, partner_ids):
        """Partners that something else than the takeover uses by now."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM res_partner p
                 WHERE p.id = ANY(%s)
                   AND (EXISTS (SELECT 1 FROM account_move_line l
                                 WHERE l.partner_id = p.id)
                     OR EXISTS (SELECT 1 FROM account_move m WHERE m.partner_id = p.id)
                     OR EXISTS (SELECT 1 FROM account_payment a
                                 WHERE a.partner_id = p.id)
                     OR EXISTS (SELECT 1 FROM res_partner c WHERE c.parent_id = p.id)
                     OR EXISTS (SELECT 1 FROM res_users u WHERE u.partner_id = p.id))
                """,
                partner_ids,
            )
        )
        return [partner_id for [partner_id] in rows]
