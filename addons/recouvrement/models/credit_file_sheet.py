"""The customer file on paper: what is known of a customer, and what was decided."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..tools.company_numbers import check_numbers

REPORT = "recouvrement.action_report_credit_file"
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

    def action_print(self):
        """The files as a PDF."""
        self.check_access("read")
        return self.env.ref(REPORT).report_action(self)

    def _get_sheet_name(self):
        name = self.env._("Customer file %s", self.customer_id.name or "")
        return name.replace("/", "-")

    def _get_sheet(self):
        """The sections of the sheet: a hook.

        :return: list of ``{"title", "pairs", "head", "rows", "empty"}``: pairs are
            ``(label, text)``, rows are lists of texts under the head, of which the
            columns in ``right`` are numbers, and ``empty`` stands for no row.
        """
        self.ensure_one()
        self.check_access("read")
        return [
            self._sheet_identity(),
            self._sheet_credit(),
            self._sheet_proposal(),
            self._sheet_exposure(),
            self._sheet_rating(),
            self._sheet_external(),
            self._sheet_pieces(),
            self._sheet_covers(),
        ]

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _label(self, record, name):
        return record._fields[name]._description_string(self.env)

    def _told(self, record, name):
        """The value of a field as people read it."""
        field, value = record._fields[name], record[name]
        if field.type == "monetary":
            return self._sheet_money(value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        if field.type == "many2one":
            return value.sudo().display_name or ""
        return str(value or "")

    def _sheet_pairs(self, record, names):
        return [(self._label(record, name), self._told(record, name)) for name in names]

    def _sheet_money(self, amount, currency=None):
        return formatLang(
            self.env, amount or 0.0, currency_obj=currency or self.currency_id
        )

    def _sheet_signed(self, day, user):
        """When something was done, and by whom."""
        parts = (day and format_date(self.env, day), user.sudo().name)
        return ", ".join(part for part in parts if part)

    def _sheet_section(self, title, pairs=(), head=(), rows=(), right=(), empty=""):
        return {
            "title": title,
            "pairs": [(label, text) for label, text in pairs if text],
            "head": head,
            "rows": rows,
            "right": right,
            "empty": "" if rows else empty,
        }

    # ------------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------------

    def _sheet_identity(self):
        partner = self.customer_id.sudo()
        address = partner._display_address(without_company=True)
        rows = [" ".join(row.split()) for row in address.splitlines() if row.strip()]
        return self._sheet_section(
            self.env._("Customer"),
            [
                (self.env._("Name"), partner.name),
                (self.env._("Customer number"), partner.ref),
                *self._sheet_numbers(partner),
                (self.env._("Address"), ", ".join(rows)),
                (self.env._("E-mail"), partner.email),
                (self.env._("Telephone"), partner.phone),
                *self._sheet_pairs(self, ["segment_id", "collector_id"]),
                (
                    self.env._("File opened"),
                    self._sheet_signed(self.date_opened, self.opened_by_id),
                ),
                (self.env._("Entered twice"), self._sheet_same()),
                (self._label(self, "note"), self.note),
            ],
        )

    def _sheet_numbers(self, partner):
        """SIREN or SIRET and VAT number, each with what its check says."""
        registry, vat = partner.company_registry or "", partner.vat or ""
        kinds = dict(
            self.env["recouvrement.identity.finding"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        faults = {}
        for found in check_numbers(registry, vat, partner.country_id.code or ""):
            faults.setdefault(found.field, []).append(kinds[found.kind])
        right = self.env._("checked: no anomaly")
        told = []
        for name, label, number in (
            ("company_registry", self.env._("SIREN or SIRET"), registry),
            ("vat", self.env._("VAT number"), vat),
            ("country_id", self.env._("Country"), partner.country_id.name or ""),
        ):
            remark = ", ".join(faults.get(name, []))
            if not remark and number and name != "country_id":
                remark = right
            told.append((label, " – ".join(part for part in (number, remark) if part)))
        return told

    def _sheet_same(self):
        """Customers of the user's portfolio that carry the same number."""
        debtor = self.debtor_id
        if not debtor.sudo().identity_key:
            return ""
        same = self.env["recouvrement.debtor"].search(
            [
                ("identity_key", "=", debtor.sudo().identity_key),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", debtor.id),
            ]
        )
        return ", ".join(same.sudo().partner_id.mapped("display_name"))

    def _sheet_credit(self):
        """What was asked for, proposed and decided, by whom, when and why."""
        decided = bool(self.date_decided)
        steps = [
            (self.env._("Asked for"), self.requested_amount, self.requested_term_id),
            (self.env._("Proposed"), self.proposed_amount, self.proposed_term_id),
            (self.env._("Granted"), self.granted_amount, self.granted_term_id),
        ]
        known = [
            self.requested_amount or self.requested_term_id,
            self.decision != "none",
            decided and (self.granted_amount or self.granted_term_id),
        ]
        return self._sheet_section(
            self.env._("Credit"),
            [
                *self._sheet_pairs(self, ["decision"]),
                (
                    self.env._("Decided"),
                    self._sheet_signed(self.date_decided, self.decided_by_id),
                ),
                *self._sheet_pairs(self, ["decision_reason", "date_review"]),
            ],
            head=["", self.env._("Credit limit"), self.env._("Terms")],
            rows=[
                [label, self._sheet_money(amount), term.sudo().name or ""]
                for (label, amount, term), shown in zip(steps, known, strict=True)
                if shown
            ],
            right=(1,),
            empty=self.env._("No credit was asked for."),
        )

    def _sheet_proposal(self):
        return self._sheet_section(
            self.env._("How the limit proposed was worked out"),
            head=[
                self.env._("What was looked at"),
                self.env._("Allows"),
                self.env._("May be granted"),
            ],
            rows=[
                [
                    f"{row['label']} ({row['detail']})"
                    if row["detail"]
                    else row["label"],
                    row["amount"],
                    row["result"],
                ]
                for row in (self.proposal_steps and self._describe_steps()) or []
            ],
            right=(1, 2),
        )

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


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def action_print_credit_file(self):
        """The customer files of these accounts as one PDF.

        :raise UserError: when none of them has one.
        """
        files = self.credit_file_ids
        if not files:
            raise UserError(self.env._("No customer file was opened for this account."))
        return files.action_print()
