"""The customer file on paper: what is known of a customer, and what was decided."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..tools.company_numbers import check_numbers
from .identity_finding import CONTRACT

REPORT = "recouvrement.action_report_credit_file"


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
            self._sheet_contract(),
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

    def _sheet_contract(self):
        """The contract, and what the system holds otherwise."""
        kinds = self.env["recouvrement.identity.finding"]
        found = kinds.search(
            [("debtor_id", "=", self.debtor_id.id), ("kind", "in", list(CONTRACT))]
        )
        pairs = self._sheet_pairs(self, ["contract_date", "contract_reference"])
        return self._sheet_section(
            self.env._("Contract"),
            pairs,
            head=[
                self.env._("Other than signed"),
                self.env._("In the system"),
                self.env._("Signed"),
                self.env._("Accepted because"),
            ],
            rows=[
                [
                    self._told(one, "field_name"),
                    one.value or "",
                    one.proposal,
                    one.reason or "",
                ]
                for one in found
            ],
        )

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
