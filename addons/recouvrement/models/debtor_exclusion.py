from odoo import api, fields, models
from odoo.tools import format_date

from .credit_verdict import Excess


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    exclusion_ids = fields.One2many("recouvrement.exclusion", "debtor_id")
    credit_refused = fields.Boolean(
        compute="_compute_credit_refused",
        compute_sudo=True,
        search="_search_credit_refused",
        help="On the list of proven unpaid debts: sold to for cash only.",
    )

    @api.depends("exclusion_ids.state", "exclusion_ids.is_paid")
    def _compute_credit_refused(self):
        listed = self._get_listed()
        for debtor in self:
            debtor.credit_refused = debtor in listed

    def _search_credit_refused(self, operator, value):
        if operator != "in":
            return NotImplemented
        listed = (
            self.env["recouvrement.exclusion"]
            .sudo()
            ._search([("state", "=", "listed")])
        )
        return [("exclusion_ids", "in" if True in value else "not in", listed)]

    def _get_listed(self):
        """Those that credit is refused to. In sudo: the verdict is the same for
        everybody, the list itself is not shown."""
        listed = (
            self.env["recouvrement.exclusion"]
            .sudo()
            .search([("debtor_id", "in", self.ids), ("state", "=", "listed")])
        )
        return listed.filtered(lambda one: not one.is_paid).debtor_id

    # EXTENDS 'recouvrement'
    def _get_credit_control(self):
        """A person decides on every document of a customer on the list."""
        return "block" if self.credit_refused else super()._get_credit_control()

    def _describe_refusal(self):
        """Why credit is refused, for who may not see the list."""
        listed = self.sudo().exclusion_ids.filtered(lambda one: one.state == "listed")
        return self.env._(
            "%(customer)s is sold to for cash only since %(day)s: a debt is unpaid.",
            customer=self.partner_id.display_name,
            day=format_date(self.env, listed[:1].date_listed),
        )

    def action_refuse_credit(self):
        """Enter the customer on the list, or show its entry."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_exclusion_action"
        )
        action["views"] = [(False, "form")]
        action["res_id"] = self.exclusion_ids[:1].id
        action["context"] = {"default_debtor_id": self.id}
        return action


class RecouvrementCreditVerdict(models.AbstractModel):
    _inherit = "recouvrement.credit.verdict"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_own(self, pairs):
        """Customers on the list as well, whether or not they have a limit."""
        debtors = self._find_debtors(pairs, [("exclusion_ids.state", "=", "listed")])
        return super()._get_own(pairs) + [
            (
                (debtor.partner_id.id, debtor.company_id.id),
                Excess(
                    debtor, debtor.exposure_amount, 0.0, debtor.exposure_amount, False
                ),
            )
            for debtor in debtors._get_listed()
        ]


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'recouvrement'
    def _get_excess_to_release(self, excess):
        """All of a document is too much for a customer on the list."""
        amount = super()._get_excess_to_release(excess)
        if excess.debtor.credit_refused:
            return max(amount, self.amount_total_signed)
        return amount

    # EXTENDS 'recouvrement'
    @api.model
    def _describe_excess(self, excess):
        if excess.debtor.credit_refused:
            return excess.debtor._describe_refusal()
        return super()._describe_excess(excess)
