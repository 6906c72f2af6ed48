"""What may be debited on a day, and why the rest may not."""

from odoo import api, fields, models
from odoo.tools import SQL

from .mandate import SCHEMES
from .mandate_use import CLOSED

REASONS = [
    ("collect", "To be collected"),
    ("net", "Credit deducted"),
    ("covered", "Covered by credits"),
    ("credit", "Credit not deducted"),
    ("in_collection", "Already in a collection"),
    ("currency", "Not in euros"),
    ("promised", "Payment promised"),
    ("plan", "In an instalment plan that is not accepted yet"),
    ("disputed", "Disputed"),
    ("litigation", "In litigation"),
    ("insolvency", "Debtor in insolvency"),
    ("factored", "Assigned to a factor"),
    ("to_verify", "The customer says to have paid: being verified"),
    ("excluded", "Excluded from follow-up"),
    ("held", "The debtor is on hold"),
    ("under_payment", "Another payment is under way"),
    ("no_mandate", "No mandate serves this document"),
    ("mandate_not_active", "The mandate is not active yet"),
    ("mandate_suspended", "The mandate is suspended"),
    ("mandate_lapsed", "The mandate has lapsed"),
    ("mandate_used", "The one-off mandate was used"),
    ("not_registered", "B2B: not registered by the debtor's bank"),
    ("other_account", "The mandate bears another creditor identifier"),
    ("other_scheme", "The mandate is of the other scheme"),
    ("other_means", "The customer pays by other means"),
    ("prenotice", "The customer was not told early enough"),
    ("returned", "Came back: a decision is needed"),
    ("represent_later", "Came back: to be collected again later"),
    ("amount", "Above what a direct debit can carry"),
]
TAKEN = ("collect", "net")
# Mandates that speak for a customer; ended ones do not.
SHOWN = ("sent", "signed", "active", "suspended", "expired")
ID_STEP = 4096  # parts of one item that are told apart


