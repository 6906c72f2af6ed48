"""What the texts list of a reminder: the oldest items up to the company's limit, and
one line for the others, so that what is printed always adds up to what is asked."""

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

LIMIT_FIELDS = {
    "message": "recouvrement_message_items",
    "statement": "recouvrement_statement_items",
}


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    # Context key ``reminder_document``: "message" (default) or "statement".
    listed_line_ids = fields.Many2many(
        "recouvrement.reminder.line",
        string="Items Listed",
        compute="_compute_listed",
        help="Reminded items, the oldest first, then credits.",
    )
    rest_count = fields.Integer(string="Items Not Listed", compute="_compute_listed")
    rest_credit_count = fields.Integer(
        string="Credits Not Listed", compute="_compute_listed"
    )
    rest_amount = fields.Monetary(
        string="Total of the Items Not Listed", compute="_compute_listed"
    )
    only_line_id = fields.Many2one(
        "recouvrement.reminder.line",
        string="Only Item Asked",
        compute="_compute_listed",
        help="Empty when several items are asked.",
    )

    @api.depends("line_ids.role", "line_ids.amount_residual", "line_ids.date_due")
    @api.depends_context("reminder_document")
    def _compute_listed(self):
        """One statement for all reminders; no item that is not listed is loaded."""
        found = {row[0]: row[1:] for row in self.env.execute_query(self._listed_sql())}
        nothing = (None, None, 0, 0, 0)
        for reminder in self:
            only, listed, count, credits, amount = found.get(
                reminder._origin.id, nothing
            )
            reminder.only_line_id = only
            reminder.listed_line_ids = listed
            reminder.rest_count = count
            reminder.rest_credit_count = credits
            reminder.rest_amount = float(amount)

    def _listed_sql(self):
        limit_field = LIMIT_FIELDS[self.env.context.get("reminder_document", "message")]
        self.env["recouvrement.reminder.line"].flush_model()
        self.env["res.company"].flush_model([limit_field])
        return SQL(
            """
            SELECT reminder_id,
                   CASE WHEN COUNT(*) FILTER (WHERE asked) = 1
                        THEN MIN(id) FILTER (WHERE asked) END,
                   ARRAY_AGG(id ORDER BY place) FILTER (WHERE place <= size),
                   COUNT(*) FILTER (WHERE place > size),
                   COUNT(*) FILTER (WHERE place > size AND NOT asked),
                   COALESCE(SUM(amount_residual) FILTER (WHERE place > size), 0)
              FROM (SELECT rl.reminder_id, rl.id, rl.amount_residual,
                           rl.role <> 'credit' AS asked,
                           COALESCE(c.%(limit)s, 0) AS size,
                           ROW_NUMBER() OVER (
                               PARTITION BY rl.reminder_id
                               ORDER BY %(order)s) AS place
                      FROM recouvrement_reminder_line rl
                      JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                      JOIN res_company c ON c.id = r.company_id
                     WHERE rl.reminder_id = ANY(%(ids)s)
                       AND rl.role IN ('chase', 'recall', 'credit')) item
          GROUP BY reminder_id
            """,
            limit=SQL.identifier(limit_field),
            order=self._listing_order_sql(),
            ids=self._origin.ids,
        )

    @api.model
    def _listing_order_sql(self):
        """Order of the items ``rl`` of a reminder in lists: what is asked, the oldest
        first, then credits."""
        return SQL("rl.role = 'credit', rl.date_due, rl.id")

    def _get_rest_label(self):
        """The line for the items that are not listed, to stand before their total,
        in the debtor's language; an empty string when all are listed."""
        self.ensure_one()
        if not self.rest_count:
            return ""
        env = self.with_context(lang=self.lang).env
        count = formatLang(env, self.rest_count, digits=0)
        single, some = self.rest_count == 1, bool(self.listed_line_ids)
        if self.rest_credit_count and not single:
            if some:
                return env._(
                    "and %s other documents, sums in your favour deducted, for a net "
                    "total of",
                    count,
                )
            return env._(
                "%s documents, sums in your favour deducted, for a net total of", count
            )
        if some:
            if single:
                return env._("and 1 other document")
            return env._("and %s other documents, for a total of", count)
        if single:
            return env._("1 document")
        return env._("%s documents, for a total of", count)
