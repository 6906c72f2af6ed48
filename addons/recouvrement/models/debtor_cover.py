"""What others bear of the exposure of an account, and what is left to us."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    exposure_guaranteed = fields.Monetary(
        string="Guaranteed",
        readonly=True,
        help="Of the exposure, what guarantees and deposits bear. It does not count "
        "against the credit limit.",
    )
    exposure_insured = fields.Monetary(
        string="Insured Part",
        readonly=True,
        help="Of the exposure less guarantees, invoices with too long a term and what "
        "came after a cover was stopped, the share that credit insurance bears.",
    )
    exposure_own = fields.Monetary(
        string="Own Part",
        readonly=True,
        help="Exposure less what guarantees and insurance bear.",
    )
    cover_ids = fields.One2many("recouvrement.cover", "debtor_id")
    cover_stopped_on = fields.Date(
        string="Insurance Stopped From",
        compute="_compute_cover_stopped_on",
        compute_sudo=True,
    )

    @api.depends("cover_ids.stopped_on")
    def _compute_cover_stopped_on(self):
        self._flush_sources()
        covers = self.env["recouvrement.cover"]
        rows = self.env.execute_query(
            SQL(
                "SELECT c.debtor_id, c.stopped_on FROM (%s) c "
                "WHERE c.debtor_id = ANY(%s)",
                covers._cover_sql(fields.Date.context_today(self)),
                self.ids,
            )
        )
        stops = dict(rows)
        for debtor in self:
            debtor.cover_stopped_on = stops.get(debtor.id) or False

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.cover"].flush_model()
        self.env["recouvrement.cover.kind"].flush_model()
        return result

    @api.model
    def _uninsurable_sql(self, lines_condition):
        """Open invoices whose term is longer than the insurers accept, or that came
        after their cover was stopped: ``debtor_id, amount`` of the accounts of the
        step ``account``, in company currency."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT a.id AS debtor_id, SUM(o.residual) AS amount
              FROM account a
              JOIN (%(covers)s) cover ON cover.debtor_id = a.id
               AND (cover.insured_days IS NOT NULL OR cover.stopped_on IS NOT NULL)
              JOIN res_partner p ON p.commercial_partner_id = a.partner_id
              JOIN (%(lines)s) o ON o.partner_id = p.id AND o.residual > 0
              JOIN res_company c ON c.id = o.company_id
              JOIN account_move_line item ON item.id = o.id
              JOIN account_move m ON m.id = o.move_id
        CROSS JOIN LATERAL (SELECT COALESCE(item.takeover_date, m.invoice_date, o.date)
                                   AS day) invoiced
             WHERE a.company_id = %(root)s
               AND o.id NOT IN (%(relieved)s)
               AND (o.date_due - invoiced.day > cover.insured_days
                    OR invoiced.day >= cover.stopped_on)
          GROUP BY a.id
            """,
            covers=self.env["recouvrement.cover"]._cover_sql(
                fields.Date.context_today(self)
            ),
            lines=items._open_lines_sql(condition=lines_condition),
            relieved=self._relieved_items_sql(),
            root=items._root_company_sql("c"),
        )

    # EXTENDS 'recouvrement'
    def _get_uninsured(self, amount):
        """The part of an amount that no valid cover bears: guarantees in full, then
        the insured share of the rest.

        :param float amount: in company currency.
        """
        self.ensure_one()
        self._flush_sources()
        covers = self.env["recouvrement.cover"]
        rows = self.env.execute_query(
            covers._cover_of_sql(self.ids, fields.Date.context_today(self))
        )
        if not rows:
            return amount
        guaranteed, limit, share = (float(value) for value in rows[0])
        rest = amount - min(guaranteed, max(amount, 0))
        insured = share * min(limit, max(rest, 0))
        return self.company_id.currency_id.round(rest - insured)

    def action_view_covers(self):
        """The covers of the debtor, those that ended too."""
        action = self._action_related("recouvrement_cover_action")
        if len(self) == 1:
            action["context"]["default_debtor_id"] = self.id
        return action
