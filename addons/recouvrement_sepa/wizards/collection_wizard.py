"""A new collection: the terms, what would be debited, what stays out and why."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.collection_candidate import TAKEN

SCHEME_CHOICES = [
    ("both", "CORE and B2B, a File Each"),
    ("CORE", "CORE"),
    ("B2B", "B2B (Between Companies)"),
]


class RecouvrementSepaCollectionWizard(models.TransientModel):
    _name = "recouvrement.sepa.collection.wizard"
    _description = "New Direct Debit Collection"

    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR")
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', 'child_of', company_id)]",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    scheme = fields.Selection(SCHEME_CHOICES, required=True, default="both")
    date = fields.Date(
        string="Collection Date",
        required=True,
        compute="_compute_date",
        store=True,
        precompute=True,
        readonly=False,
        help="Proposed: the first day that the bank still takes.",
    )
    date_until = fields.Date(
        string="Due Until",
        required=True,
        compute="_compute_date_until",
        store=True,
        precompute=True,
        readonly=False,
    )
    count = fields.Integer(string="Items to Collect", compute="_compute_preview")
    amount = fields.Monetary(compute="_compute_preview")
    excluded_count = fields.Integer(string="Left Out", compute="_compute_preview")
    preview_ids = fields.One2many(
        "recouvrement.sepa.collection.wizard.line",
        "wizard_id",
        compute="_compute_preview",
        string="Why",
    )

    @api.depends("company_id")
    def _compute_journal_id(self):
        """The bank used last, else the first one that has an account number."""
        for wizard in self:
            last = self.env["recouvrement.sepa.collection"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )
            wizard.journal_id = last.journal_id or self.env["account.journal"].search(
                [
                    ("type", "=", "bank"),
                    ("company_id", "child_of", wizard.company_id.id),
                    ("bank_account_id", "!=", False),
                ],
                limit=1,
            )

    @api.depends("journal_id", "scheme")
    def _compute_date(self):
        collections = self.env["recouvrement.sepa.collection"]
        for wizard in self:
            journal = wizard.journal_id
            wizard.date = (
                max(
                    collections._get_earliest_date(journal, scheme)
                    for scheme in wizard._get_schemes()
                )
                if journal
                else False
            )

    @api.depends("date")
    def _compute_date_until(self):
        for wizard in self:
            wizard.date_until = wizard.date

    def _get_schemes(self):
        return ("CORE", "B2B") if self.scheme == "both" else (self.scheme,)

    def _get_candidates(self):
        """The candidates as the user sees them, on the terms of the wizard."""
        return self.env["recouvrement.sepa.candidate"].with_context(
            sepa_company_id=self.company_id.id,
            sepa_journal_id=self.journal_id.id,
            sepa_scheme=self.scheme if self.scheme != "both" else None,
            sepa_until=fields.Date.to_string(self.date_until),
            sepa_date=fields.Date.to_string(self.date),
        )

    @api.depends("company_id", "journal_id", "scheme", "date", "date_until")
    def _compute_preview(self):
        for wizard in self:
            rows = wizard._get_preview_rows()
            taken = [row for row in rows if row[0] in TAKEN]
            wizard.count = sum(count for _reason, _amount, count in taken)
            wizard.amount = sum(amount for _reason, amount, _count in taken)
            left = [row for row in rows if row[0] not in TAKEN]
            wizard.excluded_count = sum(count for _reason, _amount, count in left)
            wizard.preview_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {"reason": reason, "amount": amount, "count": count}
                    )
                    for reason, amount, count in sorted(left, key=lambda r: -r[2])
                ),
            ]

    def _get_preview_rows(self):
        """Amount and number of candidates by verdict; none while terms are missing."""
        journal = self.journal_id
        has_ics = journal.sudo().sepa_ics or self.company_id.sudo().sepa_ics
        if not (journal and self.date and self.date_until and has_ics):
            return []
        return self._get_candidates()._read_group(
            [], ["reason"], ["amount:sum", "__count"]
        )

    def action_show_candidates(self):
        """Every item with its verdict."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_sepa.sepa_candidate_action"
        )
        action["context"] = {
            key: value
            for key, value in self._get_candidates().env.context.items()
            if key.startswith("sepa_")
        }
        return action

    def action_create(self):
        """Collections of all that may be debited, one per scheme."""
        self.journal_id._get_sepa_ics()
        collections = self.env["recouvrement.sepa.collection"]
        found = collections.browse()
        for scheme in self._get_schemes():
            found |= collections._propose(
                self.journal_id, scheme, self.date_until, self.date
            )
        if not found:
            raise UserError(
                self.env._(
                    "Nothing can be collected on these terms: “Every Item” says why."
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_sepa.sepa_collection_action"
        )
        if len(found) == 1:
            return {**action, "views": [(False, "form")], "res_id": found.id}
        return {**action, "domain": [("id", "in", found.ids)]}


class RecouvrementSepaCollectionWizardLine(models.TransientModel):
    _name = "recouvrement.sepa.collection.wizard.line"
    _description = "Items Left Out of a Direct Debit Collection"

    wizard_id = fields.Many2one("recouvrement.sepa.collection.wizard", index=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    reason = fields.Selection(
        selection=lambda self: (
            self.env["recouvrement.sepa.candidate"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
    )
    count = fields.Integer(string="Items")
    amount = fields.Monetary()
