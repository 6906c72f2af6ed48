"""Where pieces come from: the ledger, the documents of its entries, the reminders and
their proofs, the messages of the customer, what is computed here.

Collecting again adds what is new and keeps what was decided by hand.
"""

from odoo import models
from odoo.fields import Domain

from .litigation_piece import RANK


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    def action_collect_pieces(self):
        """Collect what is there and list what is missing."""
        self.check_access("write")
        for litigation in self:
            litigation.sudo()._collect_pieces()
        return True

    def _collect_pieces(self):
        """In sudo: a constant number of queries for the sources of a file."""
        self.ensure_one()
        kinds = {
            kind.code: kind
            for kind in self.env["recouvrement.litigation.piece.kind"].search(
                Domain.TRUE
            )
        }
        wanted = [vals for vals in self._list_pieces(kinds) if vals["kind_id"]]
        known = {piece.source_key: piece for piece in self.piece_ids}
        fresh = [vals for vals in wanted if vals["source_key"] not in known]
        self._place(fresh, kinds)
        pieces = self.env["recouvrement.litigation.piece"].with_context(
            collecting_pieces=True
        )
        pieces.create(fresh)
        self.invalidate_recordset(["piece_ids"])
        self._list_missing(kinds)
        self._renumber_pieces()

    def _place(self, fresh, kinds):
        """Order of the new ones: by kind, then date."""
        ranks = {kind.id: kind.sequence for kind in kinds.values()}
        fresh.sort(key=lambda vals: (ranks[vals["kind_id"]], str(vals["date"] or "")))
        places = {}
        for piece in self.piece_ids:
            key = piece.kind_id.id
            last = piece.sequence - piece.kind_id.sequence * RANK
            if 0 <= last < RANK - 1:
                places[key] = max(places.get(key, 0), last)
        for vals in fresh:
            key = vals["kind_id"]
            places[key] = min(places.get(key, 0) + 1, RANK - 2)
            vals["sequence"] = ranks[key] * RANK + places[key]

    def _list_missing(self, kinds):
        """A row for each kind that is expected and that the file has none of; those
        whose piece came are taken away."""
        self.invalidate_recordset(["piece_ids"])
        held = self.piece_ids.filtered(lambda piece: piece.state != "missing").kind_id
        missing = self.piece_ids.filtered(lambda piece: piece.state == "missing")
        absent = self.env["recouvrement.litigation.piece.kind"].union(
            *(
                kind
                for kind in kinds.values()
                if kind._is_expected(self)
                and kind not in held
                and kind.replaced_by_id not in held
            )
        )
        known = missing.kind_id
        missing.filtered(lambda piece: piece.kind_id not in absent).unlink()
        self.env["recouvrement.litigation.piece"].create(
            [
                {
                    "litigation_id": self.id,
                    "kind_id": kind.id,
                    "name": kind.with_context(lang=self._get_court_lang()).name,
                    "state": "missing",
                    "source": "checklist",
                    "source_key": f"missing:{kind.code}",
                    "sequence": kind.sequence * RANK,
                }
                for kind in absent - known
            ]
        )
