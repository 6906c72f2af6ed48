"""Posting takeover entries, and recording what was posted in the same breath."""

from collections import defaultdict

from odoo import Command, models
from odoo.tools import SQL, split_every

from .account_partial_reconcile import BY_TAKEOVER

MAX_LINES = 500
LOAD_CONTEXT = {
    "skip_invoice_sync": True,
    "skip_is_manually_modified": True,
    "tracking_disable": True,
    "mail_notrack": True,
}


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    def _post(self, postings):
        """Post entries of at most ``MAX_LINES`` items, one day each.

        :param postings: list of (item, day, values of its line).
        :return: the lines, in the order of ``postings``.
        """
        by_day = defaultdict(list)
        for position, (_item, day, vals) in enumerate(postings):
            by_day[day].append((position, vals))
        chunks = [
            (day, chunk)
            for day in sorted(by_day)
            for chunk in split_every(MAX_LINES, by_day[day], list)
        ]
        moves = self.env["account.move"].with_context(**LOAD_CONTEXT)
        moves = moves.create(
            [
                self._prepare_move_vals(day, [vals for _position, vals in chunk])
                for day, chunk in chunks
            ]
        )
        moves._post(soft=False)
        ids = [0] * len(postings)
        for move, (_day, chunk) in zip(moves, chunks, strict=True):
            lines = move.line_ids.sorted("id")
            for line, (position, _vals) in zip(lines, chunk, strict=False):
                ids[position] = line.id
        return self.env["account.move.line"].browse(ids)

    def _prepare_move_vals(self, day, lines):
        total = self.currency_id.round(sum(vals["balance"] for vals in lines))
        commands = [Command.create(vals) for vals in lines]
        if total:
            commands.append(Command.create(self._prepare_balancing_vals(-total)))
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": day,
            "ref": self.name,
            "takeover_import_id": self.id,
            "line_ids": commands,
        }

    def _prepare_balancing_vals(self, balance):
        return {
            "name": self.env._("Takeover of receivables"),
            "account_id": self.balancing_account_id.id,
            "balance": balance,
            "analytic_distribution": False,
        }

    def _mark_posted(self, items, lines, role=None):
        """Record what was posted; the database refuses an item posted before."""
        roles = [
            role or ("adjust" if self._is_change(one) else "open") for one in items
        ]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i
                   SET role = v.role, move_line_id = v.line_id
                  FROM unnest(%s::integer[], %s::varchar[], %s::integer[])
                       AS v(id, role, line_id)
                 WHERE i.id = v.id
                """,
                [item["id"] for item in items],
                roles,
                lines.ids,
            )
        )
        self.env["recouvrement.fec.item"].invalidate_model(["role", "move_line_id"])

    def _reconcile_changes(self, item_ids):
        """Match the changes of items already here with the items themselves."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.move_line_id, l.id
                  FROM recouvrement_fec_item i
                  JOIN recouvrement_fec_item o ON o.company_id = i.company_id
                   AND o.ledger_uid = i.ledger_uid AND o.role = 'open'
                  JOIN account_move_line l ON l.id = o.move_line_id
                   AND l.reconciled IS NOT TRUE
                  JOIN account_move_line own ON own.id = i.move_line_id
                   AND own.account_id = l.account_id
                 WHERE i.id = ANY(%s)
                """,
                item_ids,
            )
        )
        self._reconcile([self.env["account.move.line"].browse(pair) for pair in rows])

    def _reconcile(self, plan):
        """Match journal items by groups, in one go."""
        if plan:
            lines = self.env["account.move.line"].with_context(
                **LOAD_CONTEXT, **BY_TAKEOVER, no_exchange_difference=True
            )
            lines._reconcile_plan([lines.browse(group.ids) for group in plan])
