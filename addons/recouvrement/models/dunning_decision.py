from odoo import api, fields, models
from odoo.tools import SQL

from .selections import DECISION_REASONS, ITEM_KINDS, LINE_ROLES


class RecouvrementDunningDecision(models.Model):
    """What a campaign would do with each open item on a day, and why.

    Nothing is stored: reading is the simulation, and a campaign's proposal is the
    same statement. Context keys: ``dunning_date``, ``dunning_company_ids``,
    ``dunning_policy_ids``, ``dunning_collector_ids``, ``dunning_run_id``.
    """

    _name = "recouvrement.dunning.decision"
    _description = "Dunning Decision"
    _auto = False
    _order = "debtor_id, date_due, id"
    _rec_name = "name"

    move_line_id = fields.Many2one("account.move.line", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", string="Legal Entity", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(ITEM_KINDS, readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(aggregator="max", readonly=True)
    amount = fields.Monetary(string="Original Amount", readonly=True)
    amount_residual_currency = fields.Monetary(
        string="Open Amount", readonly=True, help="Without what is disputed."
    )
    amount_disputed = fields.Monetary(string="Disputed Part", readonly=True)
    policy_id = fields.Many2one("recouvrement.dunning.policy", readonly=True)
    level_id = fields.Many2one("recouvrement.dunning.level", readonly=True)
    rank = fields.Integer(string="Level Number", aggregator="max", readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env["recouvrement.channel"]._selection_channel(),
        readonly=True,
    )
    preventive = fields.Boolean(readonly=True)
    role = fields.Selection(LINE_ROLES, string="Decision", readonly=True)
    reason = fields.Selection(DECISION_REASONS, readonly=True)

    @property
    def _table_query(self):
        context = self.env.context
        return SQL(
            """SELECT d.*, d.id AS move_line_id, debtor.collector_id,
                      debtor.substitute_id, debtor.salesperson_id
                 FROM (%s) d
            LEFT JOIN recouvrement_debtor debtor ON debtor.id = d.debtor_id""",
            self._decision_sql(
                fields.Date.to_date(context.get("dunning_date"))
                or fields.Date.context_today(self),
                self._debtor_scope_sql(
                    context.get("dunning_company_ids"),
                    context.get("dunning_policy_ids"),
                    context.get("dunning_collector_ids"),
                ),
            ),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env["recouvrement.debtor"]._flush_sources()
        for model in ("policy", "level", "run"):
            self.env[f"recouvrement.dunning.{model}"].flush_model()
        self.env["account.move.line"]._flush_commitments()
        # The same id has other values on another day.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _debtor_scope_sql(
        self, company_ids=None, policy_ids=None, collector_ids=None, extra=None
    ):
        """Condition on ``recouvrement_debtor d``; an empty list does not restrict."""
        conditions = [
            SQL("d.%s = ANY(%s)", SQL.identifier(column), list(ids))
            for column, ids in (
                ("company_id", company_ids),
                ("policy_id", policy_ids),
                ("collector_id", collector_ids),
            )
            if ids
        ]
        if extra is not None:
            conditions.append(extra)
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    # ------------------------------------------------------------------
    # THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _decision_sql(self, day, scope):
        """The decision on every open item of the debtors in scope.

        :param date day: day of the campaign; a past day reads the ledger as it was.
        :param SQL scope: condition on ``recouvrement_debtor d``; items without a
            debtor account are listed when the scope is unrestricted.
        :return: SQL, one row per open item.
        """
        return SQL(
            """
            WITH scope AS MATERIALIZED (
                SELECT d.* FROM recouvrement_debtor d WHERE %(scope)s
            ),
            item AS MATERIALIZED (%(items)s),
            judged AS MATERIALIZED (%(judged)s),
            credit AS (
                SELECT debtor_id, currency_id, SUM(residual) AS residual,
                       SUM(residual_currency) AS residual_currency
                  FROM judged WHERE reason = 'credit' GROUP BY 1, 2
            ),
            asked AS (%(asked)s),
            verdict AS MATERIALIZED (%(verdict)s)
            %(final)s
            """,
            scope=scope,
            items=self._items_cte(day),
            judged=self._judged_cte(day),
            asked=self._asked_cte(),
            verdict=self._verdict_cte(day),
            final=self._final_select(),
        )

    @api.model
    def _items_cte(self, day):
        """Open items of the debtors in scope, with what the judgement needs."""
        items = self.env["recouvrement.open.item"]
        condition = SQL(
            """l.partner_id IN (SELECT rp.id FROM res_partner rp
                                  JOIN scope ON scope.partner_id
                                     = rp.commercial_partner_id)"""
        )
        return SQL(
            """
            SELECT o.id, o.date_due, %(undisputed)s AS residual,
                   o.residual_currency - part.disputed AS residual_currency,
                   part.disputed AS amount_disputed, o.currency_id,
                   %(day)s::date - o.date_due AS days,
                   s.id AS debtor_id, s.company_id, s.policy_id, s.hold_until,
                   l.amount_currency AS amount,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   COALESCE(l.takeover_date, m.invoice_date, o.date)
                       AS document_date,
                   %(kind)s AS kind,
                   CASE WHEN m.payment_state = 'blocked' THEN 'excluded'
                        WHEN o.residual_currency > 0
                         AND part.disputed = o.residual_currency
                         AND (%(status)s) = 'to_chase' THEN 'disputed'
                        ELSE %(status)s END AS status,
                   %(under_payment)s AS under_payment,
                   COALESCE(claim.reached, -1) AS reached,
                   COALESCE(claim.pending, FALSE) AS pending
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN account_move m ON m.id = o.move_id
              JOIN res_company c ON c.id = o.company_id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN scope s ON s.partner_id = p.commercial_partner_id
               AND s.company_id = %(root)s
        CROSS JOIN LATERAL (SELECT %(disputed)s AS disputed) part
         LEFT JOIN (%(claims)s) claim ON claim.move_line_id = o.id
            """,
            disputed=items._disputed_sql(),
            undisputed=items._undisputed_sql(SQL("part.disputed")),
            day=day,
            kind=items._kind_sql(),
            status=self.env["account.move.line"]._status_on_sql(day),
            under_payment=self._under_payment_sql(),
            lines=items._open_lines_sql(day, condition),
            root=items._root_company_sql("c"),
            claims=self._claims_sql(day),
        )

    @api.model
    def _claims_sql(self, day):
        """Levels that items have had on a day, and whether a reminder is under way in
        another campaign than ``dunning_run_id`` of the context.

        With ``dunning_proposing`` in the context, what was done since that day counts
        too: a campaign asks for nothing twice, whatever its date.
        """
        today = fields.Date.context_today(self)
        known_day = today if self.env.context.get("dunning_proposing") else day
        return SQL(
            """
            SELECT rl.move_line_id,
                   MAX(rl.rank) FILTER (WHERE r.state = 'sent'
                                          AND r.date_sent <= %(day)s::date)
                       AS reached,
                   BOOL_OR(r.state <> 'sent' AND r.run_id IS DISTINCT FROM %(run)s)
                       AND %(day)s::date >= %(today)s::date AS pending
              FROM recouvrement_reminder_line rl
              JOIN recouvrement_reminder r ON r.id = rl.reminder_id
              JOIN scope ON scope.id = rl.debtor_id
             WHERE rl.claimed
          GROUP BY rl.move_line_id
            """,
            day=max(day, known_day),
            today=today,
            run=self.env.context.get("dunning_run_id"),
        )

    @api.model
    def _last_reminder_sql(self, day):
        """Day of the last proven reminder of debtor ``s`` as it was known on a day."""
        if day >= fields.Date.context_today(self):
            return SQL("s.last_reminder_date")
        return SQL(
            """(SELECT MAX(r.date_sent) FROM recouvrement_reminder r
                 WHERE r.debtor_id = s.id AND r.state = 'sent'
                   AND r.date_sent <= %s::date)""",
            day,
        )

    @api.model
    def _under_payment_sql(self):
        """Whether a payment of item ``l`` of entry ``m`` is on its way: a hook (direct
        debits…).

        A payment registered without an outstanding account has no entry: the item
        stays open until the bank statement is matched. It is on its way as long as
        more was registered than was matched.
        """
        return SQL(
            """(m.payment_state = 'in_payment' OR %(online)s
                OR (SELECT SUM(ABS(pay.amount_company_currency_signed))
                      FROM account_move__account_payment ap
                      JOIN account_payment pay ON pay.id = ap.payment_id
                     WHERE ap.invoice_id = m.id AND pay.move_id IS NULL
                       AND pay.state IN ('in_process', 'paid'))
                   > ABS(m.amount_total_signed) - ABS(m.amount_residual_signed))""",
            online=self.env["payment.transaction"]._paying_sql(),
        )

    @api.model
    def _judged_cte(self, day):
        """Each item on its own: the level it deserves, and why not.

        An item not yet due can only get the preventive level (rank 0); afterwards
        it climbs one level at a time, or goes to the highest it deserves when the
        policy skips levels.
        """
        return SQL(
            """
            SELECT i.*, lv.id AS level_id, lv.rank,
                   CASE WHEN i.status <> 'to_chase' THEN i.status
                        WHEN i.residual_currency < 0 THEN 'credit'
                        WHEN i.policy_id IS NULL THEN 'no_policy'
                        WHEN NOT pol.active OR pol.state <> 'running'
                        THEN 'policy_stopped'
                        WHEN i.hold_until >= %(day)s::date THEN 'held'
                        WHEN s.answered AND %(day)s::date >= %(today)s::date
                        THEN 'answered'
                        WHEN i.under_payment THEN 'under_payment'
                        WHEN i.pending THEN 'other_run'
                        WHEN lv.id IS NULL AND (i.days >= 0 OR i.reached >= 0)
                        THEN 'already_reminded'
                        WHEN lv.id IS NULL THEN 'not_due'
                        WHEN lv.delay_days > i.days AND i.days < 0 THEN 'not_due'
                        WHEN lv.delay_days > i.days THEN 'level_not_reached'
                        WHEN CASE WHEN zone.amount IS NULL
                                  THEN i.residual < COALESCE(lv.min_item_amount, 0)
                                  ELSE i.residual <= zone.amount END
                        THEN 'below_item_minimum'
                        ELSE 'chase' END AS reason
              FROM item i
              JOIN scope s ON s.id = i.debtor_id
              JOIN res_partner cp ON cp.id = s.partner_id
         LEFT JOIN recouvrement_dunning_policy pol ON pol.id = i.policy_id
         LEFT JOIN LATERAL (
                    SELECT level.* FROM recouvrement_dunning_level level
                     WHERE level.policy_id = i.policy_id
                       AND (level.rank = 0) = (i.days < 0)
                       AND level.rank > i.reached
                  ORDER BY CASE WHEN pol.skip_levels AND level.delay_days <= i.days
                                THEN -level.rank ELSE level.rank END
                     LIMIT 1) lv ON i.residual_currency > 0
         LEFT JOIN LATERAL (
                    SELECT z.amount FROM (%(zones)s) z
                     WHERE z.company_id = i.company_id
                       AND z.country_id = cp.country_id
                       AND COALESCE(cp.zip, '') LIKE z.prefix || '%%'
                  ORDER BY z.position LIMIT 1) zone ON lv.use_zone_threshold
            """,
            day=day,
            today=fields.Date.context_today(self),
            zones=self._zones_sql(day),
        )

    @api.model
    def _zones_sql(self, day):
        """Preventive thresholds by place, in the currency of each company."""
        zones = (
            self.env["recouvrement.threshold.zone"]
            .sudo()
            .search([("active", "=", True)])
        )
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        rows = [
            SQL(
                "(%s::integer, %s::integer, %s::varchar, %s::integer, %s::numeric)",
                company.id,
                zone.country_id.id,
                prefix,
                position,
                zone.currency_id._convert(
                    zone.amount, company.currency_id, company, day
                ),
            )
            for company in companies
            for position, zone in enumerate(zones)
            if zone.company_id in (zone.company_id.browse(), company)
            for prefix in zone._get_prefixes(zone.zip_prefixes) or [""]
        ]
        columns = SQL("zone(company_id, country_id, prefix, position, amount)")
        if not rows:
            rows = [SQL("(NULL::integer, NULL::integer, '', 0, NULL::numeric)")]
        return SQL("SELECT * FROM (VALUES %s) AS %s", SQL(", ").join(rows), columns)

    @api.model
    def _asked_cte(self):
        """What each debtor would be asked, per currency and apart for preventive
        reminders: chased items, other overdue items recalled, credits counted.

        Credits go against what is overdue first.
        """
        return SQL(
            """
            SELECT g.debtor_id, g.currency_id, g.preventive, g.rank, g.level_id,
                   CASE WHEN g.preventive
                        THEN g.due + LEAST(0, COALESCE(c.residual, 0) + g.overdue)
                        ELSE g.due + COALESCE(c.residual, 0) END AS net,
                   CASE WHEN g.preventive
                        THEN g.due_currency + LEAST(
                             0, COALESCE(c.residual_currency, 0) + g.overdue_currency)
                        ELSE g.due_currency + COALESCE(c.residual_currency, 0)
                        END AS net_currency,
                   COALESCE(c.residual_currency, 0) <> 0 AS has_credit
              FROM (SELECT debtor_id, currency_id, preventive,
                           MAX(rank) FILTER (WHERE reason = 'chase') AS rank,
                           (ARRAY_AGG(level_id ORDER BY rank DESC)
                               FILTER (WHERE reason = 'chase'))[1] AS level_id,
                           SUM(residual) AS due,
                           SUM(residual_currency) AS due_currency,
                           COALESCE(SUM(SUM(residual) FILTER (WHERE NOT preventive))
                               OVER w, 0) AS overdue,
                           COALESCE(SUM(SUM(residual_currency)
                               FILTER (WHERE NOT preventive)) OVER w, 0)
                               AS overdue_currency
                      FROM (SELECT j.*, j.days < 0 AS preventive FROM judged j
                             WHERE j.reason = 'chase' OR (j.days > 0 AND j.reason IN
                                   ('already_reminded', 'level_not_reached',
                                    'below_item_minimum'))) j
                  GROUP BY debtor_id, currency_id, preventive
                    WINDOW w AS (PARTITION BY debtor_id, currency_id)) g
         LEFT JOIN credit c ON c.debtor_id = g.debtor_id
                           AND c.currency_id = g.currency_id
             WHERE g.level_id IS NOT NULL
            """
        )

    @api.model
    def _verdict_cte(self, day):
        """Whether each demand goes out, by which channel, and why not."""
        channels = self.env["recouvrement.channel"]
        wanted = SQL(
            """CASE WHEN s.preferred_channel IS NOT NULL AND lv.channel = ANY(%s)
                    THEN s.preferred_channel ELSE lv.channel END""",
            channels._replaceable_codes(),
        )
        return SQL(
            """
            SELECT a.*, ch.channel,
                   CASE WHEN a.net_currency <= 0 OR a.net <= COALESCE(pol.tolerance, 0)
                        THEN CASE WHEN a.has_credit THEN 'covered_by_credits'
                                  ELSE 'below_debtor_minimum' END
                        WHEN a.net < COALESCE(lv.min_debtor_amount, 0)
                        THEN 'below_debtor_minimum'
                        WHEN %(last_reminder)s > %(day)s::date
                                                    - lv.min_days_since_contact
                        THEN 'too_soon'
                        WHEN ch.channel IS NULL THEN 'contact_missing'
                        ELSE 'chase' END AS verdict
              FROM asked a
              JOIN scope s ON s.id = a.debtor_id
              JOIN recouvrement_dunning_level lv ON lv.id = a.level_id
              JOIN recouvrement_dunning_policy pol ON pol.id = lv.policy_id
         LEFT JOIN res_partner contact ON contact.id = s.contact_id
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN %(wanted_reached)s THEN %(wanted)s
                                WHEN %(fallback_reached)s THEN lv.fallback_channel
                                END AS channel
                      FROM (SELECT s.*) d) ch
            """,
            day=day,
            last_reminder=self._last_reminder_sql(day),
            wanted=wanted,
            wanted_reached=channels._reachable_case_sql(wanted),
            fallback_reached=channels._reachable_case_sql(SQL("lv.fallback_channel")),
        )

    @api.model
    def _final_select(self):
        """Put the demand's verdict back on its items.

        ``preventive`` tells which of the debtor's two demands an item belongs to.
        """
        return SQL(
            """
            SELECT j.id, j.name, j.debtor_id, j.company_id, j.currency_id, j.kind,
                   j.document_date, j.date_due, j.days AS days_overdue, j.amount,
                   j.residual_currency AS amount_residual_currency,
                   j.amount_disputed, j.policy_id,
                   j.level_id, j.rank,
                   CASE WHEN own.preventive THEN pv.channel ELSE ov.channel END
                       AS channel,
                   own.preventive,
                   CASE WHEN own.verdict IS DISTINCT FROM 'chase' THEN 'out'
                        WHEN j.reason = 'chase' AND (j.days < 0) = own.preventive
                        THEN 'chase'
                        WHEN j.reason = 'credit' THEN 'credit'
                        WHEN j.days > 0 AND j.reason IN
                             ('chase', 'already_reminded', 'level_not_reached',
                              'below_item_minimum') THEN 'recall'
                        ELSE 'out' END AS role,
                   CASE WHEN j.reason <> 'chase' THEN j.reason
                        WHEN j.days < 0 THEN pv.verdict
                        ELSE ov.verdict END AS reason,
                   CASE WHEN own.preventive THEN pv.level_id ELSE ov.level_id END
                       AS reminder_level_id,
                   own.verdict AS reminder_verdict
              FROM judged j
         LEFT JOIN verdict ov ON ov.debtor_id = j.debtor_id
               AND ov.currency_id = j.currency_id AND NOT ov.preventive
         LEFT JOIN verdict pv ON pv.debtor_id = j.debtor_id
               AND pv.currency_id = j.currency_id AND pv.preventive
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN j.reason = 'chase' AND j.days < 0 THEN TRUE
                                WHEN ov.verdict = 'chase' THEN FALSE
                                ELSE COALESCE(pv.verdict = 'chase', FALSE)
                                END AS preventive) side
        CROSS JOIN LATERAL (
                    SELECT side.preventive,
                           CASE WHEN side.preventive THEN pv.verdict
                                ELSE ov.verdict END AS verdict) own
            """
        )
