from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.credit_limit import CONTROLS
from ..models.res_company_interest import INTEREST_BASES, INTEREST_IMPUTATIONS
from ..models.selections import ACTIVITIES

SETTINGS = [
    "recouvrement_test_mode",
    "recouvrement_test_email",
    "recouvrement_chase_misc",
    "recouvrement_signatory",
    "recouvrement_activity",
    "recouvrement_default_collector_id",
    "recouvrement_mail_batch",
    "recouvrement_message_items",
    "recouvrement_statement_items",
    "recouvrement_invoice_copies",
    "recouvrement_portal_link",
    "recouvrement_portal_days",
    "recouvrement_request_days",
    "recouvrement_verify_days",
    "recouvrement_promise_tolerance_days",
    "recouvrement_promise_tolerance_amount",
    "recouvrement_promise_default_days",
    "recouvrement_promise_max_days",
    "recouvrement_star_points",
    "recouvrement_call_amount",
    "recouvrement_call_anyway_amount",
    "recouvrement_silence_days",
    "recouvrement_retry_days",
    "recouvrement_limit_days",
    "recouvrement_rating_alert",
    "recouvrement_credit_control",
    "recouvrement_risk_days",
    "recouvrement_limit_near",
    "recouvrement_big_amount",
    "recouvrement_silent_days",
    "recouvrement_default_days",
    "recouvrement_key_rank",
    "recouvrement_exclusion_days",
    "recouvrement_exclusion_years",
    "recouvrement_alias_name",
    "recouvrement_relay_days",
    "recouvrement_relay_link_days",
    "recouvrement_interest_basis",
    "recouvrement_interest_imputation",
    "recouvrement_interest_capitalise",
    "recouvrement_interest_lookback",
    "recouvrement_plan_offer_days",
    "recouvrement_plan_grace_days",
    "recouvrement_plan_forfeit_days",
    "recouvrement_plan_auto_forfeit",
    "recouvrement_penalty_journal_id",
    "recouvrement_penalty_interest_account_id",
    "recouvrement_penalty_indemnity_account_id",
]


