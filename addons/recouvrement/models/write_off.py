from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class RecouvrementWriteOff(models.Model):
    """Claims of one customer in one company, lost for good.

    Proposed by whoever follows the debtor, booked by an accountant
    (``write_off_entry.py``), with the duplicate that recovering the VAT asks for
    (``write_off_document.py``).
    """

    _name = "recouvrement.write.off"
    _description = "Write-off"
    _inherit = ["recouvrement.guarded", "recouvrement.stepped", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        [("draft", "To Book"), ("posted", "Booked"), ("cancelled", "Cancelled")],
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    root_company_id = fields.Many2one(
        related="company_id.root_id", store=True, string="Legal Entity"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", store=True)
    lang = fields.Selection(related="debtor_id.lang")
    date = fields.Date(required=True, readonly=True, tracking=True)
    ground_id = fields.Many2one(
        "recouvrement.write.off.ground",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    recover_vat = fields.Boolean(readonly=True)
    note = fields.Text(string="Facts", required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence", readonly=True)
    line_ids = fields.One2many(
        "recouvrement.write.off.line", "write_off_id", readonly=True
    )
    amount = fields.Monetary(
        compute="_compute_amounts", store=True, string="Written Off (Incl. VAT)"
    )
    amount_vat = fields.Monetary(
        compute="_compute_amounts", store=True, string="VAT Recovered"
    )
    amount_loss = fields.Monetary(compute="_compute_amounts", store=True, string="Loss")
    amount_released = fields.Monetary(
        compute="_compute_amounts", store=True, string="Provision Released"
    )
    amount_recovered = fields.Monetary(
        compute="_compute_recovered", store=True, string="Recovered Later"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Proposed By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    provision_account_id = fields.Many2one("account.account", readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, index=True
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal Entry", readonly=True, copy=False
    )
    recovery_ids = fields.One2many("recouvrement.recovery", "write_off_id")
    duplicate_as = fields.Selection(
        [("each", "One Duplicate per Invoice"), ("statement", "One Statement for All")],
        string="Form of the Duplicate",
        default="each",
        required=True,
        help="The tax office allows one summary per customer instead of a duplicate of "
        "each invoice.",
    )
    date_duplicate = fields.Date(
        string="Duplicate Sent On", readonly=True, tracking=True, copy=False
    )
    duplicate_due = fields.Boolean(
        compute="_compute_duplicate_due",
        search="_search_duplicate_due",
        string="Duplicate to Send",
    )

    _recovered_check = models.Constraint(
        "CHECK (amount_recovered >= 0 AND amount_recovered <= amount)",
        "More would be recovered than was written off.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.vat", "line_ids.released")
    def _compute_amounts(self):
        for write_off in self:
            lines, currency = write_off.line_ids, write_off.currency_id
            write_off.amount = currency.round(sum(lines.mapped("amount")))
            write_off.amount_vat = currency.round(sum(lines.mapped("vat")))
            write_off.amount_loss = currency.round(
                write_off.amount - write_off.amount_vat
            )
            write_off.amount_released = currency.round(sum(lines.mapped("released")))

    @api.depends("recovery_ids.amount", "recovery_ids.state")
    def _compute_recovered(self):
        for write_off in self:
            posted = write_off.recovery_ids.filtered(lambda r: r.state == "posted")
            write_off.amount_recovered = write_off.currency_id.round(
                sum(posted.mapped("amount"))
            )

    @api.depends("state", "recover_vat", "amount_vat", "date_duplicate")
    def _compute_duplicate_due(self):
        for write_off in self:
            write_off.duplicate_due = (
                write_off.state == "posted"
                and write_off._needs_duplicate()
                and not write_off.date_duplicate
            )

    def _needs_duplicate(self):
        return bool(self.recover_vat and any(line.vat_paid for line in self.line_ids))

    def _search_duplicate_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain(
            [
                ("state", "=", "posted"),
                ("recover_vat", "=", True),
                ("date_duplicate", "=", False),
                ("line_ids.vat_paid", ">", 0),
            ]
        )
        return due if True in value else ~due

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(write_off.state != "draft" for write_off in self):
            raise UserError(
                self.env._("Only a write-off that is not booked yet can be deleted.")
            )

    @api.constrains("ground_id", "recover_vat")
    def _check_vat_ground(self):
        for write_off in self:
            if write_off.recover_vat and not write_off.ground_id.vat_recoverable:
                raise ValidationError(
                    self.env._(
                        "The ground “%s” does not let the company recover the VAT.",
                        write_off.ground_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # AUTHORITY
    # ------------------------------------------------------------------

    def action_approve(self):
        """A credit manager agrees; the accountant may then book any amount."""
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(self.env._("Only a credit manager approves write-offs."))
        self.check_access("write")
        drafts = self.filtered(lambda write_off: write_off.state == "draft")
        for write_off in drafts:
            write_off._check_authority(write_off.amount)
        drafts.sudo().approved_by_id = self.env.uid

    def _check_authority(self, amount):
        """Refuse an amount above what the user may decide on."""
        self.env["recouvrement.authority"]._check("write_off", amount, self.company_id)

    # ------------------------------------------------------------------
    # HELPERS AND ACTIONS
    # ------------------------------------------------------------------

    def _log_write_off(self, summary):
        for write_off in self:
            write_off.debtor_id._log_event(
                "write_off",
                summary,
                detail=self.env._(
                    "%(ground)s, %(day)s: %(note)s",
                    ground=write_off.ground_id.name,
                    day=format_date(self.env, write_off.date),
                    note=write_off.note,
                ),
                amount=write_off.amount,
                currency_id=write_off.currency_id.id,
            )

    def action_view_moves(self):
        moves = self.move_id | self.reversal_move_id | self.recovery_ids.move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }

    def action_recover(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipt on a Claim Written Off"),
            "res_model": "recouvrement.recovery.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_write_off_id": self.id},
        }
