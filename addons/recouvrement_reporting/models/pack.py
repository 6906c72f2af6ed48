from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.period import Period

STATES = [
    ("draft", "To Prepare"),
    ("ready", "Ready"),
    ("sent", "Mailed"),
    ("replaced", "Replaced"),
]
OPEN = ("draft", "ready")


class RecouvrementPack(models.Model):
    """The month of receivables for the chief financial officer.

    to prepare → ready (figures and files are made) → sent (kept as sent, for good) →
    perhaps replaced by another one.
    """

    _name = "recouvrement.pack"
    _description = "Monthly Pack"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        help="Its branches count with it.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(
        string="Month", required=True, default=lambda self: self._default_month()
    )
    date_end = fields.Date(
        string="Last Day", compute="_compute_date_end", store=True, precompute=True
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        readonly=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Text(
        string="Comment",
        copy=False,
        help="Of the credit manager, on the first page, before the facts.",
    )
    recipient_ids = fields.Many2many(
        "res.partner",
        "recouvrement_pack_recipient_rel",
        "pack_id",
        "partner_id",
        string="Recipients",
        default=lambda self: self.env.company.root_id.recouvrement_pack_recipient_ids,
        help="They receive the workbook and the PDF by e-mail.",
    )
    is_scheduled = fields.Boolean(
        string="Prepared by the Schedule", readonly=True, copy=False
    )
    failure = fields.Text(readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "recouvrement.pack",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # == What was shown ==
    data = fields.Json(readonly=True, copy=False)
    commentary = fields.Html(readonly=True, copy=False)
    figure_ids = fields.One2many("recouvrement.pack.figure", "pack_id", readonly=True)
    synopsis_ids = fields.One2many(
        "recouvrement.pack.figure",
        "pack_id",
        readonly=True,
        domain=[("section", "=", "synopsis")],
    )
    figure_count = fields.Integer(compute="_compute_figure_count")
    prepared_on = fields.Datetime(readonly=True, copy=False)
    prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    sent_on = fields.Datetime(string="Mailed On", readonly=True, copy=False)
    sent_by_id = fields.Many2one(
        "res.users", string="Mailed By", readonly=True, copy=False
    )
    delivery_ids = fields.One2many(
        "recouvrement.pack.delivery", "pack_id", string="Sent To", readonly=True
    )
    pdf_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, copy=False, index="btree_not_null"
    )
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True, copy=False)
    xlsx_id = fields.Many2one(
        "ir.attachment",
        string="Workbook",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    xlsx_sha256 = fields.Char(
        string="SHA-256 of the Workbook", readonly=True, copy=False
    )

    _live_uniq = models.UniqueIndex(
        "(company_id, date_start) WHERE state IN ('draft', 'ready')",
        "This month already has a pack that is being prepared.",
    )
    _sent_uniq = models.UniqueIndex(
        "(company_id, date_start) WHERE state = 'sent'",
        "The pack of this month was sent: replace it instead.",
    )

    # ------------------------------------------------------------------
    # DEFAULTS, COMPUTES, CHECKS
    # ------------------------------------------------------------------

    @api.model
    def _default_month(self):
        """First day of the last month that is over."""
        return Period.month(Period.month(fields.Date.context_today(self)).eve).start

    @api.depends("date_start")
    def _compute_date_end(self):
        for pack in self:
            pack.date_end = pack.date_start and Period.month(pack.date_start).end

    @api.depends("company_id", "date_start")
    def _compute_display_name(self):
        for pack in self:
            month = pack.date_start and pack._describe_month()
            pack.display_name = " · ".join(filter(None, (month, pack.company_id.name)))

    @api.depends("figure_ids")
    def _compute_figure_count(self):
        counts = dict(
            self.env["recouvrement.pack.figure"]._read_group(
                [("pack_id", "in", self.ids)], ["pack_id"], ["__count"]
            )
        )
        for pack in self:
            pack.figure_count = counts.get(pack, 0)

    @api.constrains("company_id", "date_start")
    def _check_month(self):
        today = fields.Date.context_today(self)
        for pack in self:
            if pack.company_id.parent_id:
                raise ValidationError(
                    self.env._("A pack is made for the legal entity, not a branch.")
                )
            if pack.date_start.day != 1:
                raise ValidationError(self.env._("A month begins on its first day."))
            if pack.date_end >= today:
                raise ValidationError(
                    self.env._("The pack of a month is made once the month is over.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if {"company_id", "date_start"} & vals.keys():
            self._check_state("draft")
        if {"note", "recipient_ids"} & vals.keys():
            self._check_state(*OPEN)
        result = super().write(vals)
        if "note" in vals:
            for pack in self.filtered(lambda one: one.state == "ready"):
                pack.sudo()._make_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda pack: pack.state not in OPEN):
            raise UserError(self.env._("A pack that was sent is kept as it was sent."))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_prepare_month(self):
        """One click: the pack of the last month that is over, ready to be read.

        A button of the list: what is ticked does not matter.
        """
        self.check_access("create")
        company, month = self.env.company.root_id, self._default_month()
        pack = self._find(company, month) or self.create(
            {
                "company_id": company.id,
                "date_start": month,
            }
        )
        if pack.state == "draft":
            pack.action_prepare()
        return pack._open()

    @api.model
    def _find(self, company, month):
        """The pack of a month that counts: the one being prepared, else as sent."""
        domain = Domain("company_id", "=", company.id) & Domain(
            "date_start", "=", month
        )
        packs = self.search(domain & Domain("state", "!=", "replaced"))
        return packs.sorted(lambda pack: pack.state == "sent")[:1]

    def action_prepare(self):
        """Work out the figures and make the files; again as long as it is not sent."""
        self.check_access("write")
        self._check_state(*OPEN)
        for pack in self:
            pack.sudo().lock_for_update()
            pack.sudo()._prepare(self.env.user)
        return True

    def action_replace(self):
        """A new pack of the same month; this one stays as it was sent."""
        self.ensure_one()
        self.check_access("create")
        self._check_state("sent")
        waiting = self._find(self.company_id, self.date_start)
        if waiting == self:
            waiting = self.create(
                {
                    "company_id": self.company_id.id,
                    "date_start": self.date_start,
                    "recipient_ids": [(6, 0, self.recipient_ids.ids)],
                }
            )
            waiting.sudo().replaces_id = self
        return waiting._open()

    def action_open_figures(self):
        """All figures of the pack, each with what makes it up."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_pack_figure_action"
        )
        action["domain"] = [("pack_id", "=", self.id)]
        action["display_name"] = action["name"] = self.env._(
            "Figures: %s", self.display_name
        )
        return action

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _get_period(self):
        self.ensure_one()
        return Period.month(self.date_start)

    def _describe_month(self):
        return format_date(self.env, self.date_start, date_format="LLLL y")
