"""The customer file: what a customer's account is opened with, piece by piece."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementCreditFile(models.Model):
    """One per debtor account. It is opened by a form, and lives on with its reviews."""

    _name = "recouvrement.credit.file"
    _description = "Customer File"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_opened desc, id desc"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    segment_id = fields.Many2one(related="debtor_id.segment_id")
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    date_opened = fields.Date(
        string="Opened On",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    opened_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    piece_ids = fields.One2many("recouvrement.credit.piece", "file_id", string="Pieces")
    completeness = fields.Integer(
        string="Complete (%)",
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="Required pieces that are checked and valid.",
    )
    missing_count = fields.Integer(
        string="Pieces to Obtain", compute="_compute_completeness", store=True
    )
    is_complete = fields.Boolean(compute="_compute_completeness", store=True)
    note = fields.Text(string="Remarks")

    _debtor_uniq = models.UniqueIndex(
        "(debtor_id)", "This customer has its file already."
    )

    @api.depends("piece_ids.state", "piece_ids.is_required")
    def _compute_completeness(self):
        for file in self:
            required = file.piece_ids.filtered("is_required")
            checked = required.filtered(lambda piece: piece.state == "checked")
            to_obtain = required.filtered(
                lambda piece: piece.state in ("missing", "expired")
            )
            file.completeness = 100 * len(checked) // len(required) if required else 100
            file.missing_count = len(to_obtain)
            file.is_complete = checked == required

    @api.model
    def _open_file(self, debtor, **vals):
        """Open the file of a debtor with the check list of its segment.

        :raise UserError: when it has one.
        """
        debtor.ensure_one()
        debtor.check_access("write")
        if self.sudo().search_count([("debtor_id", "=", debtor.id)], limit=1):
            raise UserError(
                self.env._("%s has its file already.", debtor.partner_id.display_name)
            )
        file = self.sudo().create({"debtor_id": debtor.id, **vals}).with_env(self.env)
        file._add_pieces()
        debtor._log_event("note", self.env._("Customer file opened"))
        return file

    def action_update_pieces(self):
        """Ask for what the check list of the segment has got since."""
        self.check_access("write")
        self._add_pieces()
        return True

    def _add_pieces(self):
        kinds = self.env["recouvrement.credit.piece.kind"]
        self.env["recouvrement.credit.piece"].sudo().create(
            [
                {
                    "file_id": file.id,
                    "kind_id": kind.id,
                    "is_required": kind.is_required,
                }
                for file in self
                for kind in kinds._find_asked(file.debtor_id.segment_id)
                - file.piece_ids.kind_id
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_file(self):
        raise UserError(self.env._("Customer files are kept."))

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer File"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # NIGHT
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """Pieces that expired, each file's as one thing to do."""
        expired = self.env["recouvrement.credit.piece"]._expire()
        for file, pieces in expired.grouped("file_id").items():
            [file] = file._in_desk_languages()
            file._remind(
                self.env._("Pieces of the customer file expired"),
                ", ".join(pieces.with_env(file.env).mapped("kind_id.name")),
            )

    def _remind(self, summary, note):
        """Something to do today for the collector of the account, or who stands in."""
        debtor = self.debtor_id
        user = debtor.substitute_id or debtor.collector_id or self.opened_by_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=user.id or self.env.uid,
        )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    credit_file_ids = fields.One2many(
        "recouvrement.credit.file", "debtor_id", string="Customer File"
    )

    def action_credit_file(self):
        """The file of the customer, or the form that opens it."""
        self.ensure_one()
        file = self.credit_file_ids[:1]
        if not file:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Open a Customer File"),
                "res_model": "recouvrement.credit.file.wizard",
                "view_mode": "form",
                "target": "new",
                "context": {
                    "default_partner_id": self.partner_id.id,
                    "default_company_id": self.company_id.id,
                },
            }
        return file._action_form()
