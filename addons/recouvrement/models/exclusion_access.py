from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [("read", "Read"), ("export", "Exported")]


class RecouvrementExclusionAccess(models.Model):
    """Who looked at an entry of the list, on which day; it goes with the entry."""

    _name = "recouvrement.exclusion.access"
    _description = "Access to a Refusal of Credit"
    _order = "day desc, id desc"
    _rec_name = "user_id"

    exclusion_id = fields.Many2one(
        "recouvrement.exclusion",
        string="Refusal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="exclusion_id.company_id")
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)

    _once_a_day_uniq = models.UniqueIndex("(exclusion_id, user_id, day, kind)")

    @api.model
    def _note(self, exclusions, kind):
        """One line per entry, person, day and kind, in one statement. Without the
        rights to create: whoever looks leaves a trace."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_exclusion_access
                       (exclusion_id, user_id, day, kind, create_uid, create_date,
                        write_uid, write_date)
                SELECT id, %(user)s, %(day)s, %(kind)s, %(user)s, %(now)s, %(user)s,
                       %(now)s
                  FROM recouvrement_exclusion WHERE id = ANY(%(ids)s)
                    ON CONFLICT DO NOTHING
                """,
                user=self.env.uid,
                day=fields.Date.context_today(self),
                kind=kind,
                now=self.env.cr.now(),
                ids=exclusions.ids,
            )
        )
        exclusions.invalidate_recordset(["access_ids"], flush=False)
