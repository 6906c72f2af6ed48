from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class RecouvrementPrescriptionEvent(models.Model):
    """A fact that may move the limit date of claims, with its proof.

    The facts are entered, the dates computed: see ``prescription.py``. A fact is never
    deleted: it is made void, with the reason (C. civ. art. 2243).
    """

    _name = "recouvrement.prescription.event"
    _description = "Prescription Event"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "kind_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    kind_id = fields.Many2one(
        "recouvrement.prescription.kind", required=True, ondelete="restrict"
    )
    effect = fields.Selection(related="kind_id.effect")
    has_end = fields.Boolean(related="kind_id.has_end")
    kind_source = fields.Char(related="kind_id.source")
    kind_note = fields.Text(related="kind_id.note")
    date = fields.Date(
        required=True, default=fields.Date.context_today, index=True, tracking=True
    )
    date_end = fields.Date(
        string="End",
        tracking=True,
        help="Last day of the trial, mediation or procedure; empty: still going on.",
    )
    certainty = fields.Selection(
        [("certain", "Certain"), ("possible", "Possible")],
        compute="_compute_certainty",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_prescription_event_line_rel",
        "event_id",
        "line_id",
        string="Items",
        help="Items the fact is about; empty: every item of the debtor dated before.",
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")
    is_void = fields.Boolean(string="Void", readonly=True, tracking=True)
    void_reason = fields.Char(readonly=True, tracking=True)

    _date_check = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date)",
        "A prescription event cannot end before it begins.",
    )

    @api.depends("kind_id")
    def _compute_certainty(self):
        for event in self:
            event.certainty = event.kind_id.certainty

    @api.depends("kind_id", "date")
    def _compute_display_name(self):
        for event in self:
            event.display_name = (
                f"{event.kind_id.name or ''} · {format_date(self.env, event.date)}"
            )

    @api.constrains("line_ids", "debtor_id")
    def _check_lines(self):
        for event in self:
            lines = event.line_ids.sudo()
            partner = event.debtor_id.partner_id
            strangers = lines.filtered(
                lambda line, partner=partner, event=event: (
                    line.partner_id.commercial_partner_id != partner
                    or line.company_id.root_id != event.company_id
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "These items are not of %(debtor)s: %(items)s.",
                        debtor=event.debtor_id.display_name,
                        items=", ".join(strangers.mapped("display_name")),
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for event in self:
            if event.date > today:
                raise ValidationError(
                    self.env._(
                        "%(event)s has not happened yet: enter it on its day.",
                        event=event.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._announce()
        for event in events:
            event.debtor_id._log_event(
                "prescription",
                self.env._("Recorded: %s", event.display_name),
                detail=event.note,
            )
        return events

    def write(self, vals):
        debtors = self.debtor_id
        result = super().write(vals)
        self._announce(debtors)
        return result

    def _announce(self, debtors=None):
        """Have the limit dates of the debtors concerned computed again."""
        debtors = (debtors or self.debtor_id) | self.debtor_id
        self.env["recouvrement.debtor"]._mark_dirty_debtors(debtors.ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fact(self):
        raise UserError(
            self.env._(
                "A prescription event is kept. Make it void and say why instead."
            )
        )

    def _set_void(self, reason):
        """Take the effect of these facts away, with the reason, and trace it.

        C. civ. art. 2243: withdrawal, lapse or final dismissal of a claim in court.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this event has no effect."))
        self.check_access("write")
        self.sudo().write({"is_void": True, "void_reason": reason.strip()})
        for event in self:
            event.debtor_id._log_event(
                "prescription",
                self.env._("Void: %s", event.display_name),
                detail=reason.strip(),
            )

    def action_void(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make Void"),
            "res_model": "recouvrement.prescription.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_ids": self.ids},
        }
