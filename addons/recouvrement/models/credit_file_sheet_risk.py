"""The customer file on paper: exposure, rating, pieces and covers."""

from odoo import models

EXPOSURE = [
    "open_amount",
    "overdue_amount",
    "exposure_draft",
    "exposure_order",
    "exposure_amount",
    "exposure_guaranteed",
    "exposure_insured",
    "exposure_own",
]


class RecouvrementCreditFile(models.Model):
    _inherit = "recouvrement.credit.file"

    def _sheet_exposure(self):
        debtor = self.debtor_id
        pairs = self._sheet_pairs(debtor, EXPOSURE)
        if debtor.credit_limited:
            exceeded = ["limit_excess"] if debtor.limit_excess > 0 else []
            pairs += self._sheet_pairs(debtor, ["credit_limit", *exceeded])
        else:
            none = self.env._("none: the exposure is not limited")
            pairs.append((self._label(debtor, "credit_limit"), none))
        return self._sheet_section(self.env._("Exposure"), pairs)

    def _sheet_rating(self):
        debtor = self.debtor_id
        rating = debtor.rating_id
        if not rating:
            return self._sheet_section(
                self.env._("Rating"), empty=self.env._("The customer is not rated.")
            )
        measures = self.env["recouvrement.rating.facts"]._get_measures()
        grade = rating.grade_id
        knockout = measures.get(rating.knockout, {}).get("label")
        parts = [rating._describe(part, measures) for part in rating.parts or []]
        return self._sheet_section(
            self.env._("Rating"),
            [
                (self.env._("Grade"), f"{grade.code} · {grade.name}"),
                *self._sheet_pairs(rating, ["date", "source"]),
                (
                    self._label(rating, "score"),
                    parts and rating._format_number(rating.score, 1),
                ),
                (self.env._("Alone decides"), knockout),
                *self._sheet_pairs(rating, ["author_id", "reason", "date_expiry"]),
            ],
            head=[
                self.env._("Factor"),
                self.env._("Measure"),
                self.env._("Points of 100"),
                self.env._("Weight"),
                self.env._("Brings"),
            ],
            rows=[
                [
                    part["label"],
                    part["value"],
                    part["points"],
                    f"{part['share']}\N{NO-BREAK SPACE}%",
                    part["contribution"],
                ]
                for part in parts
            ],
            right=(1, 2, 3, 4),
        )

    def _sheet_external(self):
        ratings = self.env["recouvrement.external.rating"].search(
            [("debtor_id", "=", self.debtor_id.id), ("is_valid", "=", True)]
        )
        return self._sheet_section(
            self.env._("External ratings in force"),
            head=[
                self.env._("Provider"),
                self.env._("Value"),
                self.env._("Date"),
                self.env._("Valid until"),
                self.env._("Limit advised"),
            ],
            rows=[
                [
                    one.provider_id.name,
                    one.value,
                    self._told(one, "date"),
                    self._told(one, "date_valid"),
                    self._told(one, "limit_advised") if one.limit_advised else "",
                ]
                for one in ratings
            ],
            right=(4,),
        )

    def _sheet_pieces(self):
        return self._sheet_section(
            self.env._("Pieces"),
            [(self._label(self, "completeness"), str(self.completeness))],
            head=[
                self.env._("Piece"),
                self.env._("State"),
                self.env._("Received"),
                self.env._("Checked"),
                self.env._("Valid until"),
                self.env._("Remark"),
            ],
            rows=[
                [
                    piece.kind_id.name
                    if piece.is_required
                    else self.env._("%s (not required)", piece.kind_id.name),
                    self._told(piece, "state"),
                    self._sheet_signed(piece.date_received, piece.received_by_id),
                    self._sheet_signed(piece.date_checked, piece.checked_by_id),
                    self._told(piece, "date_expiry"),
                    piece.note or "",
                ]
                for piece in self.piece_ids
            ],
            empty=self.env._("No piece is asked for."),
        )

    def _sheet_covers(self):
        covers = self.env["recouvrement.cover"].search(
            [("debtor_id", "=", self.debtor_id.id)]
        )
        return self._sheet_section(
            self.env._("Covers"),
            head=[
                self.env._("Cover"),
                self.env._("Provider"),
                self.env._("State"),
                self.env._("Amount"),
                self.env._("Share (%)"),
                self.env._("From"),
                self.env._("Until"),
            ],
            rows=[
                [
                    cover.kind_id.name,
                    cover.provider_id.sudo().display_name,
                    self._sheet_cover_state(cover),
                    self._sheet_money(cover.amount, cover.currency_id),
                    f"{cover.share:g}",
                    self._told(cover, "date_from"),
                    self._told(cover, "date_to"),
                ]
                for cover in covers
            ],
            right=(3, 4),
            empty=self.env._("No cover."),
        )

    def _sheet_cover_state(self, cover):
        state = self._told(cover, "state")
        if cover.date_effect and cover.state in ("reduced", "cancelled"):
            state = f"{state} ({self._told(cover, 'date_effect')})"
        return state
