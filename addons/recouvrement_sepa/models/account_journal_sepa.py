"""What a bank wants: version of the files, delays, addresses, accounts."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SEPA_VERSIONS = [("08", "pain.008.001.08"), ("02", "pain.008.001.02")]
ADDRESS_MODES = [
    ("structured", "Structured"),
    ("hybrid", "Town and Country Structured, Lines Free"),
    ("none", "No Address"),
]
SEQUENCE_MODES = [
    ("rcur", "Always Recurrent (RCUR)"),
    ("first", "First and Last Told (FRST, FNAL)"),
]
LAST_HOUR = 24


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sepa_version = fields.Selection(
        SEPA_VERSIONS,
        string="Version of Direct Debit Files",
        default="08",
        help="The one that your bank takes.",
    )
    sepa_ics = fields.Char(
        string="Other Creditor Identifier (ICS)",
        help="Empty: the one of the company.",
    )
    sepa_lead_days_core = fields.Integer(
        string="CORE: Bank Days Before",
        default=2,
        help="Open days of TARGET between the deposit of the file and the collection "
        "date.",
    )
    sepa_lead_days_b2b = fields.Integer(
        string="B2B: Bank Days Before",
        default=2,
        help="Open days of TARGET between the deposit of the file and the collection "
        "date.",
    )
    sepa_cutoff_hour = fields.Float(
        string="Latest Hour of Deposit",
        default=10.0,
        help="A file deposited later counts for the next open day.",
    )
    sepa_address_mode = fields.Selection(
        ADDRESS_MODES,
        string="Addresses in Files",
        default="structured",
        help="Unstructured addresses are refused since 15 November 2026.",
    )
    sepa_batch_booking = fields.Boolean(
        string="Booked as One Amount",
        default=True,
        help="The bank books each collection as one line of the statement.",
    )
    sepa_sequence_mode = fields.Selection(
        SEQUENCE_MODES, string="Sequence of Direct Debits", default="rcur"
    )
    sepa_transit_account_id = fields.Many2one(
        "account.account",
        string="Direct Debits Under Way",
        check_company=True,
        help="Account of direct debits that the bank has not booked yet, such as "
        "511500.",
    )
    sepa_fee_account_id = fields.Many2one(
        "account.account",
        string="Bank Fees of Direct Debits",
        check_company=True,
        help="Such as 627800.",
    )

    _sepa_lead_positive = models.Constraint(
        "CHECK (sepa_lead_days_core >= 0 AND sepa_lead_days_b2b >= 0)",
        "A number of days cannot be negative.",
    )

    @api.constrains("sepa_cutoff_hour")
    def _check_sepa_cutoff_hour(self):
        for journal in self:
            if not 0 <= journal.sepa_cutoff_hour <= LAST_HOUR:
                raise ValidationError(self.env._("An hour is between 0 and 24."))

    @api.model_create_multi
    def create(self, vals_list):
        clean = self.env["res.company"]._clean_sepa_vals
        return super().create([clean(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self.env["res.company"]._clean_sepa_vals(vals))

    def _get_sepa_ics(self):
        """Identifier under which this bank collects.

        :raise UserError: when neither the journal nor the company has one.
        """
        self.ensure_one()
        return self.sudo().sepa_ics or self.company_id._get_sepa_ics()

    def _get_sepa_lead_days(self, scheme):
        """Open days of TARGET before the collection date, by scheme."""
        self.ensure_one()
        return self[f"sepa_lead_days_{scheme.lower()}"]
