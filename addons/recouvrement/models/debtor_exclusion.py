from odoo import fields, models
from odoo.tools import format_date


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    exclusion_ids = fields.One2many("recouvrement.exclusion", "debtor_id")
    credit_refused = fields.Boolean(
        compute="_compute_credit_refused",
        compute_sudo=True,
        search="_search_credit_refused",
        help="On the list of proven unpaid debts: sold to for cash only.",
    )

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

    # EXTENDS 'recouvrement'
    def _get_excess_of(self, move):
        """All of a document is too much for a customer on the list."""
        excess = super()._get_excess_of(move)
        return max(excess, move.amount_total_signed) if self.credit_refused else excess

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


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'recouvrement'
    def _get_exceeded_debtors(self):
        """Customers on the list as well, whether or not they have a limit."""
        found = super()._get_exceeded_debtors()
        if not self:
            return found
        debtors = (
            self.env["recouvrement.debtor"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.company_id.root_id.ids),
                    ("exclusion_ids.state", "=", "listed"),
                ]
            )
        )
        listed = {(d.partner_id.id, d.company_id.id): d for d in debtors._get_listed()}
        return {**found, **listed}

    # EXTENDS 'recouvrement'
    def _describe_excess(self, debtor):
        if debtor.credit_refused:
            return debtor._describe_refusal()
        return super()._describe_excess(debtor)
