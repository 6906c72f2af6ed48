"""Items older than six months as a spreadsheet for the monthly review."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.recouvrement.tools.workbook import Workbook

BATCH = 1000


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    def action_download_old(self):
        """The spreadsheet of the list on screen."""
        day = self.env.context.get("open_items_as_of") or ""
        companies = ",".join(map(str, self.env.companies.ids))
        path = "/recouvrement/old-items.xlsx"
        return {
            "type": "ir.actions.act_url",
            "url": f"{path}?as_of={day}&companies={companies}",
            "target": "self",
        }

    @api.model
    def _write_old_items(self, stream, as_of=None):
        """Write all old items the user may read, with their analysis.

        :return: name of the file.
        """
        try:
            day = fields.Date.to_date(as_of) or self._get_last_month_end()
        except ValueError as error:
            raise UserError(self.env._("“%s” is not a date.", as_of)) from error
        model = self.with_context(
            open_items_as_of=fields.Date.to_string(day), at_end_of_day=True
        )
        name = self.env._(
            "Older than six months %(company)s %(date)s",
            company=" ".join(self.env.company.name.split()),
            date=fields.Date.to_string(day),
        ).replace("/", "-")
        book = Workbook(stream, name)
        sheet = book.sheet(self.env._("Items"), self._old_headings())
        total = 0
        items = model.search(
            self._get_old_domain(), order="commercial_partner_id, date_due, id"
        )
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            for item in batch:
                sheet.row(self._old_row(item))
                total += item.amount_residual
            batch.invalidate_recordset(flush=False)
        currency = self.env.company.currency_id
        sheet.row(
            [self.env._("Total"), *[None] * 3, currency.round(total), *[None] * 7],
            "total",
        )
        book.close()
        return f"{name}.xlsx"

    @api.model
    def _old_headings(self):
        return [
            (self.env._("Customer"), "text"),
            (self.env._("Document"), "text"),
            (self.env._("Due date"), "date"),
            (self.env._("Days"), "integer"),
            (self.env._("Open amount"), "amount"),
            (self.env._("Cause"), "text"),
            (self.env._("Last action"), "text"),
            (self.env._("Next action"), "text"),
            (self.env._("Dispute"), "text"),
            (self.env._("Litigation"), "text"),
            (self.env._("Collector"), "text"),
            (self.env._("Company"), "text"),
        ]

    @api.model
    def _old_row(self, item):
        return [
            item.commercial_partner_id.display_name or "",
            item.name or "",
            item.date_due,
            item.days_overdue,
            item.amount_residual,
            item.cause or None,
            item.last_action or None,
            item.next_action or None,
            item.dispute or None,
            item.litigation or None,
            item.collector_id.name or None,
            item.company_id.name,
        ]
