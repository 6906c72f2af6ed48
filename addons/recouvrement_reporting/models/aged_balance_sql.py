"""The items of the aged balance as composable SQL: one row per item, its column and its
amount in the currency asked for."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.options import FILTERS, TRANSACTION, columns_of

GROUP_COLUMNS = {
    "debtor": "commercial_partner_id",
    "parent": "parent_partner_id",
    "collector": "collector_id",
    "salesperson": "salesperson_id",
    "segment": "segment_id",
    "country": "country_id",
    "account": "account_id",
    "currency": "currency_id",
    "company": "company_id",
    "policy": "policy_id",
    "level": "reached_rank",
    "status": "collection_status",
}


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @property
    def _table_query(self):
        options = self._get_options()
        days = self.env.context.get("aged_balance_days")
        if days:
            days = [fields.Date.to_date(day) for day in days]
            return self._items_sql(options, self._history_lines_sql(options, days))
        return self._items_sql(options, self._single_lines_sql(options))

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        # The same id has other values with other options.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    # ------------------------------------------------------------------
    # CONDITIONS
    # ------------------------------------------------------------------

    @api.model
    def _get_companies(self, options):
        wanted = options.filters.get("company")
        companies = self.env.companies
        return companies.filtered(lambda c: c.id in wanted) if wanted else companies

    @api.model
    def _lines_condition(self, options):
        """What narrows the reading of the ledger itself; the rest is a domain."""
        conditions = [
            SQL("l.company_id = ANY(%s)", self._get_companies(options).ids),
        ]
        accounts = [one for one in options.filters.get("account", ()) if one]
        if accounts:
            conditions.append(SQL("l.account_id = ANY(%s)", accounts))
        partners = options.filters.get("partner", ())
        if partners and all(partners):
            conditions.append(
                SQL(
                    """l.partner_id IN (SELECT id FROM res_partner
                                         WHERE commercial_partner_id = ANY(%s))""",
                    list(partners),
                )
            )
        return SQL(" AND ").join(conditions)

    @api.model
    def _get_domain(self, options):
        """Domain of the filters and of the search; companies are read no further."""
        domain = Domain.TRUE
        for name, values in options.filters.items():
            if name != "company":
                domain &= Domain(FILTERS[name], "in", list(values))
        return domain & self._get_search_domain(options.search)

    @api.model
    def _get_search_domain(self, term):
        if not term:
            return Domain.TRUE
        names = ["partner_name", "partner_ref"]
        if any(sign.isdigit() for sign in term):
            names.append("name")
        return Domain.OR([Domain(name, "ilike", term) for name in names])

    @api.model
    def _key_domain(self, options, key):
        """Items of one row; False is the row of the items without any."""
        column = GROUP_COLUMNS[options.group_by]
        if key in (None, False) and options.group_by == "level":
            key = 0
        return Domain(column, "=", key or (0 if key == 0 else False))

    # ------------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------------

    @api.model
    def _single_lines_sql(self, options):
        """Open lines at the day of the options, with the limits of their columns.

        OFFSET 0 keeps the planner from working out each residual anew for every
        column that is made of it.
        """
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            SELECT o.*, %(is_credit)s AS is_credit, %(day)s::date AS day,
                   %(limits)s AS limits
              FROM (%(lines)s OFFSET 0) o
            """,
            is_credit=self._is_credit_sql(),
            day=options.as_of,
            limits=self._limits_sql(options, options.as_of),
            lines=items._open_lines_sql(options.as_of, self._lines_condition(options)),
        )

    @api.model
    def _is_credit_sql(self):
        return SQL("(o.residual < 0 OR (o.residual = 0 AND o.residual_currency < 0))")

    @api.model
    def _limits_sql(self, options, day):
        return SQL("%s::date[]", list(options.plan.limits(day)))

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    @api.model
    def _items_sql(self, options, lines):
        """One row per item; outer joins on keys, which the planner leaves out when
        nothing asks for their columns."""
        items = self.env["recouvrement.open.item"]
        amount, currency, rates = self._amount_sql(options)
        columns = columns_of(options, self._has_unknown_ages())
        return SQL(
            """
            SELECT o.id, o.id AS move_line_id, o.move_id, o.account_id, o.company_id,
                   o.partner_id, o.currency_id, o.company_currency_id, o.date_due,
                   o.day - o.date_due AS days_overdue, o.day,
                   o.residual, o.residual_currency,
                   %(amount)s AS amount, %(currency)s AS display_currency_id,
                   p.commercial_partner_id,
                   COALESCE(up.root_id, p.commercial_partner_id) AS parent_partner_id,
                   cp.complete_name AS partner_name, cp.ref AS partner_ref,
                   cp.country_id,
                   d.id AS debtor_id, d.collector_id, d.substitute_id,
                   d.salesperson_id, d.segment_id, d.policy_id,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   COALESCE(l.takeover_date, m.invoice_date, o.date)
                       AS document_date,
                   COALESCE(l.collection_status, 'to_chase') AS collection_status,
                   %(doubtful)s AS doubtful_reason_id,
                   COALESCE((SELECT MAX(rl.rank) %(sent)s), 0) AS reached_rank,
                   %(column)s AS column_index,
                   %(age)s AS age
              FROM (%(lines)s) o
         LEFT JOIN account_move_line l ON l.id = o.id
         LEFT JOIN account_move m ON m.id = o.move_id
         LEFT JOIN res_company c ON c.id = o.company_id
         LEFT JOIN res_partner p ON p.id = o.partner_id
         LEFT JOIN res_partner cp ON cp.id = p.commercial_partner_id
         LEFT JOIN (%(parents)s) up ON up.id = p.commercial_partner_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
                   %(rates)s
            """,
            amount=amount,
            currency=currency,
            rates=rates,
            lines=lines,
            doubtful=self._doubtful_sql(),
            sent=SQL("%s AND r.date_sent <= o.day", items._sent_sql()),
            column=self._column_sql(options, columns),
            age=self._age_sql(options, columns),
            parents=self._parents_sql(),
            root=items._root_company_sql("c"),
        )

    @api.model
    def _doubtful_sql(self):
        return SQL(
            """CASE WHEN l.doubtful_date <= o.day THEN l.doubtful_reason_id
                    WHEN d.doubtful_date <= o.day THEN d.doubtful_reason_id END"""
        )

    @api.model
    def _parents_sql(self):
        """Topmost company above the companies that have a parent."""
        return SQL(
            """
            SELECT id, MAX(root_id) AS root_id FROM (
                WITH RECURSIVE above AS (
                    SELECT id, parent_id AS root_id, 1 AS depth FROM res_partner
                     WHERE parent_id IS NOT NULL AND commercial_partner_id = id
                 UNION ALL
                    SELECT above.id, p.parent_id, depth + 1
                      FROM above
                      JOIN res_partner p ON p.id = above.root_id
                     WHERE p.parent_id IS NOT NULL AND depth < 20
                )
                SELECT DISTINCT ON (id) id, root_id FROM above ORDER BY id, depth DESC
            ) tops GROUP BY id
            """
        )

    @api.model
    def _column_sql(self, options, codes):
        """Number of the item's column: its place among ``codes``."""
        day = SQL("o.date_due")
        if options.plan.base == "document":
            day = SQL("COALESCE(l.takeover_date, m.invoice_date, o.date)")
        place = {code: number for number, code in enumerate(codes)}
        cases = []
        if "credit" in place:
            cases.append((SQL("o.is_credit"), place["credit"]))
        if "doubtful" in place:
            cases.append(
                (SQL("%s IS NOT NULL", self._doubtful_sql()), place["doubtful"])
            )
            cases.append((SQL("l.collection_status = 'disputed'"), place["disputed"]))
        if "unknown" in place:
            cases.append(
                (SQL("l.takeover_age_unknown AND o.date_due < o.day"), place["unknown"])
            )
        last = len(options.plan.bounds)
        cases += [
            (SQL("%s >= o.limits[%s]", day, number + 1), number)
            for number in range(last)
        ]
        whens = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, number) for condition, number in cases
        )
        return SQL("CASE %s ELSE %s END", whens, last)

    @api.model
    def _age_sql(self, options, codes):
        """The label of the column, with a number so that they sort."""
        labels = self._label_columns(options)
        texts = [
            f"{number + 1:02}. {labels[code]}" for number, code in enumerate(codes)
        ]
        return SQL("(%s::text[])[1 + %s]", texts, self._column_sql(options, codes))

    # ------------------------------------------------------------------
    # CURRENCIES
    # ------------------------------------------------------------------

    @api.model
    def _get_display_currency(self, options):
        """The one currency of all amounts; none when each item keeps its own."""
        if options.currency == TRANSACTION:
            return self.env["res.currency"]
        if options.currency == "company":
            return self.env.company.currency_id
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.browse(options.currency).exists() or (
            self.env.company.currency_id
        )

    @api.model
    def _amount_sql(self, options):
        """``(amount, id of its currency, joins)`` of item ``o``.

        Amounts are rounded item by item, so that every total is that of its items.
        """
        currency = self._get_display_currency(options)
        if not currency:
            return SQL("o.residual_currency"), SQL("o.currency_id"), SQL()
        shown = SQL("%s", currency.id)
        if options.rate == "as_of":
            rates = self._day_rates_sql(currency, options.as_of)
            amount = SQL("o.residual_currency * COALESCE(rate.value, 1)")
        elif self._get_companies(options).currency_id <= currency:
            return SQL("o.residual"), shown, SQL()
        else:
            rates = self._document_rates_sql(currency)
            amount = SQL(
                """CASE WHEN o.currency_id = %(shown)s THEN o.residual_currency
                        ELSE o.residual * COALESCE(rate.value, 1) END""",
                shown=shown,
            )
        return (
            SQL("ROUND((%s)::numeric, %s)", amount, currency.decimal_places),
            shown,
            rates,
        )

    @api.model
    def _day_rates_sql(self, currency, day):
        """Value of each other currency on a day."""
        currencies = self.env["res.currency"].search([("active", "in", (True, False))])
        rates = currencies._get_rates(self.env.company, day)
        values = SQL(", ").join(
            SQL("(%s, %s::numeric)", other, repr(rates[currency.id] / rate))
            for other, rate in rates.items()
        )
        return SQL(
            "LEFT JOIN (VALUES %s) AS rate(currency_id, value) "
            "ON rate.currency_id = o.currency_id",
            values,
        )

    @api.model
    def _document_rates_sql(self, currency):
        """Value of the company currency on the day of each entry."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT (%(target)s) / (%(source)s) AS value
            ) rate ON TRUE
            """,
            target=self._rate_sql(SQL("%s", currency.id)),
            source=self._rate_sql(SQL("o.company_currency_id")),
        )

    @api.model
    def _rate_sql(self, currency):
        """Rate of a currency on the accounting date of item ``o``: its own company's
        before the common one, the oldest known before there was any."""
        company = self.env.company.root_id.id
        return SQL(
            """COALESCE(
                (SELECT r.rate FROM res_currency_rate r
                  WHERE r.currency_id = %(currency)s AND r.name <= o.date
                    AND (r.company_id IS NULL OR r.company_id = %(company)s)
               ORDER BY r.company_id, r.name DESC LIMIT 1),
                (SELECT r.rate FROM res_currency_rate r
                  WHERE r.currency_id = %(currency)s
                    AND (r.company_id IS NULL OR r.company_id = %(company)s)
               ORDER BY r.company_id, r.name LIMIT 1), 1)""",
            currency=currency,
            company=company,
        )
