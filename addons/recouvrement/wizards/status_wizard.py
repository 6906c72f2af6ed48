from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementStatusWizard(models.TransientModel):
    """The collection status of several items, set with one reason."""

    _name = "recouvrement.status.wizard"
    _description = "Change Collection Status"

    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_status_wizard_line_rel",
        string="Items",
        required=True,
        default=lambda self: self._default_move_line_ids(),
    )
    item_count = fields.Integer(compute="_compute_item_count", string="Items Selected")
    status = fields.Selection(
        selection=lambda self: self._selection_status(), required=True
    )
    reason = fields.Char(required=True)
    until = fields.Date(
        help="The items are chased again after this day; empty: no end."
    )

    @api.model
    def _selection_status(self):
        field = self.env["account.move.line"]._fields["collection_status"]
        return field._description_selection(self.env)

    def _default_move_line_ids(self):
        """Items selected, whether open items, journal items or entries."""
        active_model = self.env.context.get("active_model")
        active_ids = self.env.context.get("active_ids", [])
        if active_model == "account.move":
            moves = self.env["account.move"].browse(active_ids)
            active_ids = moves.line_ids.filtered("collection_status").ids
        elif active_model not in ("recouvrement.open.item", "account.move.line"):
            return False
        return [Command.set(active_ids)]

    @api.depends("move_line_ids")
    def _compute_item_count(self):
        for wizard in self:
            wizard.item_count = len(wizard.move_line_ids)

    def action_confirm(self):
        """Collectors may do this on their debtors, though not edit journal items:
        sudo after the check on the debtor accounts."""
        self.ensure_one()
        items = self.env["recouvrement.open.item"].browse(self.move_line_ids.ids)
        if items.exists() != items:
            raise UserError(
                self.env._("Some of these items are no longer open: reload the list.")
            )
        items.check_access("read")
        items.debtor_id.check_access("write")
        self._check_commitments()
        self._apply(items)
        return {"type": "ir.actions.act_window_close"}

    def _apply(self, items):
        """Set the status of open items whose debtors the user may change: a hook."""
        self.move_line_ids.sudo()._set_collection_status(
            self.status, self.reason, self.until
        )

    def _check_commitments(self):
        """What a record holds ends with that record, not by chasing.

        :raise UserError: on items of an open promise, a running plan, a dispute…
        """
        if self.status != "to_chase":
            return
        held = self.move_line_ids.sudo()._get_commitments()
        if held:
            labels = dict(self._selection_status())
            told = ", ".join(
                sorted({labels[status] for status, _until in held.values()})
            )
            raise UserError(
                self.env._(
                    "Something still runs on these items (%s): end it where it was "
                    "made, then they are chased again.",
                    told,
                )
            )