class RecouvrementCompanySettings(models.TransientModel):
    """The collection settings of a company, for credit managers who are no
    administrators of Odoo."""

    _name = "recouvrement.company.settings"
    _description = "Collection Settings of a Company"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    recouvrement_test_mode = fields.Boolean(string="Test Mode")
    recouvrement_test_email = fields.Char(string="Test Address")
    recouvrement_chase_misc = fields.Boolean(string="Chase Miscellaneous Entries")
    recouvrement_signatory = fields.Char(string="Signatory of Letters")
    recouvrement_activity = fields.Selection(
        ACTIVITIES,
        string="Activity",
        help="Some activities have a limitation period of their own. Empty: none of "
        "them.",
    )
    recouvrement_default_collector_id = fields.Many2one(
        "res.users", string="Default Collector"
    )
    recouvrement_mail_batch = fields.Integer(string="Reminders per Batch")
    recouvrement_message_items = fields.Integer(
        string="Items Listed in a Message",
        help="The others are one line with their number and total, and the full list "
        "is a spreadsheet. 0: no list.",
    )
    recouvrement_statement_items = fields.Integer(string="Items Listed on a Statement")
    recouvrement_invoice_copies = fields.Integer(string="Invoice Copies in a Message")
    recouvrement_portal_link = fields.Boolean(string="Customer Page in Reminders")
    recouvrement_portal_days = fields.Integer(string="Days of the Link")
    recouvrement_request_days = fields.Integer(
        string="Days to Answer a Customer",
        help="A customer request that waits longer is late.",
    )
    recouvrement_verify_days = fields.Integer(
        string="Days to Verify a Payment",
        help="Items that a customer says to have paid are not reminded for so many "
        "days, while the payment is looked for; then they are again.",
    )
    recouvrement_promise_tolerance_days = fields.Integer(
        string="Days of Tolerance",
        help="A promise paid up to this many days after the promised day is kept.",
    )
    recouvrement_promise_tolerance_amount = fields.Float(
        string="Shortfall Tolerated",
        digits=(16, 2),
        help="A promise paid but for this amount, in the currency of the company, is "
        "kept. Promises of no more than this must be paid whole.",
    )
    recouvrement_promise_default_days = fields.Integer(
        string="Days Proposed",
        help="Day proposed for a new promise, counted from today.",
    )
    recouvrement_promise_max_days = fields.Integer(
        string="Longest Promise",
        help="Beyond this many days only a credit manager takes a promise: agree on "
        "a payment plan instead.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    recouvrement_star_points = fields.Integer(
        string="Points per Star", help="Priority points for each star; 0: no stars."
    )
    recouvrement_call_amount = fields.Monetary(
        string="Smallest Amount to Call",
        help="A debtor with less to collect is left to the reminders.",
    )
    recouvrement_call_anyway_amount = fields.Monetary(
        string="Amount to Call in Any Case",
        help="From this amount to collect on, a reminder does not replace a call: only "
        "a conversation counts against the days of silence. 0: never.",
    )
    recouvrement_silence_days = fields.Integer(
        string="Days of Silence",
        help="A debtor is to be called when neither a reminder nor a contact took "
        "place for so many days.",
    )
    recouvrement_retry_days = fields.Integer(
        string="Days Before Trying Again",
        help="A debtor that nobody answered for comes back after so many days.",
    )
    recouvrement_limit_days = fields.Integer(
        string="Days Before a Limit Date",
        help="A debtor comes on the worklist so many days before a claim lapses.",
    )
    recouvrement_rating_alert = fields.Integer(
        string="Grades Lost That Are Told",
        help="A debtor whose computed rating falls by so many grades gives its "
        "collector something to do; 0: never.",
    )
    recouvrement_credit_control = fields.Selection(
        CONTROLS,
        string="Above the Limit, Invoices",
        help="What happens when an invoice of a customer above its credit limit is "
        "posted: nothing, a note in the history, or it is refused until released.",
    )
    recouvrement_risk_days = fields.Integer(
        string="Days of the Risk Agenda",
        help="What ends within so many days, and ratings that fell since so many days.",
    )
    recouvrement_limit_near = fields.Integer(
        string="Limit Almost Reached (%)",
        help="From this share of its credit limit a customer is on the risk agenda.",
    )
    recouvrement_big_amount = fields.Monetary(
        string="Big Exposure",
        help="From this exposure, in the currency of the company, silence and missing "
        "pieces are on the risk agenda.",
    )
    recouvrement_silent_days = fields.Integer(
        string="Days Without News",
        help="Neither a contact nor a payment for so many days: a silent debtor.",
    )
    recouvrement_default_days = fields.Integer(
        string="Days of a Lasting Default",
        help="An item that is overdue for longer is a lasting default.",
    )
    recouvrement_key_rank = fields.Integer(
        string="Last Level Sent to Key Accounts",
        help="Reminders to key accounts above this level wait for a person, even where "
        "the policy sends by itself. 0: only the reminder before the due date leaves.",
    )
    recouvrement_exclusion_days = fields.Integer(
        string="Days to React",
        help="A customer who was told that credit will be refused may object or pay "
        "for so many days.",
    )
    recouvrement_exclusion_years = fields.Integer(
        string="Years on the List",
        help="A refusal of credit is erased after so many years even when nothing was "
        "paid; your data protection officer knows how long is right for you.",
    )
    recouvrement_alias_name = fields.Char(
        string="Collection Mailbox",
        help="E-mails to this address go to the debtor account of their sender. Empty: "
        "no address.",
    )
    alias_domain = fields.Char(related="company_id.alias_domain_id.name")
    recouvrement_relay_days = fields.Integer(string="Days to Answer a Relay")
    recouvrement_relay_link_days = fields.Integer(
        string="Days Its Link Lives Longer",
        help="After the day on which the answer is due.",
    )
    recouvrement_interest_basis = fields.Selection(
        INTEREST_BASES, string="Days in a Year of Interest"
    )
    recouvrement_interest_imputation = fields.Selection(
        INTEREST_IMPUTATIONS, string="Partial Payments Pay"
    )
    recouvrement_interest_capitalise = fields.Boolean(
        string="Interest of a Full Year Bears Interest",
        help="C. civ. art. 1343-2: only when the contract or a judge says so.",
    )
    recouvrement_interest_lookback = fields.Integer(
        string="Months Looked Back",
        help="Interest on items settled late is shown for this many months after "
        "their payment.",
    )
    recouvrement_plan_offer_days = fields.Integer(
        string="Days to Accept a Plan",
        help="An offer ends after them, and at the latest on its first instalment.",
    )
    recouvrement_plan_grace_days = fields.Integer(
        string="Days of Grace of an Instalment"
    )
    recouvrement_plan_forfeit_days = fields.Integer(
        string="Days to Pay after a Warning"
    )
    recouvrement_plan_auto_forfeit = fields.Boolean(
        string="End Missed Plans Automatically",
        help="Otherwise the collector confirms it.",
    )
    recouvrement_penalty_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Penalties",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Empty: the first sales journal.",
    )
    recouvrement_penalty_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Late Interest",
        domain="[('company_ids', '=', company_id), ('internal_group', '=', 'income')]",
        help="Empty, with a French chart of accounts: 763100.",
    )
    recouvrement_penalty_indemnity_account_id = fields.Many2one(
        "account.account",
        string="Account of Fixed Indemnities",
        domain="[('company_ids', '=', company_id), ('internal_group', '=', 'income')]",
        help="Empty, with a French chart of accounts: 758100.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env.company.root_id
        wanted = [name for name in SETTINGS if name in fields_list]
        if wanted:
            [stored] = company.sudo().read(wanted, load="_classic_write")
            values.update({name: stored[name] for name in wanted})
        return values

    def action_confirm(self):
        """Write the settings on the company.

        sudo: writing on a company needs an administrator; these fields are the
        credit manager's.
        """
        self.ensure_one()
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(
                self.env._("Only a credit manager changes the collection settings.")
            )
        company = self.env.company.root_id
        vals = self._convert_to_write({name: self[name] for name in SETTINGS})
        company.sudo().write(vals)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
