"""Debtor accounts open by themselves, with their segment and collector."""

from odoo import api, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _create_missing_debtors(self, partner_ids=None):
        """Open the accounts of customers that have open items and none yet; the
        caller refreshes their totals.

        :param partner_ids: commercial partners to look at; None: all.
        :return: ids of the new accounts.
        """
        self._flush_sources()
        condition = SQL("TRUE")
        if partner_ids is not None:
            condition = self._lines_of_partners_sql(partner_ids)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO recouvrement_debtor
                       (partner_id, company_id, active, priority, create_uid,
                        create_date, write_uid, write_date, salesperson_id)
                SELECT DISTINCT p.commercial_partner_id, %(root)s, TRUE, '0',
                       %(uid)s::integer, %(now)s::timestamp, %(uid)s::integer,
                       %(now)s::timestamp, cp.user_id
                  FROM (SELECT DISTINCT partner_id, company_id FROM (%(lines)s) l) o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN res_partner cp ON cp.id = p.commercial_partner_id
                  JOIN res_company c ON c.id = o.company_id
                 WHERE NOT EXISTS (
                       SELECT 1 FROM recouvrement_debtor d
                        WHERE d.partner_id = p.commercial_partner_id
                          AND d.company_id = %(root)s)
                    ON CONFLICT (partner_id, company_id) DO NOTHING
                RETURNING id
                """,
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                lines=self.env["recouvrement.open.item"]._open_lines_sql(
                    condition=condition
                ),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        created = self.sudo().browse(debtor_id for [debtor_id] in rows)
        if created:
            created._classify()
        return created.ids

    def _classify(self):
        """Give new accounts their segment and collector, by rule."""
        values = {}
        for company, debtors in self.grouped("company_id").items():
            segments = self.env["recouvrement.segment"]._match_partners(
                debtors.partner_id, company
            )
            for debtor in debtors:
                segment = segments.get(debtor.partner_id.id)
                collector = (
                    segment and segment.default_collector_id
                ) or company.recouvrement_default_collector_id
                key = (segment.id if segment else False, collector.id)
                values.setdefault(key, []).append(debtor.id)
        for (segment_id, collector_id), ids in values.items():
            self.browse(ids).with_context(tracking_disable=True).write(
                {"segment_id": segment_id, "collector_id": collector_id}
            )

    @api.model
    def _lines_of_partners_sql(self, partner_ids):
        """Condition on ``l``: items of these commercial partners and their contacts."""
        return SQL(
            """l.partner_id IN (SELECT id FROM res_partner
                                 WHERE commercial_partner_id = ANY(%s))""",
            list(partner_ids),
        )
