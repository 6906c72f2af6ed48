"""Contacts and relays on the worklist and on the 360° page."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS recouvrement: debtor_work_kinds
    @api.model
    def _get_work_columns(self):
        return {
            **super()._get_work_columns(),
            "contact_date": SQL("d.last_contact_date"),
            "relay_back": SQL(
                """COALESCE(d.relay_overdue_count, 0)
                   + COALESCE(d.relay_answer_count, 0)"""
            ),
        }

    # EXTENDS recouvrement: debtor_work_kinds
    @api.model
    def _get_work_kinds(self):
        """What relays brought, or did not, is due at once, after the answers of the
        customer itself."""
        kinds = super()._get_work_kinds()
        reply = kinds.pop("reply")
        due = SQL(
            "CASE WHEN f.relay_back > 0 THEN %s END", fields.Date.context_today(self)
        )
        return {"reply": reply, "relay": due, **kinds}

    def _get_relay_clause(self):
        """Sentence of the worklist about the relays that came back."""
        clauses = []
        if self.relay_answer_count:
            clauses.append(self.env._("a relay answered"))
        if self.relay_overdue_count:
            clauses.append(self.env._("a relay did not answer"))
        return ", ".join(clauses)

    # OVERRIDES recouvrement: debtor_desk_tiles
    def _desk_last_contact(self):
        answered = self.date_answered
        days = [
            self.last_contact_date,
            answered and fields.Datetime.context_timestamp(self, answered).date(),
        ]
        return max(filter(None, days), default=False)