class RecouvrementSepaCandidate(models.Model):
    """Every item due until a day, with a verdict: of customers with a mandate, and of
    those that should have one.

    Nothing is stored: reading is the simulation, and a collection's proposal inserts
    from the same statement. Context keys: ``sepa_company_id``, ``sepa_journal_id``,
    ``sepa_scheme``, ``sepa_until``, ``sepa_date``.
    """

    _name = "recouvrement.sepa.candidate"
    _description = "Candidate for a Direct Debit"
    _auto = False
    _order = "debtor_id, date_due, id"
    _rec_name = "name"

    name = fields.Char(string="Document", readonly=True)
    move_line_id = fields.Many2one("account.move.line", readonly=True)
    installment_id = fields.Many2one(
        "recouvrement.payment.plan.installment", string="Instalment", readonly=True
    )
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    company_id = fields.Many2one("res.company", string="Legal Entity", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    mandate_id = fields.Many2one("recouvrement.sepa.mandate", readonly=True)
    scheme = fields.Selection(SCHEMES, readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    amount = fields.Monetary(readonly=True)
    notified_on = fields.Date(string="Told On", readonly=True)
    reason = fields.Selection(REASONS, string="Verdict", readonly=True)

    @property
    def _table_query(self):
        context = self.env.context
        day = fields.Date.to_date
        today = fields.Date.context_today(self)
        journals = self.env["account.journal"].sudo()
        return self._candidate_sql(
            self.env["res.company"].browse(
                context.get("sepa_company_id") or self.env.company.root_id.id
            ),
            journals.browse(context.get("sepa_journal_id") or []),
            context.get("sepa_scheme") or None,
            day(context.get("sepa_until")) or today,
            day(context.get("sepa_date")) or today,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self._flush_candidates()
        # The same id has other values on another day.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _flush_candidates(self):
        """Write what the statement reads."""
        debtors = self.env["recouvrement.debtor"].sudo()
        debtors._process_dirty()
        debtors._flush_sources()
        self.env["account.move.line"]._flush_commitments()
        for model in (
            "recouvrement.payment.plan.installment",
            "recouvrement.sepa.mandate",
            "recouvrement.sepa.collection",
            "recouvrement.sepa.collection.line",
            "recouvrement.sepa.collection.item",
        ):
            self.env[model].flush_model()
        self.env["account.move"].flush_model(["journal_id", "sepa_mandate_id"])

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    @api.model
    def _prenotified_until_sql(self):
        """Day on which the customer was told of the debit of leg ``g``: a hook.

        ``g`` has ``move_line_id, move_id, installment_id, debtor_id, document_date,
        told_by_plan`` (the plan was accepted on that day). NULL: never told. By
        itself the invoice tells, or the plan that the customer accepted.
        """
        return SQL("COALESCE(g.told_by_plan, g.document_date)")

    @api.model
    def _failed_sql(self):
        """Items whose last debit failed, and from which day on they may be collected
        again: a hook.

        :return: SQL of ``move_line_id``, ``installment_id`` (or NULL) and
            ``represent_from`` (NULL: somebody has to decide).
        """
        return SQL(
            """SELECT NULL::integer AS move_line_id, NULL::integer AS installment_id,
                      NULL::date AS represent_from WHERE FALSE"""
        )

    # ------------------------------------------------------------------
    # THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _candidate_sql(self, company, journal, scheme, until, day, debtor_ids=None):
        """One row per item, per instalment's part of an item, per credit deducted.

        :param company: legal entity.
        :param journal: bank that collects; empty: any.
        :param str scheme: ``CORE``, ``B2B``, or None for both.
        :param date until: items due later are left out.
        :param date day: collection date.
        :param list debtor_ids: only these.
        """
        return SQL(
            """
            WITH scope AS MATERIALIZED (%(scope)s),
            item AS MATERIALIZED (%(items)s),
            leg AS (%(legs)s),
            %(picks)s,
            picked AS NOT MATERIALIZED (
                SELECT g.*, %(told)s AS notified_on,
                       CASE WHEN g.amount > 0 THEN
                           CASE WHEN c.id IS NULL
                                THEN COALESCE(pick_bound.id, pick_any.id)
                                ELSE usable.id END END AS mandate_id
                  FROM leg g
             LEFT JOIN recouvrement_sepa_mandate c
                    ON c.id = g.chosen_id AND c.debtor_id = g.debtor_id
                   AND c.state NOT IN %(closed)s
             LEFT JOIN usable ON usable.id = c.id
             LEFT JOIN pick_bound ON pick_bound.debtor_id = g.debtor_id
                                 AND pick_bound.journal_id = g.journal_id
             LEFT JOIN pick_any ON pick_any.debtor_id = g.debtor_id
                OFFSET 0
            ),
            judged AS (%(judged)s)
            %(final)s
            """,
            scope=self._scope_sql(company, debtor_ids),
            items=self._items_cte(until, debtor_ids),
            legs=self._legs_cte(until),
            told=self._prenotified_until_sql(),
            picks=self.env["recouvrement.sepa.mandate"]._picks_cte(
                day, SQL("SELECT id FROM scope")
            ),
            closed=CLOSED,
            judged=self._judged_cte(company, journal, scheme, day),
            final=self._final_select(company),
        )

    @api.model
    def _scope_sql(self, company, debtor_ids=None):
        """Debtors that have a mandate, or should; what a proposal locks."""
        return SQL(
            """
            SELECT d.id, d.partner_id, d.company_id, d.hold_until, d.sepa_mode
              FROM recouvrement_debtor d
             WHERE d.company_id = %(company)s AND d.open_item_count > 0 AND %(only)s
               AND (d.id IN (SELECT k.debtor_id FROM recouvrement_sepa_mandate k
                              WHERE k.company_id = %(company)s
                                AND k.state = ANY(%(shown)s))
                    OR %(wanted)s)
            """,
            wanted=self.env["recouvrement.debtor"]._sepa_wanted_sql(),
            company=company.id,
            only=SQL("d.id = ANY(%s)", list(debtor_ids))
            if debtor_ids is not None
            else SQL("TRUE"),
            shown=list(SHOWN),
        )

    @api.model
    def _items_cte(self, until, debtor_ids=None):
        """Open items of the debtors in scope, due or in a plan; ``free`` is what no
        debit under way that the ledger does not know yet will pay, and no part that is
        disputed. What is disputed whole is told with its amount, and is not collected
        for its status."""
        items = self.env["recouvrement.open.item"]
        condition = SQL(
            """l.partner_id IN (SELECT rp.id FROM res_partner rp
                                  JOIN scope ON scope.partner_id
                                     = rp.commercial_partner_id)"""
        )
        return SQL(
            """
            SELECT o.id AS move_line_id, o.move_id, o.date_due, o.currency_id,
                   o.residual_currency AS residual,
                   CASE WHEN o.residual_currency > 0
                        THEN GREATEST(o.residual_currency - COALESCE(way.amount, 0)
                                      - CASE WHEN %(status)s = 'disputed' THEN 0
                                             ELSE %(disputed)s END, 0)
                        ELSE LEAST(o.residual_currency - COALESCE(way.amount, 0), 0)
                        END AS free,
                   COALESCE(way.whole, FALSE) AS whole_taken,
                   s.id AS debtor_id, s.company_id, s.hold_until, s.sepa_mode,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   COALESCE(l.takeover_date, m.invoice_date, o.date)
                       AS document_date,
                   m.journal_id, m.sepa_mandate_id AS chosen_id, %(kind)s AS kind,
                   CASE WHEN m.payment_state = 'blocked' THEN 'excluded'
                        ELSE %(status)s END AS status,
                   %(under_payment)s AS under_payment
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN account_move m ON m.id = o.move_id
              JOIN res_company c ON c.id = o.company_id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN scope s ON s.partner_id = p.commercial_partner_id
               AND s.company_id = %(root)s
            %(way)s
             WHERE o.residual_currency < 0 OR o.date_due <= %(until)s
                OR o.id IN (%(planned)s)
            """,
            kind=items._kind_sql(),
            disputed=items._disputed_sql(),
            status=self.env["account.move.line"]._status_on_sql(
                fields.Date.context_today(self)
            ),
            under_payment=self.env["recouvrement.dunning.decision"]
            .with_context(without_debits=True)
            ._under_payment_sql(),
            lines=items._open_lines_sql(None, condition),
            root=items._root_company_sql("c"),
            way=self._way_sql(debtor_ids),
            until=until,
            planned=self._planned_sql(),
        )

    @api.model
    def _way_sql(self, debtor_ids):
        """Join of what live debits take of items ``o``: looked up for the items of a
        few debtors, read once for all."""
        way = SQL(
            """SELECT x.move_line_id,
                      SUM(x.amount) FILTER (
                          WHERE y.state IN ('planned', 'presented')) AS amount,
                      BOOL_OR(x.installment_id IS NULL AND x.amount > 0) AS whole
                 FROM recouvrement_sepa_collection_item x
                 JOIN recouvrement_sepa_collection_line y ON y.id = x.line_id
                WHERE x.live"""
        )
        if debtor_ids is None:
            return SQL("LEFT JOIN (%s GROUP BY 1) way ON way.move_line_id = o.id", way)
        return SQL(
            "LEFT JOIN LATERAL (%s AND x.move_line_id = o.id GROUP BY 1) way ON TRUE",
            way,
        )

    @api.model
    def _legs_cte(self, until):
        """Items on their own, instalments spread over the items of their plan (oldest
        first, what is under way left out), and credits."""
        return SQL(
            """
            SELECT i.*, NULL::integer AS installment_id, 0 AS part, i.free AS amount,
                   NULL::date AS told_by_plan
              FROM item i
             WHERE (i.residual < 0 OR i.date_due <= %(until)s)
               AND i.move_line_id NOT IN (%(planned)s)
         UNION ALL
            SELECT i.move_line_id, i.move_id, n.date, i.currency_id, i.residual,
                   i.free, FALSE, i.debtor_id, i.company_id, i.hold_until,
                   i.sepa_mode, i.name,
                   i.document_date, i.journal_id, i.chosen_id, i.kind,
                   CASE WHEN i.status = 'plan' THEN 'to_chase' ELSE i.status END,
                   i.under_payment, n.id, n.number,
                   LEAST(i.until, n.until) - GREATEST(i.since, n.since),
                   n.date_accepted
              FROM (SELECT j.*, x.plan_id,
                           SUM(j.free) OVER w - j.free AS since,
                           SUM(j.free) OVER w AS until
                      FROM recouvrement_payment_plan_line x
                      JOIN item j ON j.move_line_id = x.move_line_id
                     WHERE x.is_live AND j.free > 0
                    WINDOW w AS (PARTITION BY x.plan_id
                                     ORDER BY j.date_due, j.move_line_id)) i
              JOIN (SELECT k.id, k.plan_id, k.number, k.date, p.date_accepted,
                           SUM(k.missing_amount) OVER w - k.missing_amount AS since,
                           SUM(k.missing_amount) OVER w AS until
                      FROM recouvrement_payment_plan_installment k
                      JOIN recouvrement_payment_plan p ON p.id = k.plan_id
                     WHERE p.state IN ('accepted', 'late') AND k.missing_amount > 0
                       AND k.state IN ('due', 'partly', 'late')
                       AND k.date <= %(until)s
                       AND NOT EXISTS (
                           SELECT FROM recouvrement_sepa_collection_item x
                            WHERE x.installment_id = k.id AND x.live)
                    WINDOW w AS (PARTITION BY k.plan_id ORDER BY k.date, k.number)) n
                ON n.plan_id = i.plan_id AND i.since < n.until AND n.since < i.until
            """,
            until=until,
            planned=self._planned_sql(),
        )

    @api.model
    def _planned_sql(self):
        """Items that are paid by the instalments of an accepted plan."""
        return SQL(
            """SELECT x.move_line_id FROM recouvrement_payment_plan_line x
                 JOIN recouvrement_payment_plan p ON p.id = x.plan_id
                WHERE x.is_live AND x.move_line_id IS NOT NULL
                  AND p.state IN ('accepted', 'late')"""
        )

    @api.model
    def _judged_cte(self, company, journal, scheme, day):
        """The verdict on each leg on its own."""
        ics = journal._get_sepa_ics() if journal else None
        return SQL(
            """
            SELECT g.*, k.scheme,
                   CASE WHEN g.currency_id <> %(euro)s THEN 'currency'
                        WHEN g.residual < 0 AND g.kind <> 'credit_note' THEN 'credit'
                        WHEN g.whole_taken OR g.amount = 0 THEN 'in_collection'
                        WHEN g.status <> 'to_chase' THEN g.status
                        WHEN g.hold_until >= %(today)s THEN 'held'
                        WHEN g.residual < 0 THEN 'credit'
                        WHEN g.under_payment THEN 'under_payment'
                        WHEN f.move_line_id IS NOT NULL AND f.represent_from IS NULL
                        THEN 'returned'
                        WHEN g.sepa_mode = 'no' THEN 'other_means'
                        WHEN g.mandate_id IS NULL THEN (%(why)s)
                        WHEN k.creditor_identifier <> COALESCE(%(ics)s,
                             k.creditor_identifier) THEN 'other_account'
                        WHEN k.scheme <> COALESCE(%(scheme)s, k.scheme)
                        THEN 'other_scheme'
                        WHEN k.kind = 'oneoff' AND EXISTS (
                             SELECT FROM recouvrement_sepa_collection_line y
                              WHERE y.mandate_id = k.id AND y.live)
                        THEN 'mandate_used'
                        WHEN (g.notified_on + COALESCE(
                                  NULLIF(k.prenotification_days, 0), %(notice)s)
                              <= %(day)s) IS NOT TRUE THEN 'prenotice'
                        WHEN f.represent_from > %(day)s THEN 'represent_later'
                        WHEN g.amount > 999999999.99 THEN 'amount'
                        ELSE 'collect' END AS reason
              FROM picked g
         LEFT JOIN recouvrement_sepa_mandate k ON k.id = g.mandate_id
         LEFT JOIN (%(failed)s) f ON f.move_line_id = g.move_line_id
               AND COALESCE(f.installment_id, 0) = COALESCE(g.installment_id, 0)
            """,
            euro=self.env.ref("base.EUR").id,
            today=fields.Date.context_today(self),
            ics=ics,
            scheme=scheme,
            notice=company._get_sepa_days("prenotification"),
            day=day,
            why=self._why_sql(day),
            failed=self._failed_sql(),
        )

    @api.model
    def _why_sql(self, day):
        """Why no mandate collects leg ``g``: what hinders the nearest one."""
        return SQL(
            """
            SELECT COALESCE((
                SELECT CASE WHEN k.state = 'suspended' THEN 'mandate_suspended'
                            WHEN k.state = 'expired' OR k.date_expiry < %(day)s
                            THEN 'mandate_lapsed'
                            WHEN k.scheme = 'B2B' AND (k.state = 'signed'
                                 OR k.registered_on > %(day)s) THEN 'not_registered'
                            WHEN k.state = 'active' AND k.kind = 'oneoff'
                             AND k.collection_count > 0 THEN 'mandate_used'
                            WHEN k.state = 'active' AND k.date_signed <= %(day)s
                            THEN 'no_mandate'
                            ELSE 'mandate_not_active' END
                  FROM recouvrement_sepa_mandate k
                 WHERE k.debtor_id = g.debtor_id AND k.state = ANY(%(shown)s)
              ORDER BY k.id = g.chosen_id DESC NULLS LAST, k.state = 'suspended' DESC,
                       k.state = 'active' DESC, k.state = 'expired', k.id DESC
                 LIMIT 1), 'no_mandate')
            """,
            day=day,
            shown=list(SHOWN),
        )

    @api.model
    def _final_select(self, company):
        """Credit notes go against the debits of their debtor, oldest first, up to what
        is debited: a debit is never negative, and one that is nil is none.

        The two sides are columns of their own: the planner takes a comparison with a
        text that was worked out for one row, and would try every pair.
        """
        root = company.root_id.sudo()
        return SQL(
            """
            , sided AS MATERIALIZED (
                SELECT j.*, j.reason = 'collect' AND j.installment_id IS NULL AS debits,
                       %(net)s AND j.reason = 'credit' AND j.kind = 'credit_note'
                           AS deducts
                  FROM judged j
            ), debit AS (
                SELECT debtor_id, mandate_id, SUM(amount) AS amount,
                       SUM(SUM(amount)) OVER w - SUM(amount) AS since,
                       SUM(SUM(amount)) OVER w AS until
                  FROM sided
                 WHERE debits
              GROUP BY debtor_id, mandate_id
                WINDOW w AS (PARTITION BY debtor_id ORDER BY mandate_id)
            ), credit AS (
                SELECT j.*, SUM(-j.amount) OVER w + j.amount AS since,
                       SUM(-j.amount) OVER w AS until
                  FROM sided j
                 WHERE j.deducts
                WINDOW w AS (PARTITION BY j.debtor_id
                                 ORDER BY j.date_due, j.move_line_id)
            ), share AS (
                SELECT c.*, d.mandate_id AS debit_mandate_id,
                       d.amount AS debit_amount,
                       LEAST(c.until, d.until) - GREATEST(c.since, d.since) AS shared,
                       ROW_NUMBER() OVER (PARTITION BY c.move_line_id
                                              ORDER BY d.mandate_id) - 1 AS place
                  FROM credit c
                  JOIN debit d ON d.debtor_id = c.debtor_id
                   AND c.since < d.until AND d.since < c.until
            ), covered AS (
                SELECT debtor_id, debit_mandate_id AS mandate_id FROM share
              GROUP BY debtor_id, debit_mandate_id, debit_amount
                HAVING SUM(shared) >= debit_amount
            )
            SELECT j.move_line_id::bigint * %(step)s + j.part AS id, j.name,
                   j.move_line_id, j.installment_id, j.debtor_id, j.company_id,
                   j.currency_id, j.mandate_id, j.scheme, j.date_due, j.amount,
                   j.notified_on,
                   CASE WHEN j.reason = 'collect' AND j.installment_id IS NULL
                             AND v.mandate_id IS NOT NULL
                        THEN 'covered' ELSE j.reason END AS reason
              FROM sided j
         LEFT JOIN covered v ON v.debtor_id = j.debtor_id
                            AND v.mandate_id = j.mandate_id
             WHERE NOT EXISTS (SELECT FROM share s
                                WHERE s.move_line_id = j.move_line_id)
         UNION ALL
            SELECT s.move_line_id::bigint * %(step)s + s.place, s.name, s.move_line_id,
                   NULL, s.debtor_id, s.company_id, s.currency_id, s.debit_mandate_id,
                   k.scheme, s.date_due, -s.shared, s.notified_on,
                   CASE WHEN v.mandate_id IS NULL THEN 'net' ELSE 'credit' END
              FROM share s
              JOIN recouvrement_sepa_mandate k ON k.id = s.debit_mandate_id
         LEFT JOIN covered v ON v.debtor_id = s.debtor_id
                            AND v.mandate_id = s.debit_mandate_id
            """,
            net=SQL("TRUE") if root.sepa_net_credit_notes else SQL("FALSE"),
            step=ID_STEP,
        )
