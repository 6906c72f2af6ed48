"""The statement of account of a period among the documents that are sent."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.period import Period


class RecouvrementSendWizard(models.TransientModel):
    _inherit = "recouvrement.send.wizard"

    with_period_statement = fields.Boolean(string="Statement of Account of a Period")
    period_start = fields.Date(
        string="From", default=lambda self: self._default_period().start
    )
    period_end = fields.Date(
        string="To", default=lambda self: self._default_period().end
    )
    with_workbook = fields.Boolean(string="Also as a Spreadsheet")

    def _default_period(self):
        """The last month that is over."""
        return Period.month(Period.month(fields.Date.context_today(self)).eve)

    # EXTENDS 'recouvrement'
    @api.depends("with_period_statement", "period_start", "period_end")
    def _compute_text(self):
        return super()._compute_text()

    # EXTENDS 'recouvrement'
    def _get_choice(self):
        choice = super()._get_choice()
        period = self.with_period_statement and self._get_period()
        if not period:
            return choice
        formats = ("pdf", "xlsx") if self.with_workbook else ("pdf",)
        return {**choice, "period": period, "formats": formats}

    def _get_period(self):
        """The days asked for, or None when they make no period."""
        start, end = self.period_start, self.period_end
        return Period(start, end) if start and end and start <= end else None

    # EXTENDS 'recouvrement'
    def _make_documents(self):
        if self.with_period_statement and not self._get_period():
            raise UserError(
                self.env._("Give a first day, and a last day that is not before it.")
            )
        return super()._make_documents()
