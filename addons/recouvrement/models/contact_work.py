"""Contacts and relays on the worklist and on the 360° page."""

from odoo import fields, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

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
