"""Items that somebody marked as in litigation before there were files."""

from odoo import api, models
from odoo.tools import SQL


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    @api.model
    def _take_over_marks(self):
        """Open a file, to be prepared, for each debtor whose items bear the mark
        without one: at installation, in sudo.

        :return: the files.
        """
        files = self.sudo()
        return files.union(
            *(
                files._take_over(debtor, lines)
                for debtor, lines in files._find_marked().items()
            )
        )

    @api.model
    def _find_marked(self):
        """Open items so marked that no file holds: ``{debtor: lines}``."""
        lines = self.env["account.move.line"]
        lines.flush_model(["collection_mark", "amount_residual", "parent_state"])
        self.env["recouvrement.litigation.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM account_move_line l
                    WHERE l.collection_mark = 'litigation'
                      AND l.parent_state = 'posted' AND l.amount_residual > 0
                      AND NOT EXISTS (
                          SELECT 1 FROM recouvrement_litigation_line x
                           WHERE x.move_line_id = l.id AND x.is_live)
                 ORDER BY l.id"""
            )
        )
        found = {}
        marked = lines.browse(line_id for [line_id] in rows)
        for line, debtor in marked._get_debtors().items():
            found[debtor] = found.get(debtor, lines) | line
        return found

    @api.model
    def _take_over(self, debtor, lines):
        reasons = dict.fromkeys(filter(None, lines.mapped("collection_reason")))
        litigation = self.create(
            {
                "debtor_id": debtor.id,
                "user_id": debtor.collector_id.id,
                "note": " ".join(reasons),
            }
        )
        litigation._add_lines(lines)
        return litigation
