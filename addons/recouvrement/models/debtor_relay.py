"""The relays of a debtor account: whom to ask, and what came back."""

from odoo import fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    branch_manager_partner_id = fields.Many2one(
        "res.partner",
        string="Branch Manager Without a User",
        help="Answers through a link in an e-mail; the user above wins.",
    )
    technical_manager_partner_id = fields.Many2one(
        "res.partner",
        string="Technical Manager Without a User",
        help="Answers through a link in an e-mail; the user above wins.",
    )
    relay_ids = fields.One2many("recouvrement.relay", "debtor_id")
    relay_count = fields.Integer(compute="_compute_relay_count")
    relay_overdue_count = fields.Integer(
        string="Relays Returned",
        readonly=True,
        help="Relays without an answer that the collector has not handled yet.",
    )
    relay_answer_count = fields.Integer(
        string="Relays Answered",
        readonly=True,
        help="Answers of relays that the collector has not handled yet.",
    )

    def _compute_relay_count(self):
        counts = dict(
            self.env["recouvrement.relay"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.relay_count = counts.get(debtor, 0)

    def _refresh_relay_counts(self):
        """Count what came back and waits, in one statement."""
        if not self:
            return
        self.env["recouvrement.relay"].flush_model(["state", "is_handled", "debtor_id"])
        self.flush_model(["relay_overdue_count", "relay_answer_count"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_debtor d
                   SET relay_overdue_count = f.returned,
                       relay_answer_count = f.answered
                  FROM (SELECT asked.id,
                               COUNT(*) FILTER (WHERE r.state = 'returned') AS returned,
                               COUNT(*) FILTER (WHERE r.state = 'answered') AS answered
                          FROM UNNEST(%s) AS asked(id)
                     LEFT JOIN recouvrement_relay r ON r.debtor_id = asked.id
                           AND r.is_handled IS NOT TRUE
                           AND r.state IN ('answered', 'returned')
                      GROUP BY asked.id) f
                 WHERE f.id = d.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(
            ["relay_overdue_count", "relay_answer_count"], flush=False
        )
        self._mark_work_dirty(self.ids)

    def _get_relay_person(self, role):
        """Who plays a role for this debtor.

        :param str role: a code of ``RELAY_ROLES``.
        :return: ``(res.users, res.partner)``, one of them or both empty.
        """
        user = self[f"{role}_id"]
        name = f"{role}_partner_id"
        partner = self.env["res.partner"]
        if not user and name in self._fields:
            partner = self[name]
        return user, partner

    def action_relay(self, line_ids=None):
        """The dialog that asks a relay.

        :param list line_ids: journal items it is about; none: what is overdue.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a Relay"),
            "res_model": "recouvrement.relay.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                "default_line_ids": list(line_ids or []),
            },
        }

    def action_view_relays(self):
        return self._action_related("recouvrement_relay_action")
