"""Formal notices sent outside this software, by item."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    formal_notice_date = fields.Date(
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Day of a formal notice sent outside this software; those of reminders "
        "are known from the reminders.",
    )

    # EXTENDS 'account'
    def write(self, vals):
        if "formal_notice_date" in vals and not self.env.su:
            raise UserError(
                self.env._("The day of a formal notice is recorded with a button.")
            )
        return super().write(vals)

    def _get_debtors(self):
        """Debtor account of each receivable item: ``{line: debtor}``, one search."""
        lines = self.filtered(
            lambda line: (
                line.partner_id and line.account_id.account_type == "asset_receivable"
            )
        )
        debtors = (
            self.env["recouvrement.debtor"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", lines.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", lines.company_id.root_id.ids),
                ]
            )
        )
        by_key = {(one.partner_id, one.company_id): one for one in debtors}
        found = {}
        for line in lines:
            key = line.partner_id.commercial_partner_id, line.company_id.root_id
            if key in by_key:
                found[line] = by_key[key].with_env(self.env)
        return found

    def _set_formal_notice(self, day, reason, debtors):
        """Record the day of a notice on items and trace it.

        :param date day: None forgets the day.
        :param dict debtors: as ``_get_debtors`` gives them.
        """
        self.write({"formal_notice_date": day})
        text = (
            self.env._("formal notice of %s", format_date(self.env, day))
            if day
            else self.env._("day of the formal notice removed")
        )
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": debtors[line].id,
                    "company_id": debtors[line].company_id.id,
                    "user_id": self.env.uid,
                    "kind": "regime",
                    "summary": f"{line.move_id.name or line.name}: {text}",
                    "detail": reason,
                    "move_line_id": line.id,
                }
                for line in self
            ]
        )
