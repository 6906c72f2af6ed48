"""Telling the customers of a collection, before its file is made."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    untold_count = fields.Integer(
        string="Not Told by a Message",
        compute="_compute_untold_count",
        help="Debits that no message sent by Odoo announced in time. Their invoices or "
        "plans may have.",
    )

    @api.depends("line_ids.item_ids", "date")
    def _compute_untold_count(self):
        counts = {}
        if self.ids:
            counts = dict(
                self.env.execute_query(
                    SQL(
                        """SELECT u.collection_id, COUNT(DISTINCT u.line_id)
                             FROM (%s) u GROUP BY 1""",
                        self._untold_sql(),
                    )
                )
            )
        for collection in self:
            collection.untold_count = counts.get(collection.id, 0)

    def _untold_sql(self):
        """Items of these collections that no message announced for their day or
        before, in time."""
        notices = self.env["recouvrement.sepa.prenotification"]
        notices._flush_told()
        for name in ("collection", "collection.line", "collection.item", "mandate"):
            self.env[f"recouvrement.sepa.{name}"].flush_model()
        self.env["res.company"].flush_model(["sepa_prenotification_days"])
        return SQL(
            """
            SELECT i.id, i.move_line_id, i.installment_id, i.name, i.amount,
                   x.id AS line_id, x.collection_id, x.mandate_id, x.debtor_id,
                   x.company_id, x.date
              FROM recouvrement_sepa_collection_item i
              JOIN recouvrement_sepa_collection_line x ON x.id = i.line_id
              JOIN recouvrement_sepa_mandate m ON m.id = x.mandate_id
              JOIN res_company c ON c.id = x.company_id
             WHERE x.collection_id = ANY(%(ids)s) AND x.state <> 'cancelled'
               AND i.amount > 0
               AND NOT EXISTS (
                   SELECT FROM (%(told)s) told
                    WHERE told.move_line_id = i.move_line_id
                      AND told.installment_id IS NOT DISTINCT FROM i.installment_id
                      AND told.due_on <= x.date AND told.amount >= i.amount
                      AND told.sent_on + COALESCE(NULLIF(m.prenotification_days, 0),
                                                  c.sepa_prenotification_days)
                          <= x.date)
            """,
            ids=self.ids,
            told=notices._prenotified_sql(),
        )

    def action_prenotify(self):
        """E-mail every customer of the collection that no message told yet: the
        documents, the amount, the day."""
        self.check_access("write")
        for collection in self:
            collection._check_state("draft", "to_approve", "approved")
            rows = collection._get_untold_rows()
            notices = (
                self.env["recouvrement.sepa.prenotification"]
                .sudo()
                ._announce(rows, "email", collection)
            )
            failed = notices.filtered(lambda n: n.state == "failed")
            collection._message_log(
                body=self.env._(
                    "Pre-notification: %(count)s messages, %(failed)s not sent.",
                    count=len(notices),
                    failed=len(failed),
                )
            )
        return self.action_prenotifications()

    def _get_untold_rows(self):
        """Credits that a debit deducts are announced with it: the customer reads what
        is taken from the account."""
        self.ensure_one()
        rows = self.env.execute_query_dict(self._untold_sql())
        mandates = {row["mandate_id"] for row in rows}
        credits = self.line_ids.filtered(
            lambda line: line.mandate_id.id in mandates
        ).item_ids.filtered(lambda item: item.amount < 0)
        return [
            {
                "company_id": row["company_id"],
                "debtor_id": row["debtor_id"],
                "mandate_id": row["mandate_id"],
                "move_line_id": row["move_line_id"],
                "installment_id": row["installment_id"],
                "name": row["name"],
                "amount": float(row["amount"]),
                "due_on": row["date"],
            }
            for row in [
                *rows,
                *(
                    {
                        "company_id": item.company_id.id,
                        "debtor_id": item.debtor_id.id,
                        "mandate_id": item.line_id.mandate_id.id,
                        "move_line_id": item.move_line_id.id,
                        "installment_id": False,
                        "name": item.name,
                        "amount": item.amount,
                        "date": item.line_id.date,
                    }
                    for item in credits
                ),
            ]
        ]

    def action_prenotifications(self):
        """What their customers were told."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_sepa.prenotification_action"
        )
        action["domain"] = [
            ("line_ids.move_line_id", "in", self.line_ids.item_ids.move_line_id.ids)
        ]
        return action
