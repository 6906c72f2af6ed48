from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.account_journal_sepa import (
    ADDRESS_MODES,
    SEPA_VERSIONS,
    SEQUENCE_MODES,
)

COMPANY = [
    "sepa_ics",
    "sepa_creditor_name",
    "sepa_prenotification_days",
    "sepa_approval_amount",
    "sepa_net_credit_notes",
    "sepa_mandate_reminder_days",
]
JOURNAL = [
    "sepa_version",
    "sepa_ics",
    "sepa_lead_days_core",
    "sepa_lead_days_b2b",
    "sepa_cutoff_hour",
    "sepa_address_mode",
    "sepa_batch_booking",
    "sepa_sequence_mode",
    "sepa_transit_account_id",
    "sepa_fee_account_id",
]


class RecouvrementSepaSettings(models.TransientModel):
    """The creditor and its banks, for credit managers who are no administrators of
    Odoo."""

    _name = "recouvrement.sepa.settings"
    _description = "Creditor and Banks"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sepa_ics = fields.Char(
        string="Creditor Identifier (ICS)",
        help="Given by the Banque de France through one of your banks.",
    )
    sepa_creditor_name = fields.Char(
        string="Creditor Name", help="Empty: the name of the company."
    )
    sepa_prenotification_days = fields.Integer(string="Days of Pre-notification")
    sepa_approval_amount = fields.Monetary(
        string="Second Approval From", help="0: every collection."
    )
    sepa_net_credit_notes = fields.Boolean(string="Deduct Credit Notes")
    sepa_mandate_reminder_days = fields.Integer(
        string="Days before a Mandate Is Reminded", help="0: never."
    )
    journal_ids = fields.One2many("recouvrement.sepa.settings.journal", "settings_id")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env.company.root_id.sudo()
        wanted = [name for name in COMPANY if name in fields_list]
        if wanted:
            [stored] = company.read(wanted, load="_classic_write")
            values.update({name: stored[name] for name in wanted})
        if "journal_ids" in fields_list:
            journals = self.env["account.journal"].sudo()
            banks = journals.search(
                [("type", "=", "bank"), ("company_id", "child_of", company.ids)]
            )
            values["journal_ids"] = [
                fields.Command.create(
                    {
                        "journal_id": stored.pop("id"),
                        **stored,
                    }
                )
                for stored in banks.read(JOURNAL, load="_classic_write")
            ]
        return values

    def action_confirm(self):
        """Write the settings on the company and its bank journals.

        sudo: writing on them needs an administrator; these fields are the credit
        manager's.
        """
        self.ensure_one()
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(
                self.env._("Only a credit manager changes the collection settings.")
            )
        company = self.env.company.root_id.sudo()
        company.write(self._convert_to_write({name: self[name] for name in COMPANY}))
        for line in self.journal_ids:
            journal = line.journal_id.sudo()
            if journal.type == "bank" and journal.company_id.root_id == company:
                journal.write(
                    line._convert_to_write({name: line[name] for name in JOURNAL})
                )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class RecouvrementSepaSettingsJournal(models.TransientModel):
    _name = "recouvrement.sepa.settings.journal"
    _description = "Bank of a Creditor"

    settings_id = fields.Many2one(
        "recouvrement.sepa.settings", required=True, index=True, ondelete="cascade"
    )
    journal_id = fields.Many2one("account.journal", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="settings_id.company_id")
    sepa_version = fields.Selection(SEPA_VERSIONS, string="Version of Files")
    sepa_ics = fields.Char(
        string="Other Creditor Identifier (ICS)",
        help="Empty: the one of the company.",
    )
    sepa_lead_days_core = fields.Integer(
        string="CORE: Bank Days Before",
        help="Open days of TARGET between the deposit of the file and the collection "
        "date.",
    )
    sepa_lead_days_b2b = fields.Integer(
        string="B2B: Bank Days Before",
        help="Open days of TARGET between the deposit of the file and the collection "
        "date.",
    )
    sepa_cutoff_hour = fields.Float(string="Latest Hour of Deposit")
    sepa_address_mode = fields.Selection(ADDRESS_MODES, string="Addresses")
    sepa_batch_booking = fields.Boolean(string="Booked as One Amount")
    sepa_sequence_mode = fields.Selection(SEQUENCE_MODES, string="Sequence")
    sepa_transit_account_id = fields.Many2one(
        "account.account",
        string="Direct Debits Under Way",
        domain="[('company_ids', '=', company_id)]",
        help="Such as 511500.",
    )
    sepa_fee_account_id = fields.Many2one(
        "account.account",
        string="Bank Fees",
        domain="[('company_ids', '=', company_id)]",
        help="Such as 627800.",
    )
