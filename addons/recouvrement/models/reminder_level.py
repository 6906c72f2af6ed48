"""The level of a reminder stays that of the highest item it asks for, whether items
are settled before it leaves or taken out by hand."""

from odoo import models
from odoo.tools import SQL, is_html_empty


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    def _get_top_levels(self):
        """Highest level of the items that each reminder asks for; a reminder that
        asks for nothing has none."""
        lines = self.env["recouvrement.reminder.line"]
        lines.flush_model(["reminder_id", "role", "rank", "level_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (reminder_id) reminder_id, level_id
                  FROM recouvrement_reminder_line
                 WHERE reminder_id = ANY(%s) AND role = 'chase'
              ORDER BY reminder_id, rank DESC, id
                """,
                self.ids,
            )
        )
        levels = self.env["recouvrement.dunning.level"].browse(
            level_id for _reminder_id, level_id in rows
        )
        # Of the same prefetch as the reminders of the caller.
        by_id = dict(zip(self.ids, self, strict=True))
        return {
            by_id[reminder_id]: level
            for (reminder_id, _level_id), level in zip(rows, levels, strict=True)
        }

    def _match_levels(self):
        """When the item that gave a reminder its level is settled, the reminder goes
        down to the level of the items left; when its text was edited for the higher
        level, or the lower one has none, it is cancelled and proposed anew later.

        :return: the reminders that still leave.
        """
        lower = {
            reminder: level
            for reminder, level in self._get_top_levels().items()
            if level.rank < reminder.rank
        }
        edited = self.browse(
            reminder.id
            for reminder in lower
            if reminder.subject or not is_html_empty(reminder.body)
        )
        moved = self.browse(reminder.id for reminder in lower) - edited
        moved._set_levels({reminder: lower[reminder] for reminder in moved})
        dropped = edited + moved.filtered(
            lambda reminder: (
                reminder._is_written()
                and not reminder.level_id._get_template(reminder.channel)
            )
        )
        if dropped:
            dropped._cancel(
                self.env._("The item that justified this level was settled meanwhile")
            )
        return self - dropped

    def _follow_items(self):
        """After a choice of items by hand, take the level of what is left to ask.

        A level that rises again is approved again, by whoever may approve it.
        """
        levels = {
            reminder: level
            for reminder, level in self._get_top_levels().items()
            if level != reminder.level_id
        }
        raised = self.browse(
            reminder.id
            for reminder, level in levels.items()
            if level.rank > reminder.rank and reminder.state == "approved"
        )
        self._set_levels(levels)
        raised.action_back_to_proposed()

    def _set_levels(self, levels):
        """Give reminders other levels, and the channels of these unless another was
        chosen by hand.

        :param dict levels: level by reminder.
        """
        if not levels:
            return
        before = self._get_level_channels({r: r.level_id for r in levels})
        after = self._get_level_channels(levels)
        for reminder, level in levels.items():
            vals = {"level_id": level.id, "rank": level.rank}
            if reminder.channel == before[reminder] and after[reminder]:
                vals["channel"] = after[reminder]
            reminder.sudo().write(vals)

    def _get_level_channels(self, levels):
        """Channel by which each debtor is reminded at a level, None when no channel
        of the level reaches the debtor; one statement.

        :param dict levels: level by reminder.
        """
        channels = self.env["recouvrement.channel"]
        wanted = SQL(
            """CASE WHEN d.preferred_channel IS NOT NULL AND lv.channel = ANY(%s)
                    THEN d.preferred_channel ELSE lv.channel END""",
            channels._replaceable_codes(),
        )
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env["recouvrement.debtor"]._flush_sources()
        self.env["recouvrement.dunning.level"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pair.reminder_id,
                       CASE WHEN %(wanted_reached)s THEN %(wanted)s
                            WHEN %(fallback_reached)s THEN lv.fallback_channel END
                  FROM UNNEST(%(reminders)s, %(debtors)s, %(levels)s)
                       AS pair(reminder_id, debtor_id, level_id)
                  JOIN recouvrement_debtor d ON d.id = pair.debtor_id
                  JOIN recouvrement_dunning_level lv ON lv.id = pair.level_id
             LEFT JOIN res_partner contact ON contact.id = d.contact_id
                """,
                wanted=wanted,
                wanted_reached=channels._reachable_case_sql(wanted),
                fallback_reached=channels._reachable_case_sql(
                    SQL("lv.fallback_channel")
                ),
                reminders=[reminder.id for reminder in levels],
                debtors=[reminder.debtor_id.id for reminder in levels],
                levels=[level.id for level in levels.values()],
            )
        )
        found = dict(rows)
        return {reminder: found.get(reminder.id) for reminder in levels}
