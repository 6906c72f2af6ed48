from odoo import api, fields, models
from odoo.exceptions import UserError

# Stages that the program moves disputes to; others may be added between them.
CODES = [
    ("new", "Just Opened"),
    ("waiting", "Waits for an Answer"),
    ("answered", "Answered"),
    ("credit", "Credit Note to Post"),
    ("closed", "Closed"),
]


class RecouvrementDisputeStage(models.Model):
    _name = "recouvrement.dispute.stage"
    _description = "Dispute Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        CODES,
        string="Use",
        copy=False,
        help="What brings a dispute to this stage by itself; empty: only people do.",
    )
    sequence = fields.Integer(default=50)
    fold = fields.Boolean(string="Folded in Kanban")
    is_closed = fields.Boolean(
        string="Closed",
        compute="_compute_is_closed",
        store=True,
        help="A dispute comes here by an outcome only.",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Each use has one stage."
    )

    @api.depends("code")
    def _compute_is_closed(self):
        for stage in self:
            stage.is_closed = stage.code == "closed"

    @api.model
    def _for(self, code):
        return self.sudo().search([("code", "=", code)], limit=1)

    def write(self, vals):
        if "code" in vals and any(stage.code != vals["code"] for stage in self):
            self._check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_kept()

    def _check_kept(self):
        """The stages that the program uses stay."""
        if self.env.context.get("install_mode"):
            return
        if any(stage.code for stage in self):
            raise UserError(
                self.env._("This stage is used by the program: rename it at will.")
            )
