"""The reviews a debtor was on, and what it paid in all."""

from odoo import fields, models
from odoo.tools import SQL


class RecouvrementEvent(models.Model):
    _inherit = "recouvrement.event"

    kind = fields.Selection(
        selection_add=[("review", "Account Review")],
        ondelete={"review": "set note"},
    )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    review_item_ids = fields.One2many("recouvrement.review.item", "debtor_id")
    review_count = fields.Integer(string="Reviews", compute="_compute_review_count")

    def _compute_review_count(self):
        counts = dict(
            self.env["recouvrement.review.item"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.review_count = counts.get(debtor, 0)

    def action_view_reviews(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_review_item_action_history"
        )
        action["domain"] = [("debtor_id", "in", self.ids)]
        return action

    # EXTENDS 'recouvrement'
    def _get_desk_account_buttons(self):
        return [
            *super()._get_desk_account_buttons(),
            self._prepare_desk_button(
                "reviews",
                "action_view_reviews",
                self.env._("Account Reviews"),
                "fa-comments-o",
                bar=False,
                access="read",
            ),
        ]

    def _get_received(self, as_of=None):
        """All receipts ever entered on these debtor accounts, in one statement.

        :param date as_of: leaves out those of later days.
        :return: ``{debtor id: amount in company currency}``; debtors without any are
            left out.
        """
        if not self:
            return {}
        self.env["account.move.line"].flush_model()
        until = SQL("TRUE")
        if as_of:
            until = SQL("COALESCE(l.takeover_date, l.date) <= %s", as_of)
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT d.id, -SUM(l.balance)
                      FROM account_move_line l
                      JOIN res_partner p ON p.id = l.partner_id
                      JOIN res_company c ON c.id = l.company_id
                      JOIN recouvrement_debtor d
                        ON d.partner_id = p.commercial_partner_id
                       AND d.company_id = %(root)s
                     WHERE d.id = ANY(%(debtors)s) AND %(lines)s AND %(receipts)s
                       AND %(until)s
                  GROUP BY d.id
                    """,
                    root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                    debtors=self.ids,
                    lines=self._lines_of_partners_sql(self.sudo().partner_id.ids),
                    receipts=self.env["recouvrement.receipt"]._is_receipt_sql(),
                    until=until,
                )
            )
        )
