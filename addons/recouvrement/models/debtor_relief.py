"""Open items that others bear for good: still on the account, no longer at risk."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    exposure_relieved = fields.Monetary(
        string="Assigned Without Recourse",
        readonly=True,
        help="Open items that a factor bought for good: he bears the loss, so that "
        "they are out of the exposure.",
    )

    @api.model
    def _relieved_items_sql(self):
        """Ids of the open items that others bear for good: a hook, a select of one
        column that is never null. None here."""
        return SQL("SELECT 0 AS line_id WHERE FALSE")

    @api.model
    def _relieved_sql(self, lines_condition):
        """What of those is open: ``debtor_id, amount`` of the accounts of the step
        ``account``, in company currency."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT a.id AS debtor_id, SUM(o.residual) AS amount
              FROM (%(relieved)s) AS relieved (line_id)
              JOIN (%(lines)s) o ON o.id = relieved.line_id AND o.residual > 0
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
              JOIN account a ON a.partner_id = p.commercial_partner_id
               AND a.company_id = %(root)s
          GROUP BY a.id
            """,
            relieved=self._relieved_items_sql(),
            lines=items._open_lines_sql(condition=lines_condition),
            root=items._root_company_sql("c"),
        )

    def action_view_relieved(self):
        """The open items of the debtor that others bear."""
        self.check_access("read")
        self._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relieved.line_id
                  FROM (%s) AS relieved (line_id)
                  JOIN account_move_line l ON l.id = relieved.line_id
                  JOIN res_partner p ON p.id = l.partner_id
                 WHERE p.commercial_partner_id = ANY(%s)
                """,
                self._relieved_items_sql(),
                self.partner_id.ids,
            )
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_open_item_action"
        )
        action["name"] = action["display_name"] = self.env._(
            "Assigned Without Recourse"
        )
        action["domain"] = [
            ("debtor_id", "in", self.ids),
            ("id", "in", [line_id for [line_id] in rows]),
        ]
        action["context"] = {}
        return action
