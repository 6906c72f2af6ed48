"""A figure of a pack against what the ledger says today, and what came in between."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.kpi import MEASURES, MONTHS_PREFIX
from ..tools.pack import difference
from ..tools.period import Period

# Kinds of sources that are read from the ledger at each opening. Records are opened by
# their ids, forecasts are kept.
READ_AGAIN = ("kpi", "aged", "target")
CAUSES = ("entered", "matched", "unmatched", "withdrawn")
# Families of measures that are read from other accounts than receivables.
OTHER_ACCOUNTS = ("losses", "written_off")


class RecouvrementPackFigure(models.Model):
    _inherit = "recouvrement.pack.figure"

    known_on = fields.Datetime(string="Frozen On", compute="_compute_known_on")
    today_text = fields.Char(string="Ledger of Today", compute="_compute_comparison")
    difference_text = fields.Char(string="Difference", compute="_compute_comparison")
    explanation = fields.Text(compute="_compute_comparison")
    entered_count = fields.Integer(compute="_compute_comparison")
    matched_count = fields.Integer(compute="_compute_comparison")
    unmatched_count = fields.Integer(compute="_compute_comparison")
    withdrawn_count = fields.Integer(compute="_compute_comparison")

    def _compute_known_on(self):
        for one in self:
            one.known_on = one._get_known_on()

    # One figure at a time: the form of a figure shows them, no list does.
    def _compute_comparison(self):
        for one in self:
            today, value = one._read_today(), one._get_value()
            show = self.env["recouvrement.pack"]._show
            args = one.unit, one.decimals, one.currency_id
            change = difference(today, value)
            causes = one._find_causes()
            one.today_text = show(today, *args)
            one.difference_text = one._show_difference(change)
            one.explanation = "\n".join(one._explain(change, causes))
            for kind in CAUSES:
                one[f"{kind}_count"] = len(causes.get(kind, ()))

    def _show_difference(self, change):
        if change is None:
            return ""
        packs = self.env["recouvrement.pack"]
        return packs._show_change(change, self.unit, self.decimals, self.currency_id)

    # ------------------------------------------------------------------
    # WHEN IT WAS READ
    # ------------------------------------------------------------------

    def _get_known_on(self, source=None):
        """When the figure was read from the ledger: the pack takes the key figures of
        a month as they were frozen, and reads the rest itself."""
        self.ensure_one()
        prepared = self.pack_id.prepared_on
        source = source or self.source or {}
        if source.get("kind") != "kpi" or "partner" in source:
            return prepared
        frozen = (
            self.env["recouvrement.kpi.snapshot"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date_start", "=", source["start"]),
                    ("date_end", "=", source["end"]),
                    ("code", "=", source["code"]),
                    ("dimension", "=", "none"),
                ],
                limit=1,
            )
        )
        if frozen and prepared and frozen.frozen_on <= prepared:
            return frozen.frozen_on
        return prepared

    def _is_read_again(self):
        return bool(self.source) and self.source["kind"] in READ_AGAIN

    # ------------------------------------------------------------------
    # WHAT THE LEDGER SAYS TODAY
    # ------------------------------------------------------------------

    def _has_changed(self):
        """Whether the ledger gives another number today, as far as it is shown."""
        self.ensure_one()
        if not self._is_read_again():
            return False
        today, value = self._read_today(), self._get_value()
        if None in (today, value):
            return today is not value
        return round(today, self.decimals) != round(value, self.decimals)

    def _read_today(self):
        """The exact number now; of what is kept by itself, the number as it was."""
        self.ensure_one()
        if not self._is_read_again():
            return self._get_value()
        source = dict(self.source)
        return getattr(self._with_scope(), f"_today_{source.pop('kind')}")(**source)

    def _today_kpi(self, code, measure, start, end, partner=None):
        kpis = self.env["recouvrement.kpi"]
        period = Period(fields.Date.to_date(start), fields.Date.to_date(end))
        if partner is not None:
            return self._sum_lines(self._open_lines())
        if not self._is_of_measure():
            return kpis._compute_kpis([code], period)[None][code].value
        if measure.startswith(MONTHS_PREFIX):
            return self._sum_lines(self._open_lines())
        return kpis._read_measures([measure], period).get(None, {}).get(measure)

    def _today_aged(self, options, key=None, column=None):
        return self._sum_lines(self._open_lines(), "amount_residual")

    def _today_target(self, user, code, start, end):
        kpis = self.env["recouvrement.kpi"]
        period = Period(fields.Date.to_date(start), fields.Date.to_date(end))
        by, key = ("collector", user) if user else (None, None)
        found = kpis._compute_kpis([code], period, by).get(key, {})
        return found[code].value if found else Decimal(0)

    def _sum_lines(self, action, column="value"):
        """What the lines of an action add up to, to the cent."""
        lines = self.env[action["res_model"]].with_context(**action["context"])
        [[total]] = lines._read_group(action["domain"], [], [f"{column}:sum"])
        return Decimal(repr(self.currency_id.round(total or 0.0)))

    # ------------------------------------------------------------------
    # CAUSES
    # ------------------------------------------------------------------

    def _get_span_end(self):
        """The last day that the figure is about."""
        source = self.source
        day = source["options"]["as_of"] if source["kind"] == "aged" else source["end"]
        return fields.Date.to_date(day)

    def _find_causes(self):
        """Entries that changed what the figure is read from since: ``{kind: ids}``."""
        self.ensure_one()
        if not self._is_read_again() or not self._get_known_on():
            return {}
        day = self._get_span_end()
        found = (
            self.env["recouvrement.kpi.snapshot"]
            .sudo()
            ._find_causes(self.company_id, Period(day, day), self._get_known_on())
        )
        causes = {one["kind"]: self._filter_entries(one["ids"]) for one in found}
        return {kind: ids for kind, ids in causes.items() if ids}

    def _filter_entries(self, ids):
        """Those among entries that may count in the figure."""
        source = self.source
        conditions = [SQL("l.move_id = ANY(%s)", list(ids))]
        measure = MEASURES.get(source.get("measure") or "")
        if not measure or measure.family not in OTHER_ACCOUNTS:
            conditions.append(SQL("a.account_type = 'asset_receivable'"))
        partner_id = self._get_partner_id()
        if partner_id:
            conditions.append(SQL("p.commercial_partner_id = %s", partner_id))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.move_id FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
             LEFT JOIN res_partner p ON p.id = l.partner_id
                 WHERE %s
              ORDER BY 1
                """,
                SQL(" AND ").join(conditions),
            )
        )
        return [move_id for [move_id] in rows]

    def _get_partner_id(self):
        """The customer that the figure is about, if one."""
        source = self.source
        if source["kind"] == "aged" and source["options"].get("group_by") == "debtor":
            return source.get("key") or None
        return source.get("partner") or None

    def _explain(self, change, causes):
        """What the difference comes from, in sentences."""
        if not change:
            return [self.env._("The ledger of today gives the same figure.")]
        labels = self.env["recouvrement.kpi.snapshot"]._cause_labels()
        sentences = [
            self.env._(
                "%(cause)s: %(count)s.", cause=labels[kind], count=len(causes[kind])
            )
            for kind in CAUSES
            if kind in causes
        ]
        known = self._sum_known()
        if known is not None and known != self._get_value():
            gap = self._show_difference(known - self._get_value())
            sentences.append(
                self.env._(
                    "Without what was posted and matched since, the lines make %s "
                    "more or less than the frozen figure: entries taken back, or "
                    "statuses, disputes and due dates changed since.",
                    gap,
                )
            )
        elif known is not None:
            sentences.append(
                self.env._(
                    "“Lines as Frozen” leaves out what was posted and matched since: "
                    "they add up to the frozen figure."
                )
            )
        elif not causes:
            sentences.append(
                self.env._(
                    "No entry explains it: statuses, disputes, promises or portfolios "
                    "were changed since."
                )
            )
        return sentences

    def _sum_known(self):
        """What the lines as frozen add up to; None where no sum of lines is the
        figure."""
        source = self.source
        if source["kind"] == "aged":
            return self._sum_lines(self.action_open_frozen_lines(), "amount_residual")
        if source["kind"] != "kpi" or self.unit not in ("amount", "count"):
            return None
        action = self.action_open_frozen_lines()
        if action["res_model"] != "recouvrement.kpi.line":
            return None
        return self._sum_lines(action)

    # ------------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------------

    def _open_comparison(self):
        view = "recouvrement_reporting.recouvrement_pack_figure_view_form"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changed since It Was Frozen"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(view).id, "form")],
            "view_mode": "form",
            "target": "new",
        }

    def action_open_cause(self):
        """The entries of one cause, named by the context key ``cause``.

        :raise UserError: when it names none.
        """
        self.ensure_one()
        self.check_access("read")
        kind = self.env.context.get("cause")
        if kind not in CAUSES:
            raise UserError(self.env._("This is no cause."))
        return {
            "type": "ir.actions.act_window",
            "name": self._get_cause_label(kind),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._find_causes().get(kind, []))],
        }

    @api.model
    def _get_cause_label(self, kind):
        return self.env["recouvrement.kpi.snapshot"]._cause_labels()[kind]
