"""Key figures frozen at the end of each month, for good."""

import json
import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.kpi import KPIS, KpiValue
from ..tools.period import Period

_logger = logging.getLogger(__name__)

DIMENSIONS = [
    ("none", "Company"),
    ("segment", "Segment"),
    ("collector", "Collector"),
    ("salesperson", "Salesperson"),
]
GROUPS = {
    "segment": "recouvrement.segment",
    "collector": "res.users",
    "salesperson": "res.users",
    "company": "res.company",
}


class RecouvrementKpiSnapshot(models.Model):
    """A figure of a legal entity and a month as it was when the month was closed, with
    the measures it was made of. It is never changed: what the ledger says now is
    compared with it (``kpi_compare.py``)."""

    _name = "recouvrement.kpi.snapshot"
    _description = "Frozen Key Figure"
    _inherit = ["recouvrement.guarded"]
    _order = "date_start DESC, kpi_id, dimension, key_label, id"
    _rec_name = "kpi_id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date_start = fields.Date(string="From", required=True, readonly=True)
    date_end = fields.Date(string="To", required=True, readonly=True)
    kpi_id = fields.Many2one(
        "recouvrement.kpi",
        string="Figure",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    code = fields.Char(required=True, readonly=True)
    family = fields.Selection(related="kpi_id.family")
    unit = fields.Selection(related="kpi_id.unit")
    dimension = fields.Selection(
        DIMENSIONS, string="Of", required=True, readonly=True, default="none"
    )
    key_id = fields.Integer(readonly=True, help="0: those without any.")
    key_label = fields.Char(string="Name", readonly=True)
    exact = fields.Char(
        string="Exact Value", readonly=True, help="Empty: not computable."
    )
    value = fields.Float(digits=(20, 6), readonly=True, aggregator=None)
    measures = fields.Json(readonly=True)
    frozen_by_id = fields.Many2one("res.users", readonly=True)
    frozen_on = fields.Datetime(required=True, readonly=True)

    _once_uniq = models.UniqueIndex(
        "(company_id, date_start, date_end, code, dimension, key_id)",
        "This figure is frozen already.",
    )
    _month_check = models.Constraint(
        "CHECK (date_start <= date_end)", "A period ends after it starts."
    )

    # ------------------------------------------------------------------
    # A RECORD
    # ------------------------------------------------------------------

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A frozen figure is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        raise UserError(self.env._("A frozen figure is kept."))

    def _get_value(self):
        """The figure and its measures, exact."""
        self.ensure_one()
        return KpiValue(
            Decimal(self.exact) if self.exact else None,
            {name: Decimal(text) for name, text in (self.measures or {}).items()},
        )

    # ------------------------------------------------------------------
    # FREEZING
    # ------------------------------------------------------------------

    @api.model
    def freeze_month(self, day):
        """Freeze the figures of the month of a day, for the legal entity of the user.

        :raise AccessError: for anybody but credit managers.
        :raise UserError: when the month is not over, or frozen.
        """
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(self.env._("Credit managers freeze the figures."))
        period = Period.month(fields.Date.to_date(day))
        company = self.env.company.root_id
        if not self._freeze(company, period):
            raise UserError(self.env._("The figures of this month are frozen already."))
        return True

    @api.model
    def _freeze(self, company, period):
        """Freeze a month of a legal entity, once.

        :param company: a root company; its branches count with it.
        :return: number of figures, 0 when the month was frozen before.
        :raise UserError: when the month is not over.
        """
        if period.end >= fields.Date.context_today(self):
            raise UserError(self.env._("A month is frozen once it is over."))
        if self._is_frozen(company, period):
            return 0
        companies = self._get_entity(company)
        kpis = self.env["recouvrement.kpi"].sudo().with_company(company)
        kpis = kpis.with_context(allowed_company_ids=companies.ids, active_test=False)
        ids = {kpi.code: kpi.id for kpi in kpis.search([("code", "in", list(KPIS))])}
        frozen = 0
        for dimension, _label in DIMENSIONS:
            by = None if dimension == "none" else dimension
            found = kpis._compute_kpis(list(ids), period, by)
            labels = self._label_keys(by, found)
            rows = [
                (ids[code], code, dimension, key or 0, labels.get(key), one)
                for key, values in found.items()
                for code, one in values.items()
            ]
            frozen += self._insert(company, period, rows)
        self.invalidate_model()
        return frozen

    @api.model
    def _get_entity(self, root):
        """A root company with its branches, itself first."""
        branches = self.env["res.company"].sudo().search([("id", "child_of", root.id)])
        return root.sudo() | branches

    @api.model
    def _label_keys(self, by, keys):
        """Names of the groups at that moment: ``{key: label}``."""
        if by is None:
            return {}
        records = self.env[GROUPS[by]].sudo().with_context(active_test=False)
        found = records.browse([key for key in keys if key]).exists()
        return {
            False: self.env._("None"),
            **{record.id: record.display_name for record in found},
        }

    @api.model
    def _insert(self, company, period, rows):
        """One statement; of two at the same moment, one writes."""
        if not rows:
            return 0
        columns = zip(
            *(
                (kpi_id, code, dimension, key, label, *self._to_texts(one))
                for kpi_id, code, dimension, key, label, one in rows
            ),
            strict=True,
        )
        names = ("kpi", "code", "dimension", "key", "label", "exact", "measures")
        written = self.env.execute_query(
            SQL(
                """
                INSERT INTO recouvrement_kpi_snapshot
                       (company_id, currency_id, date_start, date_end, kpi_id, code,
                        dimension, key_id, key_label, exact, value, measures,
                        frozen_by_id, frozen_on)
                SELECT %(company)s, %(currency)s, %(start)s, %(end)s, v.kpi, v.code,
                       v.dimension, v.key, v.label, v.exact,
                       ROUND(v.exact::numeric, 6), v.measures::jsonb, %(uid)s, %(now)s
                  FROM unnest(%(kpi)s::integer[], %(code)s::varchar[],
                              %(dimension)s::varchar[], %(key)s::integer[],
                              %(label)s::varchar[], %(exact)s::varchar[],
                              %(measures)s::text[])
                       AS v(kpi, code, dimension, key, label, exact, measures)
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                company=company.id,
                currency=company.currency_id.id,
                start=period.start,
                end=period.end,
                uid=self.env.uid,
                now=self.env.cr.now(),
                **dict(zip(names, map(list, columns), strict=True)),
            )
        )
        return len(written)

    @api.model
    def _to_texts(self, one):
        exact = None if one.value is None else f"{one.value:f}"
        measures = {name: f"{amount:f}" for name, amount in one.measures.items()}
        return exact, json.dumps(measures)

    @api.model
    def _is_frozen(self, company, period):
        return bool(
            self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("date_start", "=", period.start),
                    ("date_end", "=", period.end),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------
    # EVERY MONTH
    # ------------------------------------------------------------------

    @api.model
    def _cron_freeze(self):
        """Freeze the months that are over; those that were missed are caught up."""
        todo = self._get_missing()
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(todo))
        failed = self.env["res.company"]
        for company, period in todo:
            # In order: what follows a month that failed would hide it.
            if company not in failed and not self._try_freeze(company, period):
                failed |= company
            if not progress._commit_progress(1):
                break

    @api.model
    def _try_freeze(self, company, period):
        """One legal entity and month; a failure leaves the other entities alone, and
        is tried again the next day.

        :return: whether it went well.
        """
        try:
            with self.env.cr.savepoint():
                self._freeze(company, period)
            return True
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Key figures of %s, %s", company.name, period)
            return False

    @api.model
    def _get_missing(self):
        """``[(root company, month)]`` since the last frozen month of each entity that
        has customers; of one that has none frozen, the last month only."""
        last = Period.month(Period.month(fields.Date.context_today(self)).eve)
        debtors = self.env["recouvrement.debtor"].sudo()
        known = dict(self.sudo()._read_group([], ["company_id"], ["date_end:max"]))
        todo = []
        for [company] in debtors._read_group([], ["company_id"]):
            first = last.start
            if company in known:
                first = fields.Date.add(known[company], days=1)
            if first <= last.end:
                todo += [(company, month) for month in Period(first, last.end).months()]
        return sorted(todo, key=lambda one: (one[1], one[0].id))
