from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.legal_delay import PLACES
from ..tools import procedural_calendar


class RecouvrementInsolvencyWizard(models.TransientModel):
    """One click: the customer is in proceedings since a day. What will be frozen and
    what stops is shown before."""

    _name = "recouvrement.insolvency.wizard"
    _description = "Open Insolvency Proceedings"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    notice_id = fields.Many2one("recouvrement.bodacc.notice", readonly=True)
    kind_id = fields.Many2one(
        "recouvrement.insolvency.kind", string="Proceedings", required=True
    )
    kind_note = fields.Text(related="kind_id.note")
    date_judgment = fields.Date(string="Judgment", required=True)
    date_published = fields.Date(string="Published On")
    jurisdiction_id = fields.Many2one("recouvrement.jurisdiction")
    court = fields.Char(string="Court or Commission")
    case_number = fields.Char()
    representative_id = fields.Many2one(
        "res.partner", string="Representative of the Creditors"
    )
    place = fields.Selection(
        PLACES,
        string="Creditor In",
        required=True,
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
    )
    has_retention = fields.Boolean(string="Goods under Retention of Title")
    with_interest = fields.Boolean(string="Declare Late Interest", default=True)
    line_ids = fields.One2many(
        "recouvrement.insolvency.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    date_limit = fields.Date(
        string="Declare Before", compute="_compute_limit", help="Last day to declare."
    )
    total_prior = fields.Monetary(string="Earlier Items", compute="_compute_totals")
    total_later = fields.Monetary(string="Later Items", compute="_compute_totals")
    what_stops = fields.Text(compute="_compute_what_stops")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_id")
    def _compute_place(self):
        """Where the company lives."""
        for one in self:
            partner = one.company_id.partner_id
            region = procedural_calendar.place_of(partner.country_id.code, partner.zip)
            mainland = (
                procedural_calendar.METROPOLE,
                procedural_calendar.ALSACE_MOSELLE,
            )
            abroad = region == procedural_calendar.ABROAD
            one.place = (
                "metropole"
                if region in mainland
                else "abroad"
                if abroad
                else "overseas"
            )

    @api.depends("debtor_id", "date_judgment")
    def _compute_line_ids(self):
        for one in self:
            commands = [Command.clear()]
            if one.debtor_id and one.date_judgment:
                one.debtor_id.check_access("read")
                commands += one._prepare_lines()
            one.line_ids = commands

    def _prepare_lines(self):
        proceedings = self.env["recouvrement.insolvency"].sudo()
        debtor = self.debtor_id.sudo()
        found = proceedings._read_items(debtor, self.date_judgment)
        files = proceedings.new({"date_judgment": self.date_judgment})
        parts = {part.key: part for part in files._split(found)}
        return [
            Command.create(
                {
                    "move_line_id": key,
                    "name": row["name"],
                    "document_date": row["document_date"],
                    "date_due": row["date_due"],
                    "date_born": parts[key].born,
                    "currency_id": row["currency_id"],
                    "amount": float(item.is_open + item.received_since),
                    "side": parts[key].side,
                }
            )
            for key, (item, row) in found.items()
        ]

    @api.depends("kind_id", "place", "date_published", "date_judgment")
    def _compute_limit(self):
        for one in self:
            one.date_limit = False
            if not (one.kind_id and one.date_published and one.date_judgment):
                continue
            delays = self.env["recouvrement.legal.delay"]._get_for(
                one.kind_id, one.place, one.date_judgment
            )
            delay = delays.filtered(lambda d: d.code == "declaration")
            if delay:
                region = one.jurisdiction_id.region or procedural_calendar.METROPOLE
                one.date_limit = delay._get_last_day(one[delay.starts_from], region)

    @api.depends("line_ids.side", "line_ids.amount", "date_judgment")
    def _compute_totals(self):
        for one in self:
            sums = {"prior": 0.0, "later": 0.0}
            for line in one.line_ids:
                sums[line.side or "later"] += line.currency_id._convert(
                    line.amount,
                    one.currency_id,
                    one.company_id,
                    one.date_judgment or fields.Date.context_today(one),
                )
            one.total_prior, one.total_later = sums["prior"], sums["later"]

    @api.depends("kind_id", "date_judgment")
    def _compute_what_stops(self):
        for one in self:
            one.what_stops = one.kind_id and "\n".join(
                [
                    self.env._("Reminders, promises and plans on the earlier items"),
                    self.env._("Direct debits prepared, mandates of the customer"),
                    *(
                        [self.env._("Late interest, from the day of the judgment on")]
                        if one.kind_id.pauses
                        else []
                    ),
                    self.env._("Acts of enforcement in litigation files"),
                ]
            )

    # ------------------------------------------------------------------
    # CONFIRMING
    # ------------------------------------------------------------------

    def action_open(self):
        """Freeze what is earlier and open the file."""
        self.ensure_one()
        if not self.line_ids.filtered(lambda line: line.side == "prior"):
            # Proceedings without anything to declare are recorded all the same.
            self.with_interest = False
        lines = self.line_ids
        one = self.env["recouvrement.insolvency"]._open(
            self.debtor_id,
            self._prepare_vals(),
            lines.filtered(lambda line: line.side == "later").move_line_id.ids,
            lines.filtered(lambda line: line.side == "prior").move_line_id.ids,
            lines.filtered("interest_runs").move_line_id.ids,
        )
        if self.notice_id:
            self.notice_id._set_treated(one)
        return {
            "type": "ir.actions.act_window",
            "res_model": one._name,
            "res_id": one.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _prepare_vals(self):
        if self.date_judgment > fields.Date.context_today(self):
            raise UserError(self.env._("The judgment is of today or earlier."))
        return {
            "kind_id": self.kind_id.id,
            "date_judgment": self.date_judgment,
            "date_published": self.date_published,
            "jurisdiction_id": self.jurisdiction_id.id,
            "court": self.court or self.jurisdiction_id.name,
            "case_number": self.case_number,
            "representative_id": self.representative_id.id,
            "place": self.place,
            "has_retention": self.has_retention,
            "with_interest": self.with_interest,
            "bodacc_reference": self.notice_id.reference,
        }


class RecouvrementInsolvencyWizardLine(models.TransientModel):
    _name = "recouvrement.insolvency.wizard.line"
    _description = "Item on One Side of the Judgment"
    _order = "side desc, date_due, id"

    wizard_id = fields.Many2one(
        "recouvrement.insolvency.wizard", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one("account.move.line", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_born = fields.Date(string="Born On", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Owed", readonly=True)
    side = fields.Selection(
        [("prior", "Before the Judgment"), ("later", "After the Judgment")],
        required=True,
    )
    interest_runs = fields.Boolean(
        string="Interest Runs On", help="Contract of a year or more (L622-28)."
    )
