"""The lines behind the figures of a pack, as they were known when it was made."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.kpi import KPIS
from ..tools.period import Period
from .open_item import KNOWN_AT

# Chapters whose key figures are measures; in the others they are the figure itself.
OF_MEASURES = ("measure", "disputes", "facts")


class RecouvrementPackFigure(models.Model):
    _inherit = "recouvrement.pack.figure"

    def action_open_source(self):
        """The lines that make the figure up, as far as the user may see them; first
        what changed, when the ledger says something else today."""
        self.ensure_one()
        self.check_access("read")
        if not self.source:
            raise UserError(self.env._("This figure has no lines of its own."))
        if self._has_changed():
            return self._open_comparison()
        known = self._sum_known() if self._is_read_again() else None
        if known is not None and known != round(self._get_value() or 0, 2):
            # What was frozen in the transaction that made the entries, or changes
            # that make up for each other: today's lines are those that add up.
            return self.action_open_today_lines()
        return self.action_open_frozen_lines()

    def action_open_frozen_lines(self):
        """The lines without what was posted or matched since."""
        return self._open_lines(self._get_known_on())

    def action_open_today_lines(self):
        """The lines as the ledger has them now."""
        return self._open_lines()

    def action_open_before(self):
        """The lines of the same figure a month before, as the pack found them.

        :raise UserError: when it is not read from the ledger.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.has_before:
            raise UserError(self.env._("This figure has no lines of its own."))
        source = self._get_source_before()
        return self._open_lines(self._get_known_on(source), source)

    def _get_source_before(self):
        """What the month before was read from; none where it was not the ledger."""
        source = dict(self.source or {})
        month = Period.month(self.pack_id._get_period().eve)
        if source.get("kind") == "aged":
            options = {**source["options"], "as_of": month.end.isoformat()}
            return {**source, "options": options}
        if source.get("kind") == "kpi" and not source["measure"].startswith("sales:"):
            days = {"start": month.start.isoformat(), "end": month.end.isoformat()}
            return {**source, **days}
        return None

    def _open_lines(self, known_on=None, source=None):
        self.ensure_one()
        self.check_access("read")
        if not self.source:
            raise UserError(self.env._("This figure has no lines of its own."))
        source = dict(source or self.source)
        kind = source.pop("kind")
        scoped = self._with_scope()
        if known_on and self._is_read_again():
            # ``to_string`` of the ORM cuts the second.
            moment = known_on.isoformat(" ")
            scoped = scoped.with_context(**{KNOWN_AT: moment})
        action = getattr(scoped, f"_open_{kind}")(**source)
        context = action.get("context") or {}
        if isinstance(context, dict):
            allowed = scoped.env.context["allowed_company_ids"]
            context = {**context, "allowed_company_ids": allowed}
            if KNOWN_AT in scoped.env.context:
                context[KNOWN_AT] = scoped.env.context[KNOWN_AT]
                self._name_frozen(action, known_on)
            action["context"] = context
        return action

    def _name_frozen(self, action, known_on):
        """Say as of when the lines were known."""
        moment = fields.Datetime.context_timestamp(self, known_on)
        name = self.env._(
            "%(lines)s (as frozen on %(day)s)",
            lines=action["name"],
            day=format_date(self.env, moment.date()),
        )
        action.update(name=name, display_name=name)

    def _with_scope(self):
        """The figure in the companies of the legal entity that the user has."""
        entity = self.env["recouvrement.kpi.snapshot"]._get_entity(self.company_id)
        mine = entity.filtered(lambda one: one in self.env.user.company_ids)
        return self.with_context(allowed_company_ids=mine.ids)

    def _is_of_measure(self):
        return self.section in OF_MEASURES

    # ------------------------------------------------------------------
    # KINDS OF SOURCES
    # ------------------------------------------------------------------

    def _open_kpi(self, code, measure, start, end, partner=None):
        parts = self._get_parts(code, start, end)
        if len(parts) > 1:
            return self._open_parts(parts)
        action = self.env["recouvrement.kpi"].action_open_lines(
            code, measure, start, end
        )
        if partner is None:
            return action
        action["domain"] = [("partner_id", "=", partner)]
        amount = self._sum_lines(action)
        text = self.env["recouvrement.kpi"]._format_measure(measure, float(amount))
        name = f"{self.label}: {text}"
        return {**action, "name": name, "display_name": name}

    def _get_parts(self, code, start, end):
        """The figures of the pack that a rate is made of, each with its lines."""
        if self._is_of_measure() or len(KPIS[code].measures) < 2:
            return self.browse()
        return self.pack_id.figure_ids.filtered(
            lambda one: (
                one.section == "measure"
                and one.source
                and one.source["code"] == code
                and (one.source["start"], one.source["end"]) == (start, end)
            )
        )

    def _open_parts(self, parts):
        """Amounts that a rate divides: none of them alone adds up to it."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_pack_figure_action"
        )
        name = self.env._(
            "%(figure)s: %(value)s", figure=self.label, value=self.value_text
        )
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("id", "in", parts.ids)],
            "context": {},
        }

    def _open_aged(self, options, key=None, column=None):
        return self.env["recouvrement.aged.balance"].get_items_action(
            options, key, column
        )

    def _open_records(self, model, ids=None, domain=None, name=None, column=None):
        """Records by their ids, which stay what they were, or by a domain."""
        return {
            "type": "ir.actions.act_window",
            "name": name or self.label,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)] if domain is None else domain,
        }

    def _open_forecast(self, forecast, row, name="expected"):
        """Its items while it is the newest; afterwards the week or month as kept."""
        found = self.env["recouvrement.forecast"].browse(forecast).exists()
        if not found:
            raise UserError(
                self.env._("The forecast behind this figure was replaced since.")
            )
        if name == "target":
            return found.action_open_figure(name, row)
        if found == found._get_latest(found.company_id) and found.method == "curve":
            return found.action_open_figure(name, row)
        return self._open_records("recouvrement.forecast.week", [row])

    def _open_target(self, user, code, start, end):
        targets = self.env["recouvrement.target"]
        owner = self.env["res.users"].browse(user) if user else self.company_id
        return targets._action_open_figure(owner, code, start, end)
