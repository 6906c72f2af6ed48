"""Who acts for the company: lawyers, commissaires de justice, agencies, insurers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

KINDS = [
    ("lawyer", "Lawyer"),
    ("bailiff", "Commissaire de justice"),
    ("agency", "Collection Agency"),
    ("insurer", "Credit Insurer"),
]
FEES = [
    ("none", "None"),
    ("fixed", "Fixed per File"),
    ("percent", "Percentage of What Is Recovered"),
    ("both", "Fixed and Percentage"),
    ("hourly", "By the Hour"),
]


class RecouvrementCounsel(models.Model):
    """A professional with the terms of its mandate.

    An agency that collects amicably for others must prove an insurance, a bank account
    of its own for the sums collected, a declaration to the prosecutor and a written
    agreement (CPCE art. R124-2, R124-3): what is missing is told, nothing is blocked.
    """

    _name = "recouvrement.counsel"
    _description = "Counsel"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "kind, name"
    _rec_names_search = ["name", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="restrict"
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: acts for all companies."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    kind = fields.Selection(KINDS, required=True, default="lawyer", index=True)
    jurisdiction_ids = fields.Many2many(
        "recouvrement.jurisdiction",
        "recouvrement_counsel_jurisdiction_rel",
        "counsel_id",
        "jurisdiction_id",
        string="Courts",
        help="Where it acts; empty: anywhere.",
    )
    note = fields.Html()

    # == Fees ==
    fee_kind = fields.Selection(
        FEES, string="Fee Terms", required=True, default="fixed", tracking=True
    )
    fee_fixed = fields.Monetary(string="Fixed Fee", help="Per file, without VAT.")
    fee_percent = fields.Float(string="Success Fee (%)", digits=(5, 2))
    fee_note = fields.Char(string="Other Terms")

    # == Mandate ==
    date_from = fields.Date(string="Mandate From", tracking=True)
    date_to = fields.Date(string="Mandate Until", tracking=True)
    mandate_file = fields.Binary(string="Mandate", attachment=True)
    mandate_name = fields.Char(string="File Name of the Mandate")

    # == What an agency proves ==
    insurer = fields.Char(string="Liability Insurer")
    insurance_number = fields.Char(string="Policy Number")
    insurance_until = fields.Date(string="Insured Until")
    own_account = fields.Char(
        string="Bank Account for Sums Collected",
        help="Used for nothing but the sums that are collected for others.",
    )
    declared_on = fields.Date(
        string="Declared to the Prosecutor", help="Day of the declaration."
    )
    obstacles = fields.Text(string="To Check", compute="_compute_obstacles")

    # == Work ==
    assignment_ids = fields.One2many("recouvrement.counsel.assignment", "counsel_id")
    open_count = fields.Integer(string="Open Files", compute="_compute_work")
    amount_entrusted = fields.Monetary(
        compute="_compute_work", string="Entrusted", help="Claims of all files."
    )
    amount_recovered = fields.Monetary(compute="_compute_work", string="Recovered")
    cost_total = fields.Monetary(compute="_compute_work", string="Fees")
    recovery_rate = fields.Float(
        string="Recovered (%)", compute="_compute_work", digits=(5, 1)
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A mandate ends after it begins.",
    )

    # ------------------------------------------------------------------
    # COMPUTES, CHECKS
    # ------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_name(self):
        for counsel in self:
            counsel.name = counsel.name or counsel.partner_id.display_name

    @api.constrains("fee_percent")
    def _check_percent(self):
        if self.filtered(lambda one: not 0 <= one.fee_percent <= 100):
            raise ValidationError(self.env._("A fee is between 0 and 100 %."))

    @api.depends(
        "kind", "date_from", "date_to", "insurer", "insurance_until", "own_account",
        "declared_on", "mandate_file",
    )  # fmt: skip
    def _compute_obstacles(self):
        today = fields.Date.context_today(self)
        for counsel in self:
            counsel.obstacles = "\n".join(counsel._list_obstacles(today)) or False

    def _list_obstacles(self, day):
        """What is missing on a day: a hook."""
        self.ensure_one()
        found = []
        if self.date_to and self.date_to < day:
            found.append(self.env._("The mandate is over."))
        if self.kind == "agency":
            found += self._list_agency_obstacles(day)
        return found

    def _list_agency_obstacles(self, day):
        env = self.env
        insured = self.insurer and self.insurance_until and self.insurance_until >= day
        checks = (
            (insured, env._("No liability insurance in force (CPCE art. R124-2).")),
            (
                self.own_account,
                env._("No bank account of its own for sums collected (R124-2)."),
            ),
            (
                self.declared_on,
                env._("Its declaration to the prosecutor is not known (R124-2)."),
            ),
            (
                self.mandate_file and self.date_from,
                env._("The written agreement is not here (CPCE art. R124-3)."),
            ),
        )
        return [text for fine, text in checks if not fine]

    @api.depends("assignment_ids.state")
    def _compute_work(self):
        """Sums over the files of each, in a constant number of queries; in the
        currency of the companies, which a counsel's files seldom mix."""
        assignments = self.env["recouvrement.counsel.assignment"]
        domain = Domain("counsel_id", "in", self.ids)
        opened = dict(
            assignments._read_group(
                domain & Domain("state", "in", ("sent", "accepted")),
                ["counsel_id"],
                ["__count"],
            )
        )
        sums = {
            counsel: values
            for counsel, *values in assignments._read_group(
                domain & Domain("state", "!=", "draft"),
                ["counsel_id"],
                ["amount_entrusted:sum", "amount_collected:sum", "fee_total:sum"],
            )
        }
        for counsel in self:
            entrusted, recovered, fees = sums.get(counsel, (0.0, 0.0, 0.0))
            counsel.open_count = opened.get(counsel, 0)
            counsel.amount_entrusted = entrusted
            counsel.amount_recovered = recovered
            counsel.cost_total = fees
            counsel.recovery_rate = 100 * recovered / entrusted if entrusted else 0

    def action_open_files(self):
        """Files entrusted to it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_litige.recouvrement_counsel_assignment_action"
        )
        action["domain"] = [("counsel_id", "=", self.id)]
        action["context"] = {"default_counsel_id": self.id}
        return action
