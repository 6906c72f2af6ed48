from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

from ..models.promise import SOURCES

# Means of the promise, from the channel of the contact that it comes from.
CHANNEL_SOURCES = {
    "call_out": "call",
    "call_in": "call",
    "email": "email",
    "visit": "visit",
    "meeting": "visit",
}


class RecouvrementPromiseWizard(models.TransientModel):
    """A promise to pay: the items, how much, and when."""

    _name = "recouvrement.promise.wizard"
    _description = "Take a Promise to Pay"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id")
    item_ids = fields.Many2many(
        "recouvrement.open.item",
        "recouvrement_promise_wizard_item_rel",
        "wizard_id",
        "item_id",
        string="Items",
        domain="[('debtor_id', '=', debtor_id), ('amount_residual_currency', '>', 0)]",
        default=lambda self: self._default_item_ids(),
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    several_currencies = fields.Char(compute="_compute_currency_id")
    amount = fields.Monetary(
        string="Promised Amount",
        compute="_compute_amount",
        store=True,
        readonly=False,
    )
    owed = fields.Monetary(string="Open on These Items", compute="_compute_owed")
    date = fields.Date(
        string="Promised For",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Promised By",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    source = fields.Selection(
        SOURCES,
        required=True,
        compute="_compute_source",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Text()
    interaction_id = fields.Many2one("recouvrement.interaction", readonly=True)
    postponed = fields.Char(compute="_compute_postponed")

    # ------------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------------

    @api.model
    def _default_item_ids(self):
        """Items asked for, or all that the debtor has overdue."""
        line_ids = self.env.context.get("promise_line_ids")
        if not line_ids:
            debtor = self.env["recouvrement.debtor"].browse(
                self.env.context.get("default_debtor_id")
            )
            if not debtor:
                return False
            debtor.check_access("read")
            items = debtor._get_due_items().values()
            line_ids = [item_id for group in items for item_id in group.ids]
        return [Command.set(line_ids)]

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for wizard in self:
            currencies = wizard.item_ids.currency_id
            wizard.currency_id = (
                currencies if len(currencies) == 1 else wizard.debtor_id.currency_id
            )
            wizard.several_currencies = len(currencies) > 1 and " + ".join(
                format_amount(self.env, wizard._sum(items), currency)
                for currency, items in wizard._get_groups().items()
            )

    def _get_groups(self):
        return self.item_ids.grouped("currency_id")

    @api.model
    def _sum(self, items):
        total = sum(items.mapped("amount_residual_currency"))
        return items.currency_id.round(total) if items else 0.0

    @api.depends("item_ids")
    def _compute_owed(self):
        for wizard in self:
            single = len(wizard.item_ids.currency_id) == 1
            wizard.owed = wizard._sum(wizard.item_ids) if single else 0.0

    @api.depends("item_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.owed

    @api.depends("debtor_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = (
                wizard.debtor_id._get_promise_day()
                if wizard.debtor_id
                else fields.Date.context_today(wizard)
            )

    @api.depends("debtor_id", "interaction_id")
    def _compute_partner_id(self):
        for wizard in self:
            debtor = wizard.debtor_id
            wizard.partner_id = (
                wizard.interaction_id.partner_id
                or debtor.contact_id
                or debtor.partner_id
            )

    @api.depends("interaction_id")
    def _compute_source(self):
        for wizard in self:
            channel = wizard.interaction_id.channel
            wizard.source = CHANNEL_SOURCES.get(channel, "other") if channel else "call"

    @api.depends("item_ids")
    def _compute_postponed(self):
        """Open promises that this one would postpone, or False."""
        promises = self.env["recouvrement.promise"]
        for wizard in self:
            found = promises.search(promises._get_live_domain(wizard.item_ids.ids))
            wizard.postponed = ", ".join(found.mapped("display_name"))

    # ------------------------------------------------------------------
    # TAKING
    # ------------------------------------------------------------------

    def action_confirm(self):
        self.ensure_one()
        return self._make_promises()._get_notification()

    def _make_promises(self):
        """One promise per currency; with several, of all that is open in each."""
        if not self.item_ids:
            raise UserError(self.env._("Choose what is promised."))
        groups = self._get_groups()
        promises = self.env["recouvrement.promise"]
        for items in groups.values():
            promises |= self.debtor_id._make_promise(
                self.amount if len(groups) == 1 else self._sum(items),
                self.date,
                items.move_line_id,
                partner=self.partner_id,
                source=self.source,
                note=self.note,
                interaction=self.interaction_id,
            )
        return promises


class RecouvrementPromiseCancel(models.TransientModel):
    _name = "recouvrement.promise.cancel"
    _description = "Cancel a Promise"

    promise_ids = fields.Many2many(
        "recouvrement.promise",
        "recouvrement_promise_cancel_rel",
        string="Promises",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.promise_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
