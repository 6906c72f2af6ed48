"""What belongs on the risk agenda: the kinds of facts, each with the statement that
finds them."""

from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

# ``number`` is that of the kind for ever: the ids of the rows are made of it. ``rows``
# gives the columns ``record_id``, ``debtor_id`` and ``date``.
RiskKind = namedtuple("RiskKind", "code number model rows")
NUMBERS = 64

KINDS = [
    ("limit_exceeded", "Limit Exceeded"),
    ("limit_near", "Limit Almost Reached"),
    ("limit_ending", "Limit Ending"),
    ("cover_ending", "Cover Ending"),
    ("rating_fallen", "Rating Fallen"),
    ("review_due", "Review Due"),
    ("piece_missing", "Pieces Missing"),
    ("silent", "Silent Debtor"),
    ("lasting_default", "Lasting Default"),
    ("group_exceeded", "Limit of the Group Exceeded"),
    ("shipment_due", "Latest Shipment Near"),
    ("documents_due", "Documents to Present"),
    ("company_ceased", "Company Ceased"),
    ("establishment_closed", "Establishment Closed"),
    ("cover_stopped", "Cover Stopped"),
]


class RecouvrementRiskKinds(models.AbstractModel):
    _name = "recouvrement.risk.kinds"
    _description = "Kinds of Facts of the Risk Agenda"

    @api.model
    def _get_kinds(self):
        """The kinds, as ``RiskKind``. Other addons add theirs, with numbers from 32
        to 63. In the statements ``d`` is the account and ``c`` its company, whose
        parameters are read.
        """
        today = fields.Date.context_today(self)
        return [
            RiskKind(code, number, model, rows)
            for number, (code, model, rows) in enumerate(
                (
                    *self._get_limit_kinds(today),
                    *self._get_file_kinds(today),
                    *self._get_behaviour_kinds(today),
                    *self._get_group_kinds(today),
                    *self._get_documentary_kinds(today),
                    *self._get_sirene_kinds(today),
                    *self._get_stop_kinds(today),
                ),
                start=1,
            )
        ]

    @api.model
    def _debtor_rows(self, condition, day):
        """One row for each account that fits a condition on ``d`` and ``c``."""
        return SQL(
            """SELECT d.id AS record_id, d.id AS debtor_id, %s AS date
                 FROM recouvrement_debtor d JOIN res_company c ON c.id = d.company_id
                WHERE %s""",
            day,
            condition,
        )

    @api.model
    def _record_rows(self, table, day, condition):
        """One row for each record ``r`` of a table that fits a condition."""
        return SQL(
            """SELECT r.id AS record_id, r.debtor_id, %s AS date
                 FROM %s r
                 JOIN recouvrement_debtor d ON d.id = r.debtor_id
                 JOIN res_company c ON c.id = d.company_id
                WHERE %s""",
            day,
            SQL.identifier(table),
            condition,
        )

    @api.model
    def _ends_soon_sql(self, ends, today):
        return SQL(
            "%(ends)s BETWEEN %(today)s AND %(today)s + c.recouvrement_risk_days",
            ends=ends,
            today=today,
        )

    @api.model
    def _get_limit_kinds(self, today):
        yield (
            "limit_exceeded",
            "recouvrement.debtor",
            self._debtor_rows(
                SQL("d.credit_limited AND d.limit_excess > 0"), SQL("%s::date", today)
            ),
        )
        yield (
            "limit_near",
            "recouvrement.debtor",
            self._debtor_rows(
                SQL(
                    """d.credit_limited AND d.credit_limit > 0
                   AND COALESCE(d.limit_excess, 0) <= 0
                   AND (d.exposure_amount - COALESCE(d.exposure_guaranteed, 0)) * 100
                       >= d.credit_limit * c.recouvrement_limit_near"""
                ),
                SQL("%s::date", today),
            ),
        )
        yield (
            "limit_ending",
            "recouvrement.credit.limit",
            self._record_rows(
                "recouvrement_credit_limit",
                SQL("r.date_to"),
                SQL(
                    "r.state = 'approved' AND %s",
                    self._ends_soon_sql(SQL("r.date_to"), today),
                ),
            ),
        )
        ends = SQL(
            """CASE r.state WHEN 'cancelled' THEN LEAST(r.date_to, r.date_effect)
                    ELSE r.date_to END"""
        )
        yield (
            "cover_ending",
            "recouvrement.cover",
            self._record_rows(
                "recouvrement_cover",
                ends,
                SQL(
                    "r.state != 'refused' AND r.date_from <= %s AND %s",
                    today,
                    self._ends_soon_sql(ends, today),
                ),
            ),
        )

    @api.model
    def _get_file_kinds(self, today):
        yield (
            "rating_fallen",
            "recouvrement.rating",
            self._record_rows(
                "recouvrement_rating",
                SQL("r.date"),
                SQL(
                    "r.is_current AND r.change < 0 "
                    "AND r.date >= %s - c.recouvrement_risk_days",
                    today,
                ),
            ),
        )
        yield (
            "review_due",
            "recouvrement.credit.file",
            self._record_rows(
                "recouvrement_credit_file",
                SQL("r.date_review"),
                SQL("r.date_review <= %s + c.recouvrement_risk_days", today),
            ),
        )
        yield (
            "piece_missing",
            "recouvrement.credit.file",
            self._record_rows(
                "recouvrement_credit_file",
                SQL("r.date_opened"),
                SQL(
                    "r.missing_count > 0 "
                    "AND d.exposure_amount >= c.recouvrement_big_amount"
                ),
            ),
        )

    @api.model
    def _get_behaviour_kinds(self, today):
        heard = SQL(
            "GREATEST(d.last_contact_date, d.last_reached_date, d.last_payment_date)"
        )
        yield (
            "silent",
            "recouvrement.debtor",
            self._debtor_rows(
                SQL(
                    """d.exposure_amount >= c.recouvrement_big_amount
                   AND COALESCE(%s, DATE '-infinity')
                       < %s - c.recouvrement_silent_days""",
                    heard,
                    today,
                ),
                heard,
            ),
        )
        yield (
            "lasting_default",
            "recouvrement.debtor",
            self._debtor_rows(
                SQL(
                    """d.overdue_amount > 0
                   AND d.oldest_due_date < %s - c.recouvrement_default_days""",
                    today,
                ),
                SQL("d.oldest_due_date"),
            ),
        )

    @api.model
    def _get_group_kinds(self, today):
        heads = self.env["recouvrement.credit.verdict"]._get_groups_exceeded()
        yield (
            "group_exceeded",
            "recouvrement.debtor",
            self._debtor_rows(
                SQL("d.id = ANY(%s::integer[])", heads), SQL("%s::date", today)
            ),
        )

    @api.model
    def _get_documentary_kinds(self, today):
        """What is missed stays as long as it was announced."""
        for code, day, missing in (
            ("shipment_due", SQL("r.date_shipment"), SQL("r.date_shipped IS NULL")),
            (
                "documents_due",
                SQL("r.date_presentation"),
                SQL("r.date_shipped IS NOT NULL"),
            ),
        ):
            yield (
                code,
                "recouvrement.cover",
                self._record_rows(
                    "recouvrement_cover",
                    day,
                    SQL(
                        """r.state IN ('granted', 'reduced')
                       AND r.date_presentation IS NOT NULL
                       AND r.date_presented IS NULL AND %(missing)s
                       AND %(day)s BETWEEN %(today)s - c.recouvrement_risk_days
                                       AND %(today)s + c.recouvrement_risk_days""",
                        missing=missing,
                        day=day,
                        today=today,
                    ),
                ),
            )

    @api.model
    def _get_sirene_kinds(self, today):
        """Customers that the Sirene directory says to have ceased, until a person
        accepts it; one row for each account."""
        for kind in ("company_ceased", "establishment_closed"):
            yield (
                kind,
                "recouvrement.debtor",
                SQL(
                    """SELECT r.debtor_id AS record_id, r.debtor_id,
                              COALESCE(r.date, %s) AS date
                         FROM recouvrement_identity_finding r
                        WHERE r.kind = %s AND r.date_accepted IS NULL""",
                    today,
                    kind,
                ),
            )

    @api.model
    def _get_stop_kinds(self, today):
        """Of each insurer, its newest answer."""
        yield (
            "cover_stopped",
            "recouvrement.cover",
            self._record_rows(
                "recouvrement_cover",
                SQL("r.stopped_on"),
                SQL(
                    """r.stopped_on IS NOT NULL AND r.date_from <= %(today)s
                   AND (r.date_to IS NULL OR r.date_to >= %(today)s)
                   AND (r.state IN ('granted', 'reduced')
                        OR r.state = 'cancelled' AND r.date_effect > %(today)s)
                   AND NOT EXISTS (
                       SELECT FROM recouvrement_cover newer
                         JOIN recouvrement_cover_kind k ON k.id = newer.kind_id
                        WHERE newer.debtor_id = r.debtor_id
                          AND newer.provider_id = r.provider_id
                          AND k.effect = 'insurance'
                          AND newer.date_from <= %(today)s
                          AND (newer.date_to IS NULL OR newer.date_to >= %(today)s)
                          AND (newer.date_from, newer.id) > (r.date_from, r.id))""",
                    today=today,
                ),
            ),
        )
