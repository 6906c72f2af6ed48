"""The figures of the debtors of a review, frozen when it is prepared."""

from odoo import fields, models
from odoo.tools import SQL

FIGURES = (
    "open_amount",
    "overdue_amount",
    "over_90_amount",
    "disputed_amount",
    "promised_amount",
    "credit_amount",
)


class RecouvrementReviewItem(models.Model):
    _inherit = "recouvrement.review.item"

    def _is_kept(self):
        """Whether preparing again leaves the item on the agenda."""
        return (
            self.is_manual
            or self.state != "to_discuss"
            or self.discussion
            or self.decision_ids
        )

    # ------------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------------

    def _freeze(self, as_of=None):
        """Write the figures of the day on items, and what came before them."""
        if not self:
            return
        figures = self._read_figures(as_of)
        received = self.debtor_id._get_received(as_of)
        previous = self._find_previous()
        moment = {
            "frozen_on": fields.Datetime.now(),
            "frozen_date": as_of or fields.Date.context_today(self),
        }
        for item in self:
            item.write(
                {
                    **figures.get(item.debtor_id.id, dict.fromkeys(FIGURES, 0)),
                    **moment,
                    "received_total": received.get(item.debtor_id.id, 0),
                    "previous_id": previous.get(item.id, False),
                }
            )
        self.flush_recordset()

    def _freeze_held(self, as_of=None):
        """Write how the debtors stood when the meeting was over: what its minutes
        say, whenever they are printed."""
        figures = self._read_figures(as_of)
        received = self.debtor_id._get_received(as_of)
        for item in self:
            total = received.get(item.debtor_id.id, 0) - item.received_total
            item.write(
                {
                    "held_overdue_amount": figures.get(item.debtor_id.id, {}).get(
                        "overdue_amount", 0
                    ),
                    "held_received": item.currency_id.round(total),
                }
            )

    def _read_figures(self, as_of):
        """Figures of the debtors in one statement: ``{debtor id: {field: amount}}``."""
        debtors = self.debtor_id
        if not debtors:
            return {}
        debtors._process_dirty()
        debtors._flush_sources()
        rows = self.env.execute_query_dict(self._figures_sql(debtors, as_of))
        for row in rows:
            row["status_lines"] = {
                name: row.pop(f"{name}_lines") or []
                for name in ("disputed", "promised")
            }
        return {row.pop("debtor_id"): row for row in rows}

    def _figures_sql(self, debtors, as_of):
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT d.id AS debtor_id,
                   SUM(o.residual) AS open_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s), 0)
                       AS overdue_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s::date - 90), 0)
                       AS over_90_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE l.collection_status = 'disputed'), 0) AS disputed_amount,
                   COALESCE(SUM(o.residual) FILTER (
                       WHERE l.collection_status IN ('promised', 'plan')), 0)
                       AS promised_amount,
                   COALESCE(-SUM(o.residual) FILTER (WHERE o.residual < 0), 0)
                       AS credit_amount,
                   ARRAY_AGG(o.id) FILTER (
                       WHERE l.collection_status = 'disputed') AS disputed_lines,
                   ARRAY_AGG(o.id) FILTER (
                       WHERE l.collection_status IN ('promised', 'plan'))
                       AS promised_lines,
                   MIN(o.date_due) FILTER (
                       WHERE o.residual > 0 AND o.date_due < %(day)s)
                       AS oldest_due_date
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
              JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
                                        AND d.company_id = %(root)s
             WHERE d.id = ANY(%(debtors)s)
          GROUP BY d.id
            """,
            day=as_of or fields.Date.context_today(self),
            lines=items._open_lines_sql(
                as_of, debtors._lines_of_partners_sql(debtors.partner_id.ids)
            ),
            root=items._root_company_sql("c"),
            debtors=debtors.ids,
        )

    def _find_previous(self):
        """The last time each debtor was reviewed: ``{item id: item id}``."""
        self.flush_model()
        self.review_id.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT i.id, before.id
                      FROM recouvrement_review_item i
                      JOIN recouvrement_review r ON r.id = i.review_id
                      JOIN LATERAL (
                           SELECT b.id
                             FROM recouvrement_review_item b
                             JOIN recouvrement_review br ON br.id = b.review_id
                            WHERE b.debtor_id = i.debtor_id AND b.id <> i.id
                              AND br.kind = r.kind AND br.company_id = r.company_id
                              AND br.state IN ('held', 'sent') AND br.date <= r.date
                         ORDER BY br.date DESC, b.id DESC LIMIT 1) before ON TRUE
                     WHERE i.id = ANY(%s)
                    """,
                    self.ids,
                )
            )
        )
