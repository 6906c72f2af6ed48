"""What is known about an old item: why it is not paid, what was done, what comes next.

Other addons fill ``_get_causes``, ``_get_disputes``, ``_get_litigations`` and
``_get_actions`` with what they know; each answers for all items in one go.
"""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

OLD_DAYS = 180


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    cause = fields.Char(compute="_compute_analysis")
    last_action = fields.Char(compute="_compute_analysis")
    next_action = fields.Char(compute="_compute_analysis")
    dispute = fields.Char(compute="_compute_analysis")
    litigation = fields.Char(compute="_compute_analysis")

    @api.depends_context("open_items_as_of", "lang")
    def _compute_analysis(self):
        answers = {
            "cause": self._get_causes(),
            "last_action": self._get_last_actions(),
            "next_action": self._get_next_actions(),
            "dispute": self._get_disputes(),
            "litigation": self._get_litigations(),
        }
        for item in self:
            for name, texts in answers.items():
                item[name] = texts.get(item.id, False)

    # ------------------------------------------------------------------
    # HOOKS: {id of item: text}
    # ------------------------------------------------------------------

    @api.model
    def _status_labels(self):
        field = self._fields["collection_status"]
        return dict(field._description_selection(self.env))

    def _get_causes(self):
        """Why items are not paid: the doubt about them, else their status."""
        labels = self._status_labels()
        reasons = self._get_status_reasons()
        causes = {}
        for item in self:
            parts = []
            if item.doubtful_reason_id:
                parts.append(item.doubtful_reason_id.display_name)
            if item.collection_status != "to_chase":
                parts.append(labels.get(item.collection_status))
                parts.append(reasons.get(item.id))
            causes[item.id] = ": ".join(filter(None, parts)) or False
        return causes

    def _get_status_reasons(self):
        """The reason given with the collection status."""
        lines = self.sudo().move_line_id
        return {line.id: line.collection_reason for line in lines}

    def _get_last_actions(self):
        """The newest event of each item, else of its debtor."""
        texts = {}
        debtors = self._read_last_events(
            SQL("e.debtor_id = ANY(%s)", self.debtor_id.ids), SQL("debtor_id")
        )
        own = self._read_last_events(
            SQL("e.move_line_id = ANY(%s)", self.ids), SQL("move_line_id")
        )
        for item in self:
            texts[item.id] = own.get(item.id) or debtors.get(item.debtor_id.id)
        return texts

    @api.model
    def _read_last_events(self, condition, key):
        as_of = fields.Date.to_date(self.env.context.get("open_items_as_of"))
        day = as_of or fields.Date.context_today(self)
        self.env["recouvrement.event"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (e.%(key)s) e.%(key)s, e.date::date, e.summary
                  FROM recouvrement_event e
                 WHERE %(condition)s AND e.date < %(day)s::date + 1
              ORDER BY e.%(key)s, e.date DESC, e.id DESC
                """,
                key=key,
                condition=condition,
                day=day,
            )
        )
        return {
            owner: f"{format_date(self.env, date)}: {summary}"
            for owner, date, summary in rows
        }

    def _get_next_actions(self):
        """What the collector noted to do next about the debtor."""
        texts = {}
        for item in self.sudo():
            debtor = item.debtor_id
            parts = [
                debtor.next_action_date
                and format_date(self.env, debtor.next_action_date),
                debtor.next_action,
            ]
            texts[item.id] = ": ".join(filter(None, parts)) or False
        return texts

    def _get_disputes(self):
        """What is disputed; the addon of disputes says more."""
        return self._name_status("disputed")

    def _get_litigations(self):
        """Litigation and insolvency; the addon of litigation says more."""
        return self._name_status("litigation", "insolvency")

    def _name_status(self, *statuses):
        labels = self._status_labels()
        return {
            item.id: labels[item.collection_status]
            for item in self
            if item.collection_status in statuses
        }

    # ------------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------------

    @api.model
    def _get_last_month_end(self):
        first = fields.Date.start_of(fields.Date.context_today(self), "month")
        return fields.Date.subtract(first, days=1)

    @api.model
    def action_old_items(self, as_of=None):
        """Items that are more than six months overdue, by default at last month-end."""
        day = fields.Date.to_date(as_of) or self._get_last_month_end()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_open_item_action_old"
        )
        name = self.env._("Older than Six Months on %s", format_date(self.env, day))
        action.update(
            name=name,
            display_name=name,
            context={
                "open_items_as_of": fields.Date.to_string(day),
                "at_end_of_day": True,
                "search_default_group_debtor": 1,
            },
        )
        action.pop("path", None)
        return action

    @api.model
    def _get_old_domain(self):
        return [("days_overdue", ">", OLD_DAYS), ("amount_residual", ">", 0)]
