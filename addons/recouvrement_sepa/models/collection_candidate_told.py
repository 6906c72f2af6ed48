"""Nothing is debited of which the customer was not told in time."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    sepa_prenotification_proof = fields.Selection(
        [
            ("invoice", "The invoice tells: its date counts"),
            ("sent", "What Odoo sent counts: e-mails leave by themselves"),
        ],
        string="Customers Are Told By",
        default="invoice",
        required=True,
        help="With the second, an item is collected only when a message announced it "
        "in time and its e-mail left.",
    )


class RecouvrementSepaCandidate(models.Model):
    _inherit = "recouvrement.sepa.candidate"

    # EXTENDS collection
    @api.model
    def _flush_candidates(self):
        self.env["recouvrement.sepa.prenotification"]._flush_told()
        return super()._flush_candidates()

    # EXTENDS collection
    @api.model
    def _candidate_sql(self, company, journal, scheme, until, day, debtor_ids=None):
        told = self.with_context(
            sepa_told_for=day, sepa_told_proof=company.sepa_prenotification_proof
        )
        return super(RecouvrementSepaCandidate, told)._candidate_sql(
            company, journal, scheme, until, day, debtor_ids
        )

    # EXTENDS collection
    @api.model
    def _items_cte(self, until, debtor_ids=None):
        """Its own debits are judged apart: the rest of an item can be collected."""
        return super(
            RecouvrementSepaCandidate, self.with_context(without_debits=True)
        )._items_cte(until, debtor_ids)

    # EXTENDS collection
    @api.model
    def _prenotified_until_sql(self):
        """The first message that announced at least as much, not for a later day. An
        item announced for a later day is not collected before; where the company wants
        no proof, what no message announced was told by its invoice or its plan."""
        context = self.env.context
        told = self.env["recouvrement.sepa.prenotification"]._prenotified_sql()
        same = SQL(
            """told.move_line_id = g.move_line_id
               AND told.installment_id IS NOT DISTINCT FROM g.installment_id"""
        )
        unproven = (
            SQL("g.told_by_plan")
            if context.get("sepa_untold") or context.get("sepa_told_proof") == "sent"
            else super()._prenotified_until_sql()
        )
        return SQL(
            """CASE WHEN EXISTS (SELECT FROM (%(told)s) told WHERE %(same)s)
                    THEN (SELECT MIN(told.sent_on) FROM (%(told)s) told
                           WHERE %(same)s AND told.due_on <= %(day)s::date
                             AND told.amount >= g.amount)
                    ELSE %(unproven)s END""",
            told=told,
            same=same,
            day=context.get("sepa_told_for") or fields.Date.context_today(self),
            unproven=unproven,
        )
