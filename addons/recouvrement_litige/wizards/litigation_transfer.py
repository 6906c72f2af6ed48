from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

MODES = [
    ("transfer", "Open Files"),
    ("add", "Add Items"),
    ("start", "Start a Procedure"),
]


class RecouvrementLitigationTransfer(models.TransientModel):
    """Transfers items to litigation, or starts a procedure in a file: shows what may be
    done and why, and the limit dates."""

    _name = "recouvrement.litigation.transfer"
    _description = "Transfer to Litigation"

    mode = fields.Selection(MODES, required=True, default="transfer")
    litigation_id = fields.Many2one("recouvrement.litigation", string="File")
    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_litigation_transfer_debtor_rel",
        string="Debtors",
    )
    debtor_count = fields.Integer(compute="_compute_debtor_count")
    customer_ids = fields.Many2many(
        "res.partner", compute="_compute_debtor_count", string="Customers"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_litigation_transfer_line_rel",
        string="Items",
        domain="[('id', 'in', possible_ids)]",
    )
    possible_ids = fields.Many2many(
        "account.move.line", compute="_compute_possible_ids", string="Possible Items"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_total")
    total = fields.Monetary(compute="_compute_total")
    limit_date = fields.Date(
        string="First Limit Date",
        compute="_compute_total",
        help="Last day to act on the oldest of these items.",
    )
    limit_is_near = fields.Boolean(compute="_compute_total")
    proposals = fields.Html(compute="_compute_proposals", sanitize=False)
    missing = fields.Text(compute="_compute_missing", string="Missing Documents")
    is_started = fields.Boolean(
        string="Start the Procedure",
        default=True,
        help="Otherwise the file waits to be prepared.",
    )
    procedure_id = fields.Many2one(
        "recouvrement.procedure",
        compute="_compute_procedure",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty, for several debtors: what fits each of them best.",
    )
    jurisdiction_id = fields.Many2one(
        "recouvrement.jurisdiction",
        string="Court",
        compute="_compute_procedure",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date = fields.Date(string="Start", required=True, default=fields.Date.context_today)
    note = fields.Html()

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_ids")
    def _compute_debtor_count(self):
        for wizard in self:
            wizard.debtor_count = len(wizard.debtor_ids)
            wizard.customer_ids = wizard.debtor_ids.partner_id

    @api.depends("debtor_ids", "litigation_id", "mode")
    def _compute_possible_ids(self):
        """Open items of these debtors that no file and no insolvency holds."""
        for wizard in self:
            items = self.env["recouvrement.open.item"].search(
                [
                    ("debtor_id", "in", wizard.debtor_ids._origin.ids),
                    ("amount_residual", ">", 0),
                    ("collection_status", "not in", ["litigation", "insolvency"]),
                ]
            )
            wizard.possible_ids = self.env["account.move.line"].browse(items.ids)

    @api.depends("move_line_ids")
    def _compute_total(self):
        soon = fields.Date.add(fields.Date.context_today(self), months=6)
        for wizard in self:
            lines = wizard.move_line_ids
            limits = [day for day in lines.mapped("limit_date") if day]
            wizard.currency_id = (
                wizard.debtor_ids.currency_id[:1] or self.env.company.currency_id
            )
            wizard.total = sum(lines.mapped("amount_residual"))
            wizard.limit_date = min(limits, default=False)
            wizard.limit_is_near = bool(limits) and min(limits) <= soon

    def _get_debtor_lines(self):
        """Items by debtor: ``{debtor: lines}``."""
        self.ensure_one()
        lines = self.move_line_ids._origin
        owners = lines.sudo()._get_debtors()
        return {
            debtor: lines.filtered(lambda line, one=debtor: owners.get(line) == one)
            for debtor in self.debtor_ids._origin
            if debtor in owners.values()
        }

    def _get_proposals(self):
        """What may be done with the items of one debtor; nothing for several."""
        found = self._get_debtor_lines()
        if len(found) != 1:
            return []
        [(debtor, lines)] = found.items()
        return self.env["recouvrement.litigation"]._propose(
            debtor, lines, self.date, self.litigation_id
        )

    @api.depends("move_line_ids", "debtor_ids", "litigation_id")
    def _compute_procedure(self):
        for wizard in self:
            proposals = [one for one in wizard._get_proposals() if one.is_open]
            best = proposals[0] if proposals else None
            wizard.procedure_id = best and best.procedure.id
            wizard.jurisdiction_id = (
                wizard.litigation_id.jurisdiction_id.id
                or (best and best.court.id)
                or next((one.court.id for one in proposals if one.court), False)
            )

    @api.depends("move_line_ids", "debtor_ids", "litigation_id", "date")
    def _compute_proposals(self):
        for wizard in self:
            proposals = wizard._get_proposals()
            wizard.proposals = bool(proposals) and self.env["ir.qweb"]._render(
                "recouvrement_litige.litigation_proposals",
                {
                    "possible": [one for one in proposals if one.is_open],
                    "others": [one for one in proposals if not one.is_open],
                    "money": lambda amount: format_amount(
                        self.env, amount, self.env.ref("base.EUR")
                    ),
                    "day": lambda day: format_date(self.env, day),
                },
            )

    @api.depends("move_line_ids")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = "\n".join(wizard._get_missing()) or False

    def _get_missing(self):
        """Documents that the file will lack: a hook.

        :return: sentences.
        """
        return []

    # ------------------------------------------------------------------
    # CONFIRMING
    # ------------------------------------------------------------------

    def _get_action(self):
        names = dict(self._fields["mode"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer to Litigation")
            if self.mode == "transfer"
            else names[self.mode],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Do what the form was opened for; shows the files."""
        self.ensure_one()
        if self.mode == "start":
            return self._start()
        if self.mode == "add":
            self.litigation_id._add_items(self.move_line_ids)
            return self.litigation_id._get_form_action()
        return self._show(self._open())

    def _start(self):
        if not self.procedure_id:
            raise UserError(self.env._("Choose a procedure."))
        if self.jurisdiction_id:
            self.litigation_id.jurisdiction_id = self.jurisdiction_id
        self.litigation_id._start_procedure(self.procedure_id, self.date)
        return self.litigation_id._get_form_action()

    def _open(self):
        """One file for each debtor."""
        files = self.env["recouvrement.litigation"]
        found = self._get_debtor_lines()
        if not found:
            raise UserError(self.env._("Choose at least one item."))
        for debtor, lines in found.items():
            procedure, court = self._choose(debtor, lines, single=len(found) == 1)
            files |= files._open(
                debtor,
                lines,
                procedure=procedure if self.is_started else None,
                date_open=self.date,
                user_id=self.user_id.id,
                jurisdiction_id=court.id,
                note=self.note,
            )
        return files

    def _choose(self, debtor, lines, single):
        """Procedure and court: those of the form, or what fits this debtor best."""
        if single or self.procedure_id:
            return self.procedure_id, self.jurisdiction_id
        files = self.env["recouvrement.litigation"]
        found = files._propose(debtor, lines, self.date)
        proposals = [one for one in found if one.is_open]
        best = proposals[0] if proposals else None
        courts = [one.court for one in proposals if one.court]
        return (
            best.procedure if best else self.env["recouvrement.procedure"],
            courts[0] if courts else self.env["recouvrement.jurisdiction"],
        )

    def _show(self, files):
        if len(files) == 1:
            return files._get_form_action()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_litige.recouvrement_litigation_action"
        )
        return {**action, "domain": [("id", "in", files.ids)], "context": {}}


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    def action_start_procedure(self):
        """Choose the procedure that comes next."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        return self.debtor_id._get_transfer_action(
            self._get_live_lines().ids, litigation_id=self.id, mode="start"
        )
