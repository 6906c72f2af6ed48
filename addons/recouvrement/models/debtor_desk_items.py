"""The open items on the 360° page: filtered, sorted and paged by the database, their
totals from one grouped statement."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

PAGE = 80
ZERO = Decimal(0)
ORDERS = {
    "date_due": SQL("i.date_due"),
    "document_date": SQL("i.document_date"),
    "name": SQL("i.name"),
    "kind": SQL("i.kind"),
    "amount": SQL("i.amount"),
    "residual": SQL("i.amount_residual"),
    "status": SQL("i.collection_status"),
}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_items(self, options):
        """One page of the open items.

        :param dict options: ``offset``, ``limit``, ``order`` (a key of ``ORDERS``),
            ``desc`` and the filters of ``_desk_filters_sql``.
        :return: ``{"rows", "total", "offset", "limit", "statuses"}``; ``total`` counts
            the items that pass the filters.
        """
        limit = min(int(options.get("limit") or PAGE), PAGE)
        offset = max(int(options.get("offset") or 0), 0)
        rows = self.env.execute_query_dict(self._desk_page_sql(options, limit, offset))
        if offset and not rows:
            return self._desk_items({**options, "offset": 0})
        badges = self._desk_badges(rows)
        return {
            "rows": [
                {**self._desk_item(row), "badges": badges.get(row["move_id"], [])}
                for row in rows
            ],
            "total": rows[0]["total"] if rows else 0,
            "offset": offset,
            "limit": limit,
        }

    def _desk_badges(self, rows):
        """What else is to be seen of the documents of a page: a hook.

        :param list rows: as ``_desk_page_sql`` reads them.
        :return: ``{move id: [{"label", "level", "hint"}]}``; a level is a colour of
            Bootstrap.
        """
        return {}

    def get_desk_item_ids(self, filters=None):
        """All the items that pass the filters, for « tick all ».

        :return: ``{"ids": [...], "totals": [{"currency_id", "amount", "count"}]}``.
        """
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id, i.currency_id, i.amount_residual_currency::text
                     FROM (%s) i WHERE %s ORDER BY i.date_due, i.id""",
                self._desk_open_items_sql(),
                self._desk_filters_sql(filters or {}),
            )
        )
        sums = defaultdict(lambda: [ZERO, 0])
        for _id, currency_id, amount in rows:
            sums[currency_id][0] += Decimal(amount)
            sums[currency_id][1] += 1
        return {
            "ids": [line_id for line_id, _currency, _amount in rows],
            "totals": [
                {"currency_id": currency_id, "amount": float(amount), "count": count}
                for currency_id, (amount, count) in sums.items()
            ],
        }

    def _get_desk_lines(self, line_ids):
        """Open items of this debtor chosen on the page, as journal items.

        :raise UserError: when one of them is not, or is no longer, an open item of
            this debtor that the user may see.
        """
        self.ensure_one()
        self.check_access("read")
        if not line_ids:
            return self.env["account.move.line"]
        self.env.flush_all()
        wanted = {int(line_id) for line_id in line_ids}
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id FROM (%s) i WHERE i.id = ANY(%s)
                 ORDER BY i.date_due, i.id""",
                self._desk_open_items_sql(),
                list(wanted),
            )
        )
        if len(rows) != len(wanted):
            raise UserError(
                self.env._("Some of these items are no longer open: reload the page.")
            )
        return self.env["account.move.line"].browse(line_id for [line_id] in rows)

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    def _desk_companies(self):
        """The legal entity and its branches, as far as the user sees them now."""
        return self.env.companies.filtered(lambda c: c.root_id == self.company_id)

    def _desk_lines_condition(self):
        """Condition on ``l``: items of this debtor that the user may see."""
        return SQL(
            "%s AND l.company_id = ANY(%s)",
            self._lines_of_partners_sql(self.partner_id.ids),
            self._desk_companies().ids,
        )

    def _desk_open_items_sql(self):
        return self.env["recouvrement.open.item"]._open_items_sql(
            condition=self._desk_lines_condition()
        )

    @api.model
    def _desk_filters_sql(self, filters):
        """Conditions on ``i``: ``buckets`` and ``statuses`` (lists), ``currency_id``,
        ``penalty`` (those of penalty invoices) and ``text`` (document or reference).
        """
        conditions = [SQL("TRUE")]
        if filters.get("buckets"):
            conditions.append(
                SQL("%s = ANY(%s)", self._desk_bucket_sql(), list(filters["buckets"]))
            )
        if filters.get("statuses"):
            conditions.append(
                SQL("i.collection_status = ANY(%s)", list(filters["statuses"]))
            )
        if filters.get("currency_id"):
            conditions.append(SQL("i.currency_id = %s", int(filters["currency_id"])))
        if filters.get("penalty"):
            conditions.append(SQL("i.is_penalty"))
        if text := (filters.get("text") or "").strip():
            conditions.append(self._desk_text_sql(text))
        return SQL(" AND ").join(conditions)

    @api.model
    def _desk_text_sql(self, text):
        return SQL(
            """(i.name ILIKE %(text)s OR EXISTS (
                    SELECT 1 FROM account_move x WHERE x.id = i.move_id
                       AND (x.ref ILIKE %(text)s OR x.payment_reference ILIKE %(text)s
                            OR x.invoice_origin ILIKE %(text)s)))""",
            text=self._desk_pattern(text),
        )

    @api.model
    def _desk_pattern(self, text):
        """What ILIKE looks for, for a text that may have its special characters."""
        return f"%{escape_psql(text)}%"

    @api.model
    def _desk_order_sql(self, options):
        order = ORDERS.get(options.get("order"), ORDERS["date_due"])
        direction = SQL("DESC") if options.get("desc") else SQL("ASC")
        return SQL("%s %s, i.date_due, i.id", order, direction)

    def _desk_page_sql(self, options, limit, offset):
        """The items of a page. They are chosen first, from the columns that the
        filters and the order need; all the others are read for the page only."""
        order = self._desk_order_sql(options)
        page = self.env["recouvrement.open.item"]._open_items_sql(
            condition=SQL("l.id = ANY(ARRAY(SELECT id FROM chosen))")
        )
        return SQL(
            """
            WITH chosen AS MATERIALIZED (
                SELECT i.id, COUNT(*) OVER () AS total
                  FROM (%(items)s) i
                 WHERE %(filters)s
              ORDER BY %(order)s LIMIT %(limit)s OFFSET %(offset)s)
            SELECT i.id, i.move_id, i.name, i.kind, i.is_penalty, i.document_date,
                   i.date_due, i.days_overdue, i.currency_id, i.amount,
                   i.amount_residual_currency, i.amount_residual, i.amount_disputed,
                   i.collection_status,
                   i.reached_rank, i.last_reminder_date, i.company_id, i.limit_date,
                   i.doubtful_reason_id, %(bucket)s AS bucket, chosen.total,
                   m.ref, m.move_type, l.collection_reason, l.collection_until,
                   (SELECT COUNT(*) FROM ir_attachment a
                     WHERE a.res_model = 'account.move' AND a.res_id = i.move_id
                       AND a.res_field IS NULL) AS file_count
              FROM (%(page)s) i
              JOIN chosen ON chosen.id = i.id
              JOIN account_move m ON m.id = i.move_id
              JOIN account_move_line l ON l.id = i.id
          ORDER BY %(order)s
            """,
            items=self._desk_open_items_sql(),
            filters=self._desk_filters_sql(options),
            order=order,
            limit=limit,
            offset=offset,
            bucket=self._desk_bucket_sql(),
            page=page,
        )

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def _desk_item(self, row):
        ref = row["ref"]
        branch = self.env["res.company"].browse(row["company_id"])
        return {
            "id": row["id"],
            "move_id": row["move_id"],
            "name": row["name"] or "",
            "ref": ref if ref and ref != row["name"] else "",
            "kind": row["kind"],
            "move_type": row["move_type"],
            "is_penalty": row["is_penalty"],
            "document_date": row["document_date"],
            "date_due": row["date_due"],
            "days": row["days_overdue"],
            "bucket": row["bucket"],
            "currency_id": row["currency_id"],
            "amount": float(row["amount"] or 0),
            "residual": float(row["amount_residual_currency"]),
            "residual_company": float(row["amount_residual"]),
            "disputed": float(row["amount_disputed"]),
            "status": row["collection_status"],
            "reason": row["collection_reason"] or "",
            "until": row["collection_until"] or False,
            "rank": row["reached_rank"] or 0,
            "last_reminder_date": row["last_reminder_date"],
            "limit_date": row["limit_date"],
            "limit_soon": self._desk_limit_is_near(row["limit_date"]),
            "doubtful": bool(row["doubtful_reason_id"]),
            "branch": branch.name if branch != self.company_id else "",
            "file_count": row["file_count"],
        }

    @api.model
    def _desk_limit_is_near(self, limit_date):
        """Whether the claim is lost to time within two months, or already is."""
        near = fields.Date.add(fields.Date.context_today(self), months=2)
        return bool(limit_date and limit_date <= near)
