"""What the company owes to its own customer, and what of it may be set off."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .open_item import PAYABLE


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    netting_ids = fields.One2many("recouvrement.netting", "debtor_id")
    netting_allowed = fields.Boolean(
        readonly=True, help="A netting agreement is in force today."
    )
    payable_amount = fields.Monetary(
        string="Owed to Them",
        readonly=True,
        help="With a netting agreement in force: posted supplier items of the customer "
        "that are open in the legal entity.",
    )
    exposure_netted = fields.Monetary(
        string="Can Be Netted",
        readonly=True,
        help="What is owed to them, up to what they owe and is not assigned without "
        "recourse. It is out of the exposure.",
    )

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.netting"].flush_model()
        return result

    @api.model
    def _payables_sql(self, lines_condition):
        """What is owed to those who may be netted: ``debtor_id, amount`` of the
        accounts of the step ``account``, in company currency; a row for each of them.

        Few have an agreement: their items come from the index of open items.
        """
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT a.id AS debtor_id, GREATEST(-SUM(owed.residual), 0) AS amount
              FROM account a
              JOIN (%(agreed)s) agreed ON agreed.debtor_id = a.id
         LEFT JOIN LATERAL (
                   SELECT o.residual
                     FROM res_partner p
                     JOIN (%(lines)s) o ON o.partner_id = p.id
                     JOIN res_company c ON c.id = o.company_id
                    WHERE p.commercial_partner_id = a.partner_id
                      AND a.company_id = %(root)s) owed ON TRUE
          GROUP BY a.id
            """,
            agreed=self.env["recouvrement.netting"]._in_force_sql(
                fields.Date.context_today(self)
            ),
            lines=items._open_lines_sql(
                condition=lines_condition, account_type=PAYABLE
            ),
            root=items._root_company_sql("c"),
        )

    @api.model
    def _moves_totals_sql(self):
        """Condition on item ``l`` of account ``a`` and customer ``p``: whether it moves
        the totals of a debtor."""
        return SQL(
            """(a.account_type = 'asset_receivable'
                OR a.account_type = %s AND EXISTS (
                   SELECT FROM recouvrement_netting n
                     JOIN recouvrement_debtor agreed ON agreed.id = n.debtor_id
                    WHERE agreed.partner_id = p.commercial_partner_id))""",
            PAYABLE,
        )

    def action_view_nettings(self):
        """The netting agreements of the debtor, those that ended too."""
        action = self._action_related("recouvrement_netting_action")
        if len(self) == 1:
            action["context"]["default_debtor_id"] = self.id
        return action

    def action_view_payables(self):
        """The open supplier items of the customer in the legal entity."""
        self.ensure_one()
        self.check_access("read")
        domain = (
            Domain("account_id.account_type", "=", PAYABLE)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
            & Domain("company_id", "child_of", self.company_id.id)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Owed to Them"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": list(domain),
        }
