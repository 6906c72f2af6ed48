"""What the contacts with a customer leave on its debtor account."""

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL

from .interaction import SPOKEN


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    last_contact_date = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="Day of the last contact or attempt, whatever its outcome.",
    )
    last_reached_date = fields.Date(
        readonly=True, help="Day somebody of the customer was last spoken to."
    )
    last_outcome_id = fields.Many2one("recouvrement.interaction.outcome", readonly=True)
    last_cause_id = fields.Many2one(
        "recouvrement.nonpayment.cause",
        string="Cause of Non-payment",
        readonly=True,
        index="btree_not_null",
        help="The last cause that the customer gave.",
    )
    interaction_ids = fields.One2many("recouvrement.interaction", "debtor_id")
    interaction_count = fields.Integer(compute="_compute_interaction_count")

    def _compute_interaction_count(self):
        counts = dict(
            self.env["recouvrement.interaction"]._read_group(
                [("debtor_id", "in", self.ids), ("is_cancelled", "=", False)],
                ["debtor_id"],
                ["__count"],
            )
        )
        for debtor in self:
            debtor.interaction_count = counts.get(debtor, 0)

    # ------------------------------------------------------------------
    # LOGGING
    # ------------------------------------------------------------------

    def _log_contact(self, vals):
        """Write one contact with each of these debtors, and what follows from it: the
        history, the next step, the call of the dunning policy, a wrong number.

        :param dict vals: of ``recouvrement.interaction``; ``outcome_id`` at least.
        :return: the contacts, as the user sees them.
        """
        self.check_access("write")
        interactions = (
            self.env["recouvrement.interaction"]
            .sudo()
            .create(
                [
                    {"user_id": self.env.uid, **vals, "debtor_id": debtor.id}
                    for debtor in self
                ]
            )
        )
        self._refresh_last_contacts()
        for interaction in interactions:
            interaction.debtor_id.with_env(self.env)._follow_contact(interaction)
        return interactions.sudo(False)

    def _follow_contact(self, interaction):
        """:param interaction: the new contact of this debtor, in sudo."""
        labels = dict(interaction._fields["channel"]._description_selection(self.env))
        self._log_event(
            "contact",
            self.env._(
                "%(channel)s, %(person)s: %(outcome)s",
                channel=labels[interaction.channel],
                person=(interaction.partner_id or self.partner_id).display_name,
                outcome=interaction.outcome_id.name,
            ),
            detail=interaction._describe(),
            date=interaction.date,
        )
        self._plan_next_action(interaction)
        if interaction.outcome_id.is_wrong_number:
            (interaction.partner_id or self.contact_id).sudo()._mark_phone_wrong()
        if interaction.outcome_id.proves_call and interaction.channel in SPOKEN:
            self._finish_calls(interaction)

    def _plan_next_action(self, interaction):
        """The next step agreed on; without one, a step that was due is done when
        somebody was reached."""
        due = self.next_action_date
        today = fields.Date.context_today(self)
        if interaction.next_action or interaction.next_action_date:
            self.write(
                {
                    "next_action": interaction.next_action,
                    "next_action_date": interaction.next_action_date,
                }
            )
        elif interaction.reached and due and due <= today:
            self.write({"next_action": False, "next_action_date": False})

    def _finish_calls(self, interaction):
        """Mark the calls of the dunning policy that wait for this debtor as done.

        sudo: the call may be another collector's, such as the one stood in for.
        """
        reminders = (
            self.env["recouvrement.reminder"]
            .sudo()
            .search(
                [
                    ("debtor_id", "in", self.ids),
                    ("channel", "=", "call"),
                    ("state", "=", "queued"),
                    ("activity_id", "!=", False),
                ]
            )
        )
        feedback = interaction._describe() or interaction.outcome_id.name
        reminders.activity_id._action_done(
            feedback=Markup("<p>%s</p>") % feedback.replace("\n", " · ")
        )

    def _refresh_last_contacts(self):
        """What the columns of the last contact say, from the contacts, in one
        statement."""
        if not self:
            return
        interactions = self.env["recouvrement.interaction"]
        interactions.flush_model()
        self.flush_model()
        self.env.cr.execute(self._last_contacts_sql())
        self.invalidate_recordset(
            [
                "last_contact_date",
                "last_reached_date",
                "last_outcome_id",
                "last_cause_id",
            ],
            flush=False,
        )
        self._mark_work_dirty(self.ids)

    def _last_contacts_sql(self):
        """The day of a contact is that of the user who writes it down."""
        newest = SQL("ORDER BY i.date DESC, i.id DESC")
        return SQL(
            """
            UPDATE recouvrement_debtor d
               SET last_contact_date = f.contacted, last_reached_date = f.reached,
                   last_outcome_id = f.outcome_id, last_cause_id = f.cause_id
              FROM (SELECT asked.id,
                           MAX((i.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
                               AS contacted,
                           MAX((i.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
                               FILTER (WHERE i.reached) AS reached,
                           (ARRAY_AGG(i.outcome_id %(newest)s))[1] AS outcome_id,
                           (ARRAY_AGG(i.cause_id %(newest)s)
                               FILTER (WHERE i.cause_id IS NOT NULL))[1] AS cause_id
                      FROM UNNEST(%(ids)s) AS asked(id)
                 LEFT JOIN recouvrement_interaction i ON i.debtor_id = asked.id
                       AND i.is_cancelled IS NOT TRUE
                  GROUP BY asked.id) f
             WHERE f.id = d.id
            """,
            tz=self.env.user.tz or self.env.context.get("tz") or "UTC",
            newest=newest,
            ids=self.ids,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_log_contact(self, line_ids=None):
        """The dialog that logs a contact.

        :param list line_ids: items that were spoken of.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contact with %s", self.display_name),
            "res_model": "recouvrement.interaction.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                "default_line_ids": list(line_ids or []),
            },
        }

    def action_view_interactions(self):
        return self._action_related("recouvrement_interaction_action")
