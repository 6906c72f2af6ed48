"""Deadlines of proceedings, from their dates and the delays in force."""

from odoo import api, models

# Field that says when a deadline was met.
DONE_BY = {
    "declaration": "date_declared",
    "declaration_notified": "date_declared",
    "relief": "date_declared",
    "answer": "date_answered",
}
# No longer asked for once the claim was declared.
MOOT_ONCE_DECLARED = ("relief", "admissibility")


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    @api.model
    def _get_date_fields(self):
        """Fields from which deadlines follow."""
        return {
            "kind_id",
            "place",
            "jurisdiction_id",
            "user_id",
            "has_retention",
            "date_judgment",
            "date_published",
            "date_notified",
            "date_letter",
            "date_answered",
            "date_termination",
            "date_option",
            "date_observation_end",
            "date_declared",
            "state",
        }

    def _sync_deadlines(self):
        """Write the deadlines of these files again; those without object are gone."""
        deadlines = self.env["recouvrement.deadline"]
        wanted, gone = [], []
        for one in self.sudo():
            rows = one._get_deadlines()
            codes = {code for _one, code, _vals in rows}
            known = one.deadline_ids.filtered(lambda d, o=one: d.res_model == o._name)
            gone += [(one, code) for code in known.mapped("code") if code not in codes]
            wanted += rows
        deadlines._drop_all(gone)
        deadlines._put_all(wanted)
        self._sync_next_date()

    def _get_deadlines(self):
        """``(file, code, values)`` of the deadlines that one file has."""
        self.ensure_one()
        if self.state in ("closed", "undone"):
            return []
        delays = self.env["recouvrement.legal.delay"]._get_for(
            self.kind_id, self.place, self.date_judgment
        )
        return [
            (self, delay.code, self._prepare_deadline(delay))
            for delay in delays
            if self[delay.starts_from]
            and (delay.needs != "retention" or self.has_retention)
        ]

    def _prepare_deadline(self, delay):
        done = self[DONE_BY[delay.code]] if delay.code in DONE_BY else False
        if delay.code == "answer" and done and done < self.date_letter:
            done = False
        moot = delay.code in MOOT_ONCE_DECLARED and self.date_declared
        return {
            "name": delay.name,
            "date_due": delay._get_last_day(
                self[delay.starts_from], self._get_region()
            ),
            "date_done": done,
            "timing": delay.timing,
            "user_id": self.user_id.id,
            "alert_days": delay.alert_days,
            "escalate_days": 0,
            "source": delay.source,
            "confidence": delay.confidence,
            "lapse_text": delay.lapse_text,
            "insolvency_id": self.id,
            **({"state": "void"} if moot else {}),
        }

    def _sync_next_date(self):
        """The nearest day that something must be done by."""
        days = dict(
            self.env["recouvrement.deadline"]
            .sudo()
            ._read_group(
                [
                    ("insolvency_id", "in", self.ids),
                    ("state", "in", ("todo", "late")),
                    ("timing", "=", "latest"),
                ],
                ["insolvency_id"],
                ["date_due:min"],
            )
        )
        for one in self.sudo():
            day = days.get(one, False)
            if one.next_date != day:
                one.next_date = day
