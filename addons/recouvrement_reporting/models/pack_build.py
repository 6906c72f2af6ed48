"""The figures of a pack: read from the parts that own them, put together here, kept."""

from dataclasses import dataclass

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from ..tools.kpi import KPIS
from ..tools.pack import Section, cell, change_cell, exact
from ..tools.period import Period

SYNOPSIS = (
    "receivables",
    "overdue",
    "overdue_pct",
    "over_90_pct",
    "dso_countback",
    "days_beyond_terms",
    "collected",
    "sales",
    "cei",
    "dispute_ratio",
    "promise_kept_amount",
)
TREND = 12
# The order of the document; each is a method ``_make_…`` that fills a section.
SECTIONS = (
    "synopsis",
    "balance",
    "disputes",
    "provisions",
    "forecast",
    "targets",
    "reviews",
    "kpi",
    "facts",
)


@dataclass(frozen=True)
class Known:
    """Key figures that several chapters speak of.

    :ivar dict now: ``{code: KpiValue}`` of the month of the pack.
    :ivar dict before: those of the month before.
    """

    now: dict
    before: dict


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _prepare(self, user):
        """Figures, commentary and files of the pack. Called in sudo.

        The key figures of the month are frozen first, so that the pack and the frozen
        figures are the same.
        """
        self.ensure_one()
        self.env["recouvrement.kpi.snapshot"]._freeze(
            self.company_id, self._get_period()
        )
        pack = self._with_scope()
        pack.figure_ids.unlink()
        sections = pack._make_sections()
        pack.env["recouvrement.pack.figure"].create(
            [
                {
                    **figure,
                    "pack_id": self.id,
                    "sequence": number,
                    "value": float(figure["exact"] or 0),
                }
                for number, figure in enumerate(
                    figure for section in sections for figure in section.figures
                )
            ]
        )
        self.write(
            {
                "lang": pack.env.lang,
                "data": {"sections": [section.to_json() for section in sections]},
                "commentary": pack._make_commentary(sections),
                "state": "ready",
                "failure": False,
                "prepared_on": self.env.cr.now(),
                "prepared_by_id": user.id,
            }
        )
        self._make_files()

    def _with_scope(self):
        """The same pack reading the whole legal entity, in its language."""
        entity = self.env["recouvrement.kpi.snapshot"]._get_entity(self.company_id)
        return self.with_context(
            allowed_company_ids=entity.ids, lang=self._get_company_lang()
        ).with_company(self.company_id)

    def _get_company_lang(self):
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (self.company_id.partner_id.lang, self.env.lang):
            if lang in installed:
                return lang
        return "en_US"

    def _make_sections(self):
        """Chapters in the order of the document; the facts come after the synopsis but
        are made last, because they speak of the others."""
        period, sections = self._get_period(), {}
        known = Known(self._get_kpis(period), self._get_kpis(Period.month(period.eve)))
        for key in SECTIONS:
            section = Section(key, self._label_section(key))
            getattr(self, f"_make_{key}")(section, known)
            sections[key] = section
        order = ("synopsis", "facts", *SECTIONS[1:-1])
        return [sections[key] for key in order]

    def _label_section(self, key):
        labels = {
            "synopsis": self.env._("Synopsis"),
            "facts": self.env._("What moved, and why"),
            "balance": self.env._("Aged balance"),
            "disputes": self.env._("Disputes and litigation"),
            "provisions": self.env._("Provisions"),
            "forecast": self.env._("Forecast of receipts"),
            "targets": self.env._("Targets"),
            "reviews": self.env._("Account reviews"),
            "kpi": self.env._("Key figures"),
        }
        return labels[key]

    def _make_commentary(self, sections):
        """The facts as they are read on the form."""
        facts = next(section for section in sections if section.key == "facts")
        parts = []
        for block in facts.blocks:
            if block.get("sentences"):
                lines = Markup("").join(
                    Markup("<li>%s</li>") % one for one in block["sentences"]
                )
                parts.append(Markup("<h4>%s</h4><ul>%s</ul>") % (block["title"], lines))
        return Markup("").join(parts)

    # ------------------------------------------------------------------
    # KEY FIGURES
    # ------------------------------------------------------------------

    def _get_kpis(self, period):
        """``{code: KpiValue}`` of a month: frozen, or worked out where it was not."""
        kpis = self.env["recouvrement.kpi"]
        frozen = kpis._get_frozen(self.company_id, period, KPIS).get(None, {})
        missing = [code for code in KPIS if code not in frozen]
        found = kpis._compute_kpis(missing, period).get(None, {}) if missing else {}
        return {**found, **frozen}

    def _make_synopsis(self, section, known):
        """The headline figures with their last twelve months."""
        kpis = self.env["recouvrement.kpi"]
        shown = self._get_shown_kpis()
        codes = [code for code in SYNOPSIS if code in shown]
        series = kpis._get_series(codes, TREND, self.date_end)
        last, before = series[-1]["values"], series[-2]["values"]
        rows = []
        for code in codes:
            kpi = shown[code]
            number = section.number(
                kpi.name,
                last[code],
                before[code],
                unit=kpi.unit,
                decimals=kpi.decimals,
                **self._kpi_source(code, self._get_period()),
            )
            rows.append(
                [
                    kpi.name,
                    number,
                    *self._change_cells(kpi, last[code], before[code]),
                    {"trend": [exact(one["values"][code]) for one in series]},
                    self._judge_change(kpi, last[code], before[code]),
                ]
            )
        section.table(
            "",
            [
                self.env._("Key figure"),
                self._month_label(self._get_period()),
                self._month_label(Period.month(self._get_period().eve)),
                self.env._("Change"),
                self.env._("12 months"),
                "",
            ],
            rows,
        )
        self._make_trend(section, codes, series)

    def _make_trend(self, section, codes, series):
        """The same figures month by month; each of them opens its lines too."""
        kpis = self._get_shown_kpis()
        months = [one["period"] for one in series]
        rows = []
        listed = Section("trend", "")
        for code in codes:
            kpi = kpis[code]
            cells = [
                listed.number(
                    f"{kpi.name}, {self._month_label(one['period'])}",
                    one["values"][code],
                    unit=kpi.unit,
                    decimals=kpi.decimals,
                    **self._kpi_source(code, one["period"]),
                )
                for one in series
            ]
            rows.append([kpi.name, *cells])
        section.figures += listed.figures
        frozen = [one["period"] for one in series if not one["frozen"]]
        note = ""
        if frozen:
            note = self.env._(
                "Months that were not frozen, worked out from the ledger of today: %s.",
                ", ".join(map(self._month_label, frozen)),
            )
        section.table(
            self.env._("Twelve months"),
            [self.env._("Key figure"), *map(self._month_label, months)],
            rows,
            note=note,
        )

    def _make_kpi(self, section, known):
        """Every key figure with its definition, and what it is made of."""
        period = self._get_period()
        now, before = known.now, known.before
        kpis = self._get_shown_kpis()
        rows, parts = [], []
        listed = Section("measure", "")
        for code, kpi in kpis.items():
            value, earlier = now[code].value, before[code].value
            number = section.number(
                kpi.name,
                value,
                earlier,
                unit=kpi.unit,
                decimals=kpi.decimals,
                **self._kpi_source(code, period, now[code]),
            )
            rows.append(
                [
                    kpi.name,
                    number,
                    *self._change_cells(kpi, value, earlier),
                    kpi.definition,
                    kpi.formula,
                ]
            )
            parts += self._list_measures(listed, kpi, now[code], before[code])
        section.figures += listed.figures
        month = Period.month(period.eve)
        heads = [
            self.env._("Key figure"),
            self._month_label(period),
            self._month_label(month),
            self.env._("Change"),
            self.env._("Definition"),
            self.env._("Formula"),
        ]
        section.table("", heads, rows)
        section.table(
            self.env._("What they are made of"),
            [
                self.env._("Key figure"),
                self.env._("Measure"),
                self._month_label(period),
                self._month_label(month),
            ],
            parts,
            is_printed=False,
        )

    def _list_measures(self, listed, kpi, now, before):
        """Measures of one key figure, when it has more than one."""
        if len(now.measures) < 2:
            return []
        kpis = self.env["recouvrement.kpi"]
        rows = []
        for name, amount in now.measures.items():
            label = self._label_measure(name)
            unit = kpis._unit_of(name)
            decimals = 0 if unit == "count" else 2
            earlier = before.measures.get(name)
            unit = "ratio" if unit == "weighted" else unit
            number = listed.number(
                f"{kpi.name}: {label}",
                amount,
                earlier,
                unit=unit,
                decimals=decimals,
                **self._kpi_source(kpi.code, self._get_period(), measure=name),
            )
            rows.append([kpi.name, label, number, cell(earlier, unit, decimals)])
        return rows

    def _label_measure(self, name):
        label = self.env["recouvrement.kpi"]._label_measure(name)
        if not name.startswith("sales:"):
            return label
        day = fields.Date.to_date(name.partition(":")[2])
        return f"{label}, {self._month_label(Period.month(day))}"

    def _get_shown_kpis(self):
        """``{code: key figure}`` of the screen, in its order."""
        kpis = self.env["recouvrement.kpi"].search([("code", "in", list(KPIS))])
        return {kpi.code: kpi for kpi in kpis}

    def _kpi_source(self, code, period, value=None, measure=None):
        """What opens the lines of a key figure: of its first measure."""
        names = list(KPIS[code].measures) or list(value.measures if value else ())
        return {
            "kind": "kpi",
            "code": code,
            "measure": measure or names[0],
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
        }

    def _change_cells(self, kpi, value, before):
        """The month before, and what changed since."""
        args = kpi.unit, kpi.decimals
        return [cell(before, *args), change_cell(value, before, *args)]

    def _judge_change(self, kpi, value, before):
        """« better », « worse » or nothing."""
        if None in (value, before) or kpi.direction == "neutral":
            return ""
        change = round(value, kpi.decimals) - round(before, kpi.decimals)
        if not change:
            return self.env._("unchanged")
        if (change > 0) == (kpi.direction == "higher"):
            return self.env._("better")
        return self.env._("worse")

    def _month_label(self, period):
        return format_date(self.env, period.start, date_format="MMM y")
