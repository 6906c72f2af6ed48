from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class RecouvrementDunningPolicy(models.Model):
    _name = "recouvrement.dunning.policy"
    _description = "Dunning Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first policy whose conditions a debtor meets applies."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", string="Company Currency"
    )
    state = fields.Selection(
        [("running", "In Service"), ("stopped", "Stopped")],
        default="running",
        required=True,
        tracking=True,
    )
    stop_reason = fields.Char(tracking=True)
    automatic = fields.Boolean(
        help="The nightly action sends by itself the levels that nobody has to "
        "approve. Otherwise it only proposes.",
        tracking=True,
    )
    skip_levels = fields.Boolean(
        help="An item goes straight to the level its delay deserves. Otherwise it "
        "climbs one level at a time.",
        tracking=True,
    )
    tolerance = fields.Monetary(
        help="A debtor whose net debt does not exceed this amount, in the company "
        "currency, is not reminded.",
    )

    # == Conditions ==
    segment_ids = fields.Many2many(
        "recouvrement.segment",
        "recouvrement_policy_segment_rel",
        "policy_id",
        "segment_id",
        string="Segments",
        help="Empty: every segment that is chased.",
    )
    country_ids = fields.Many2many(
        "res.country",
        "recouvrement_policy_country_rel",
        "policy_id",
        "country_id",
        string="Countries",
        help="Empty: every country.",
    )
    min_open_amount = fields.Monetary(string="Open Amount From")
    max_open_amount = fields.Monetary(string="Open Amount Up To")

    level_ids = fields.One2many(
        "recouvrement.dunning.level", "policy_id", string="Levels", copy=True
    )
    debtor_count = fields.Integer(compute="_compute_debtor_count")
    why_nobody = fields.Char(compute="_compute_why_nobody")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            company = policy.company_id or self.env.company
            policy.currency_id = company.currency_id

    def _compute_debtor_count(self):
        counts = dict(
            self.env["recouvrement.debtor"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.debtor_count = counts.get(policy, 0)

    @api.depends("state", "stop_reason", "active", "level_ids", "debtor_count")
    def _compute_why_nobody(self):
        """A policy that chases nobody says why."""
        for policy in self:
            policy.why_nobody = policy._get_why_nobody()

    def _get_why_nobody(self):
        if not self.active:
            return self.env._("This policy is archived: it chases nobody.")
        if self.state == "stopped":
            return self.env._(
                "This policy is stopped: it chases nobody. Reason: %(reason)s",
                reason=self.stop_reason or self.env._("none given"),
            )
        if not self.level_ids:
            return self.env._("This policy has no level: it chases nobody. Add one.")
        if not self.debtor_count:
            return self.env._(
                "No debtor meets the conditions of this policy, or a policy placed "
                "before it takes them all."
            )
        return False

    @api.constrains("state", "stop_reason")
    def _check_stop_reason(self):
        for policy in self:
            if policy.state == "stopped" and not policy.stop_reason:
                raise ValidationError(
                    self.env._(
                        "Say why the policy “%s” is stopped.", policy.display_name
                    )
                )

    @api.constrains("min_open_amount", "max_open_amount", "tolerance")
    def _check_amounts(self):
        for policy in self:
            bounds = (
                policy.min_open_amount,
                policy.max_open_amount,
                policy.tolerance,
            )
            if min(bounds) < 0:
                raise ValidationError(
                    self.env._("The amounts of a policy cannot be negative.")
                )
            if policy.max_open_amount and (
                policy.max_open_amount < policy.min_open_amount
            ):
                raise ValidationError(
                    self.env._("The upper amount must not be below the lower one.")
                )

    def action_run(self):
        self.write({"state": "running", "stop_reason": False})

    def action_view_debtors(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_debtor_action"
        )
        action["domain"] = [("policy_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _assignment_sql(self, debtors):
        """Which policy applies to which debtor.

        :param SQL debtors: rows with ``id``, ``partner_id``, ``company_id``,
            ``segment_id``, ``forced_policy_id`` and ``open_amount`` of debtors.
        :return: SQL selecting ``(debtor_id, policy_id)``, policy NULL when none
            applies; a debtor's forced policy wins over the rules.
        """
        return SQL(
            """
            SELECT DISTINCT ON (d.id) d.id AS debtor_id,
                   COALESCE(d.forced_policy_id, p.id) AS policy_id
              FROM %s d
              JOIN res_partner partner ON partner.id = d.partner_id
         LEFT JOIN recouvrement_segment s ON s.id = d.segment_id
         LEFT JOIN recouvrement_dunning_policy p
                ON p.active
               AND COALESCE(s.chase, TRUE)
               AND (p.company_id IS NULL OR p.company_id = d.company_id)
               AND (COALESCE(p.min_open_amount, 0) = 0
                    OR d.open_amount >= p.min_open_amount)
               AND (COALESCE(p.max_open_amount, 0) = 0
                    OR d.open_amount <= p.max_open_amount)
               AND (NOT EXISTS (SELECT 1 FROM recouvrement_policy_segment_rel r
                                 WHERE r.policy_id = p.id)
                    OR EXISTS (SELECT 1 FROM recouvrement_policy_segment_rel r
                                WHERE r.policy_id = p.id
                                  AND r.segment_id = d.segment_id))
               AND (NOT EXISTS (SELECT 1 FROM recouvrement_policy_country_rel r
                                 WHERE r.policy_id = p.id)
                    OR EXISTS (SELECT 1 FROM recouvrement_policy_country_rel r
                                WHERE r.policy_id = p.id
                                  AND r.country_id = partner.country_id))
          ORDER BY d.id, p.sequence, p.id
            """,
            debtors,
        )
