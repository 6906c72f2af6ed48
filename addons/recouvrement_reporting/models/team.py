from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class RecouvrementTeam(models.Model):
    """Collectors who share a target."""

    _name = "recouvrement.team"
    _description = "Collection Team"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    manager_id = fields.Many2one(
        "res.users", string="Team Leader", domain="[('share', '=', False)]"
    )
    member_ids = fields.Many2many(
        "res.users",
        "recouvrement_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
    )
    member_count = fields.Integer(compute="_compute_member_count")

    @api.depends("member_ids")
    def _compute_member_count(self):
        for team in self:
            team.member_count = len(team.sudo().member_ids)

    @api.constrains("company_id")
    def _check_root_company(self):
        if any(team.company_id.parent_id for team in self):
            raise ValidationError(
                self.env._("Teams belong to the legal entity, not to a branch.")
            )

    @api.constrains("member_ids", "company_id", "active")
    def _check_one_team(self):
        """Who is in two teams of a company would count twice."""
        self.flush_model(["member_ids", "company_id", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id
                  FROM recouvrement_team_member_rel r
                  JOIN recouvrement_team t ON t.id = r.team_id
                 WHERE t.active AND t.company_id = ANY(%s)
              GROUP BY t.company_id, r.user_id
                HAVING COUNT(*) > 1
                """,
                self.company_id.ids,
            )
        )
        if rows:
            user = self.env["res.users"].browse(rows[0][0]).sudo()
            raise ValidationError(
                self.env._("%s already is in another team.", user.name)
            )

    @api.model
    def _get_by_member(self, company):
        """Team of each collector of a company.

        :return: ``{id of user: team}``.
        """
        teams = self.sudo().search([("company_id", "=", company.root_id.id)])
        return {user.id: team for team in teams for user in team.member_ids}
