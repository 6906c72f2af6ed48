"""Two customer files become one, when their customers do."""

from odoo import models
from odoo.tools import SQL

USELESS = ("missing", "expired")


class RecouvrementCreditFile(models.Model):
    _inherit = "recouvrement.credit.file"

    def _join_into(self, kept):
        """Give the pieces to another file, whose own ones hold unless they are missing
        or expired; the remarks of both stay. In sudo.
        """
        for file in self:
            known = {piece.kind_id: piece for piece in kept.piece_ids}
            for piece in file.piece_ids:
                mine = known.get(piece.kind_id)
                if mine and (mine.state not in USELESS or piece.state in USELESS):
                    continue
                if mine:
                    mine.unlink()
                piece.write({"file_id": kept.id})
            if file.note:
                kept.note = "\n".join(filter(None, (kept.note, file.note)))
            kept.message_post(
                body=self.env._(
                    "Joined with the file of %s.", file.customer_id.display_name
                )
            )
            file._give_references(kept)
        self._drop_joined()

    def _give_references(self, kept):
        """What else points at the file, such as credit checks, follows."""
        self.env.flush_all()
        pieces = self.env["recouvrement.credit.piece"]._table
        references = self.env["recouvrement.debtor"]._get_references(self._table)
        for table, column in references:
            if table == pieces:
                continue
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(kept)s "
                    "WHERE %(column)s = %(gone)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    kept=kept.id,
                    gone=self.id,
                )
            )
        self.env.invalidate_all()

    def _drop_joined(self):
        """A file is never deleted by hand; nothing of these is left to lose."""
        self.piece_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM recouvrement_credit_file WHERE id = ANY(%s)", self.ids)
        )
        self.env.invalidate_all()
