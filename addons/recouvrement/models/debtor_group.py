"""The limit of the group of companies that a customer belongs to, on its account."""

from odoo import api, fields, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    group_limited = fields.Boolean(
        string="Its Group Has a Limit", compute="_compute_group_limit"
    )
    group_head = fields.Char(
        string="Head of the Group",
        compute="_compute_group_limit",
        help="Of several groups with a limit, the one with the least left.",
    )
    group_limit = fields.Monetary(
        string="Limit of the Group", compute="_compute_group_limit"
    )
    group_exposure = fields.Monetary(
        string="Exposure of the Group",
        compute="_compute_group_limit",
        help="Of all the companies of the group, less guarantees.",
    )
    group_left = fields.Monetary(
        string="Left to the Group",
        compute="_compute_group_limit",
        help="Below zero: above the limit.",
    )

    @api.depends("partner_id.parent_id", "exposure_amount")
    def _compute_group_limit(self):
        pairs = {debtor._get_pair() for debtor in self}
        groups = self.env["recouvrement.credit.verdict"]._get_tightest_groups(pairs)
        for debtor in self:
            group = groups.get(debtor._get_pair())
            debtor.group_limited = bool(group)
            debtor.group_head = group and group.debtor.partner_id.display_name
            debtor.group_limit = group and group.limit
            debtor.group_exposure = group and group.exposure
            debtor.group_left = group and group.left

    def _get_pair(self):
        """The key of verdicts: customer and legal entity."""
        return self.partner_id.id, self.company_id.id

    def action_open_group(self):
        """The accounts of the group with the tightest limit, in this legal entity."""
        self.ensure_one()
        verdict = self.env["recouvrement.credit.verdict"]
        group = verdict._get_tightest_groups({self._get_pair()}).get(self._get_pair())
        head = group.debtor.partner_id if group else self.partner_id
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_debtor_action"
        )
        action["name"] = action["display_name"] = self.env._(
            "Group %s", head.display_name
        )
        action["domain"] = [
            ("partner_id", "child_of", head.id),
            ("company_id", "=", self.company_id.id),
        ]
        action["context"] = {}
        return action
