from odoo import api, fields, models
from odoo.exceptions import UserError

NATURES = [
    ("safeguard", "Safeguard Opened"),
    ("reorganisation", "Reorganisation Opened"),
    ("liquidation", "Liquidation Opened"),
    ("recovery", "Professional Recovery Opened"),
    ("conversion", "Converted"),
    ("plan", "Plan"),
    ("claims", "List of Claims"),
    ("end", "Closed"),
    ("other", "Other Judgment"),
]
OPENINGS = ("safeguard", "reorganisation", "liquidation", "recovery")


class RecouvrementBodaccNotice(models.Model):
    """An announcement about a customer: somebody reads it and decides."""

    _name = "recouvrement.bodacc.notice"
    _description = "BODACC Alert"
    _inherit = ["recouvrement.guarded"]
    _order = "published desc, id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "siren", "debtor_id.partner_id.name"]

    import_id = fields.Many2one(
        "recouvrement.bodacc.import",
        string="Extract",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    open_amount = fields.Monetary(related="debtor_id.open_amount")
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    reference = fields.Char(string="Announcement", required=True, readonly=True)
    published = fields.Date(string="Published On", required=True, readonly=True)
    siren = fields.Char(string="SIREN", readonly=True)
    announced_name = fields.Char(string="Name in the Announcement", readonly=True)
    court = fields.Char(readonly=True)
    nature = fields.Selection(NATURES, required=True, readonly=True)
    label = fields.Char(string="Judgment", readonly=True)
    judged = fields.Date(string="Judgment Of", readonly=True)
    text = fields.Text(readonly=True)
    url = fields.Char(string="Link", readonly=True)
    is_void = fields.Boolean(
        string="Withdrawn",
        readonly=True,
        help="The announcement takes an earlier one back.",
    )
    state = fields.Selection(
        [("new", "To Read"), ("treated", "Treated"), ("ignored", "Left Aside")],
        default="new",
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    insolvency_id = fields.Many2one(
        "recouvrement.insolvency",
        string="Proceedings",
        readonly=True,
        index="btree_not_null",
    )
    reason = fields.Char(readonly=True)

    _once_per_debtor = models.UniqueIndex(
        "(debtor_id, reference)", "This announcement is known already."
    )
    _new_idx = models.Index("(debtor_id) WHERE state = 'new'")

    @api.depends("reference", "nature")
    def _compute_display_name(self):
        labels = dict(self._fields["nature"]._description_selection(self.env))
        for notice in self:
            notice.display_name = (
                f"{labels.get(notice.nature, '')} · {notice.reference}"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("An announcement is kept: set it aside instead."))

    # ------------------------------------------------------------------
    # ALERT
    # ------------------------------------------------------------------

    def _alert(self):
        """Tell whoever follows each debtor: history and an activity."""
        for notice in self:
            user = notice.debtor_id.collector_id or self.env.user
            notice.debtor_id._log_event(
                "insolvency",
                self.env._("BODACC: %s", notice.label or notice.display_name),
                detail=notice.text,
            )
            notice.debtor_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("BODACC announcement to read"),
                note=notice.label or notice.display_name,
                user_id=user.id,
            )

    # ------------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------------

    def action_open_proceedings(self):
        """The wizard of one click, filled in from the announcement."""
        self.ensure_one()
        self._check_new()
        kind = self.env["recouvrement.insolvency.kind"].search(
            [("code", "=", self.nature)], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Proceedings"),
            "res_model": "recouvrement.insolvency.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_debtor_id": self.debtor_id.id,
                "default_notice_id": self.id,
                "default_kind_id": kind.id,
                "default_date_judgment": self.judged,
                "default_date_published": self.published,
                "default_court": self.court,
            },
        }

    def action_follow(self):
        """What the announcement says of proceedings that are known: the file."""
        self.ensure_one()
        self._check_new()
        found = self.env["recouvrement.insolvency"].search(
            [("debtor_id", "=", self.debtor_id.id), ("state", "!=", "undone")], limit=1
        )
        if not found:
            raise UserError(self.env._("This customer has no proceedings yet."))
        self._set_treated(found)
        found.message_post(body=f"{self.label or ''}\n{self.text or ''}".strip())
        return {
            "type": "ir.actions.act_window",
            "res_model": found._name,
            "res_id": found.id,
            "views": [(False, "form")],
        }

    def action_ignore(self):
        """Nothing to do: same name, other company, known already…"""
        self._check_new()
        self.check_access("write")
        self.sudo().write(
            {
                "state": "ignored",
                "reason": self.env._("Set aside by %s", self.env.user.name),
            }
        )

    def action_reopen(self):
        self.check_access("write")
        self.sudo().filtered(lambda notice: notice.state == "ignored").write(
            {"state": "new", "reason": False}
        )

    def _set_treated(self, insolvency):
        self.check_access("write")
        self.sudo().write({"state": "treated", "insolvency_id": insolvency.id})

    def _check_new(self):
        if any(notice.state != "new" for notice in self):
            raise UserError(self.env._("This announcement was dealt with already."))
