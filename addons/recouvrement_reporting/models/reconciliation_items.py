"""The items of reconciliation minutes, read from the ledger."""

from odoo import models
from odoo.tools import SQL


class RecouvrementReconciliation(models.Model):
    _inherit = "recouvrement.reconciliation"

    def action_read_items(self):
        """Read the items of the draft again from the ledger."""
        self.check_access("write")
        self._check_state("draft")
        self._read_items()
        return True

    def _read_items(self):
        """Write down the items open at the end of the day: one statement for each
        record, whatever the number of items."""
        lines = self.env["recouvrement.reconciliation.line"].sudo()
        lines.search([("reconciliation_id", "in", self.ids)]).unlink()
        self.flush_recordset()
        for minutes in self.sudo():
            minutes.debtor_id._flush_sources()
            self.env.cr.execute(minutes._items_sql())
        lines.invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids"], flush=False)

    def _items_sql(self):
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            INSERT INTO recouvrement_reconciliation_line
                   (reconciliation_id, debtor_id, company_id, move_line_id, name, kind,
                    document_date, date_due, currency_id, amount, residual,
                    is_difference, is_resolved,
                    create_uid, create_date, write_uid, write_date)
            SELECT %(minutes)s, %(debtor)s, %(company)s, o.id, COALESCE(o.name, ''),
                   o.kind, o.document_date, o.date_due, o.currency_id, o.amount,
                   o.amount_residual_currency, FALSE, FALSE,
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM (%(items)s) o
             WHERE o.debtor_id = %(debtor)s AND o.amount_residual_currency <> 0
          ORDER BY o.currency_id, o.amount_residual_currency < 0, o.date_due, o.id
            """,
            minutes=self.id,
            debtor=self.debtor_id.id,
            company=self.company_id.id,
            user=self.env.uid,
            now=self.env.cr.now(),
            items=items._open_items_sql(
                self.as_of, self.debtor_id._lines_of_partners_sql(self.customer_id.ids)
            ),
        )
