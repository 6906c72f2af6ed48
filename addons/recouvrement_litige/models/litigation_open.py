"""Transferring items to litigation, and taking one out again."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    @api.model
    def _open(self, debtor, lines, procedure=None, **vals):
        """Open a file on items of a debtor: they leave the reminders at once.

        :param lines: ``account.move.line``, open, of this debtor, in no other file.
        :param procedure: started at once; none: the file waits « to prepare ».
        :param vals: other values of the file (``jurisdiction_id``, ``user_id``, note).
        :raise UserError: naming the items that cannot be transferred.
        """
        debtor.ensure_one()
        debtor.check_access("write")
        self._check_transferable(debtor, lines)
        litigation = self.sudo().create({"debtor_id": debtor.id, **vals})
        litigation._add_lines(lines)
        litigation = litigation.with_env(self.env)
        litigation._log(
            self.env._("file opened"), amount=litigation.sudo().amount_transferred
        )
        if procedure:
            litigation._start_procedure(procedure)
        return litigation

    def _add_lines(self, lines):
        """Take items into this file, with what they owe today: in sudo."""
        self.ensure_one()
        self.env["recouvrement.litigation.line"].create(
            [self._prepare_line(line) for line in lines]
        )
        held = self.amount_transferred + sum(lines.mapped("amount_residual"))
        self.amount_transferred = held
        lines.sudo()._commit("litigation", self.env._("Litigation file %s", self.name))
        self._judge()

    def _prepare_line(self, line):
        is_entry = line.move_id.move_type == "entry"
        return {
            "litigation_id": self.id,
            "move_line_id": line.id,
            "name": (is_entry and line.name) or line.move_id.name or line.name,
            "document_date": line.takeover_date
            or line.move_id.invoice_date
            or line.date,
            "date_due": line.date_maturity or line.date,
            "currency_id": line.currency_id.id,
            "amount_transferred": line.amount_residual_currency,
            "amount_company": line.amount_residual,
        }

    @api.model
    def _check_transferable(self, debtor, lines):
        """:raise UserError: naming the items that cannot be transferred."""
        if not lines:
            raise UserError(self.env._("Choose at least one item."))
        lines = lines.sudo()
        owners = lines._get_debtors()
        foreign = lines.filtered(lambda line: owners.get(line) != debtor)
        settled = lines.filtered(
            lambda line: line.parent_state != "posted" or line.amount_residual <= 0
        )
        insolvent = lines.filtered(lambda line: line.collection_mark == "insolvency")
        elsewhere = self._get_held(lines)
        for problem, found in (
            (self.env._("not of this customer"), foreign),
            (self.env._("nothing is open"), settled),
            (self.env._("the customer is in insolvency"), insolvent),
            (self.env._("in another litigation file"), elsewhere),
        ):
            if found:
                raise UserError(
                    self.env._(
                        "These items cannot be transferred (%(problem)s): %(items)s.",
                        problem=problem,
                        items=", ".join(found.mapped("display_name")),
                    )
                )

    @api.model
    def _get_held(self, lines):
        """Those of these items that an open file holds."""
        rows = (
            self.env["recouvrement.litigation.line"]
            .sudo()
            .search([("move_line_id", "in", lines.ids), ("is_live", "=", True)])
        )
        return rows.move_line_id

    def action_add_items(self):
        """Transfer more items of the debtor to this file."""
        self.ensure_one()
        self._check_open()
        return self.debtor_id._get_transfer_action(litigation_id=self.id, mode="add")

    def _add_items(self, lines):
        """Transfer more items to this open file."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        self._check_transferable(self.debtor_id, lines)
        self.sudo()._add_lines(lines)
        self._log(
            self.env._("items added: %s", ", ".join(lines.mapped("display_name")))
        )


class RecouvrementLitigationLine(models.Model):
    _inherit = "recouvrement.litigation.line"

    def action_withdraw(self):
        """Take items out of the file: they are chased again."""
        files = self.litigation_id
        files.check_access("write")
        files._check_open()
        if any(not one.line_ids.filtered("is_live") - self for one in files):
            raise UserError(
                self.env._("The last item is not taken out: close the file instead.")
            )
        self.sudo()._release(self.env._("Taken out of the litigation file"))
        for litigation in files:
            gone = self.filtered(lambda one, file=litigation: one.litigation_id == file)
            litigation._log(
                self.env._("items taken out: %s", ", ".join(gone.mapped("name")))
            )
            litigation.sudo()._judge()
        return True

    def _release(self, reason):
        """Let go of items: what else holds on them comes back, else they are chased."""
        live = self.filtered("is_live")
        live.write({"is_live": False})
        live.move_line_id._release("litigation", reason)


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def action_desk_litigation(self, line_ids=None):
        """Transfer items ticked on the page, or all that are overdue."""
        lines = self._get_desk_lines(line_ids)
        self.check_access("write")
        return self._get_transfer_action(lines.ids)

    def action_litigation(self):
        """Transfer the overdue items of debtors of a list, one file for each."""
        self.check_access("write")
        return self._get_transfer_action()

    def _get_transfer_action(self, line_ids=(), **defaults):
        wizard = self.env["recouvrement.litigation.transfer"].create(
            {
                "debtor_ids": [Command.set(self.ids)],
                "move_line_ids": [
                    Command.set(list(line_ids) or self._get_lines_to_transfer().ids)
                ],
                **defaults,
            }
        )
        return wizard._get_action()

    def _get_lines_to_transfer(self):
        """Overdue items of these debtors that no file and no insolvency holds."""
        items = self.env["recouvrement.open.item"].search(
            [
                ("debtor_id", "in", self.ids),
                ("amount_residual", ">", 0),
                ("date_due", "<", fields.Date.context_today(self)),
                ("collection_status", "not in", ["litigation", "insolvency"]),
            ],
            order="date_due, id",
        )
        return self.env["account.move.line"].browse(items.ids)


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    def action_litigation(self):
        """Transfer these items, of one customer or of several."""
        self.debtor_id.check_access("write")
        return self.debtor_id._get_transfer_action(self.ids)
