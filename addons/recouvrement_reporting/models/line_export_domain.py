"""What a list may ask for, checked before it is read, and said in words."""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

OPERATORS = {
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "in",
    "not in",
    "like",
    "not like",
    "ilike",
    "not ilike",
    "=like",
    "=ilike",
    "child_of",
    "parent_of",
}
# Ways into other models that our own screens use.
PATHS = {
    "commercial_partner_id.complete_name",
    "commercial_partner_id.ref",
    "debtor_id.collector_id",
    "debtor_id.partner_id",
    "debtor_id.policy_id",
    "debtor_id.salesperson_id",
    "debtor_id.segment_id",
    "move_line_id.account_id",
}
CONTEXT = {
    "active_test": bool,
    "aged_balance": dict,
    "at_end_of_day": bool,
    "forecast_frozen_id": int,
    "forecast_last_week_id": int,
    "forecast_week_id": int,
    "known_at": str,
    "kpi_lines": dict,
    "open_items_as_of": str,
}
PARTS = ("day", "week", "month", "quarter", "year")
VALUES_SHOWN = 5
MOST_CONDITIONS = 200
MOST_VALUES = 100_000


class RecouvrementLineExport(models.AbstractModel):
    _inherit = "recouvrement.line.export"

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    @api.model
    def _get_context(self, asked):
        """The keys of the screen's context that say which lines they are."""
        context = asked.get("context") or {}
        if not isinstance(context, dict):
            raise UserError(self.env._("These lines cannot be exported."))
        return {
            key: context[key]
            for key, kind in CONTEXT.items()
            if isinstance(context.get(key), kind)
        }

    @api.model
    def _check_domain(self, lines, domain):
        """A domain made of fields of the list that the user reads.

        :return: ``Domain``.
        :raise UserError: for anything else.
        """
        if not isinstance(domain, list):
            raise UserError(self.env._("This filter cannot be exported."))
        conditions = [one for one in domain if one not in ("&", "|", "!")]
        if len(conditions) > MOST_CONDITIONS:
            raise UserError(self.env._("This filter is too long to be exported."))
        for condition in conditions:
            self._check_condition(lines, condition)
        try:
            return Domain(domain)
        except (ValueError, TypeError) as error:
            message = self.env._("This filter cannot be exported.")
            raise UserError(message) from error

    @api.model
    def _check_condition(self, lines, condition):
        message = self.env._("This filter cannot be exported.")
        if not isinstance(condition, list | tuple) or len(condition) != 3:
            raise UserError(message)
        path, operator, value = condition
        if path in (0, 1) and (operator, value) == ("=", 1):
            return
        if not isinstance(path, str) or operator not in OPERATORS:
            raise UserError(message)
        name, _dot, _rest = path.partition(".")
        if path not in lines._fields and path not in PATHS:
            raise UserError(message)
        field = lines._fields.get(name)
        if field is None or not lines._has_field_access(field, "read"):
            raise UserError(message)
        values = value if isinstance(value, list | tuple) else [value]
        if len(values) > MOST_VALUES or not all(
            one is None or isinstance(one, str | int | float | bool) for one in values
        ):
            raise UserError(message)

    @api.model
    def _get_groups(self, lines, asked):
        """``(field name, part of the date)`` of each grouping."""
        found = []
        groups = asked.get("group_by") or []
        for group in groups if isinstance(groups, list) else [None]:
            name, _colon, part = str(group).partition(":")
            field = lines._fields.get(name)
            if (
                field is None
                or (part and part not in PARTS)
                or not lines._has_field_access(field, "read")
            ):
                raise UserError(self.env._("This grouping cannot be exported."))
            found.append((name, part))
        return found

    @api.model
    def _get_order(self, lines, asked):
        """Groups first, then as the list is sorted, else as it is by itself."""
        terms = {name: "" for name, _part in self._get_groups(lines, asked)}
        order = asked.get("order") or []
        for one in order if isinstance(order, list) else [None]:
            name = one.get("name") if isinstance(one, dict) else None
            field = lines._fields.get(name)
            if field is None or not lines._has_field_access(field, "read"):
                raise UserError(self.env._("This order cannot be exported."))
            terms[name] = "" if one.get("asc", True) else " DESC"
        known = [
            f"{name}{way}"
            for name, way in terms.items()
            if lines._fields[name].store or lines._fields[name].column_type
        ]
        return ", ".join([*known, lines._order if not order else "id"])

    # ------------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------------

    @api.model
    def _get_facts(self, lines, asked, domain, count):
        """``(what, text)`` of the first sheet."""
        now = fields.Datetime.now()
        groups = [
            self._get_heading(lines._fields[name])
            for name, _part in self._get_groups(lines, asked)
        ]
        facts = [
            (self.env._("List"), self._get_title(lines, asked)),
            (self.env._("Lines of"), lines._description),
            (self.env._("Made on"), format_datetime(self.env, now)),
            (self.env._("Made by"), self.env.user.name),
            (self.env._("Companies"), ", ".join(self.env.companies.mapped("name"))),
            (self.env._("Filter"), self._describe_domain(lines, list(domain))),
            (self.env._("Groups"), " › ".join(groups) or self.env._("none")),
            (self.env._("Number of lines"), str(count)),
        ]
        facts[5:5] = self._describe_context(lines)
        return facts

    @api.model
    def _describe_context(self, lines):
        context = lines.env.context
        facts = []
        day = context.get("open_items_as_of")
        if day:
            facts.append((self.env._("Open at the end of"), self._say(day, "date")))
        known_at = lines.env["recouvrement.open.item"]._get_known_at()
        if known_at:
            moment = fields.Datetime.context_timestamp(self, known_at).date()
            facts.append((self.env._("As frozen on"), self._say(moment, "date")))
        measure = context.get("kpi_lines") or {}
        if measure:
            span = [self._say(measure.get(key), "date") for key in ("start", "end")]
            facts.append((self.env._("Measure"), str(measure.get("measure"))))
            facts.append((self.env._("Period"), " – ".join(span)))
        return facts

    @api.model
    def _get_title(self, lines, asked):
        title = asked.get("title")
        if isinstance(title, str) and title.strip():
            return " ".join(title.split())[:120]
        return self.env["ir.model"]._get(lines._name).name

    @api.model
    def _get_file_name(self, lines, asked, kind):
        title = "".join(
            sign if sign.isalnum() or sign in " -_.()" else "-"
            for sign in self._get_title(lines, asked)
        )
        day = fields.Date.context_today(self)
        return f"{title.strip(' .')[:80]} {day}.{kind}"

    @api.model
    def _describe_domain(self, lines, domain):
        """The filter as a sentence, operators between brackets where they nest."""
        if not domain:
            return self.env._("all lines")
        words = {"&": self.env._("and"), "|": self.env._("or")}
        stack = []
        for item in reversed(domain):
            if item == "!":
                stack.append((self.env._("not (%s)", stack.pop()[0]), True))
            elif item in tuple(words):
                left, right = stack.pop(), stack.pop()
                parts = [
                    text if alone or same == item else f"({text})"
                    for text, alone, same in (self._part(left), self._part(right))
                ]
                stack.append((f" {words[item]} ".join(parts), False, item))
            else:
                stack.append((self._describe_condition(lines, item), True))
        return f" {words['&']} ".join(one[0] for one in reversed(stack))

    @staticmethod
    def _part(part):
        return part if len(part) == 3 else (*part, None)

    @api.model
    def _describe_condition(self, lines, condition):
        path, operator, value = condition
        if path in (0, 1):
            return self.env._("all lines") if path else self.env._("no line")
        model, labels = lines, []
        for name in path.split("."):
            field = model._fields[name]
            labels.append(self._get_heading(field))
            model = self.env[field.comodel_name] if field.comodel_name else model
        signs = {
            "=": "=",
            "!=": "≠",
            "<": "<",
            ">": ">",
            "<=": "≤",
            ">=": "≥",
            "in": self.env._("among"),
            "not in": self.env._("not among"),
            "child_of": self.env._("under"),
            "parent_of": self.env._("above"),
        }
        if operator.endswith("like"):
            sign = self.env._("contains")
            if operator.startswith("not"):
                sign = self.env._("does not contain")
        else:
            sign = signs[operator]
        return f"{' › '.join(labels)} {sign} {self._describe_values(field, value)}"

    @api.model
    def _describe_values(self, field, value):
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        values = value if hasattr(value, "_ids") else values
        shown = [
            self._describe_value(field, one) for one in list(values)[:VALUES_SHOWN]
        ]
        rest = len(values) - len(shown)
        if rest > 0:
            shown.append(self.env._("and %s more", rest))
        return ", ".join(shown) or "–"

    @api.model
    def _describe_value(self, field, value):
        if value is False or value is None:
            return self.env._("No") if field.type == "boolean" else self.env._("none")
        if field.type == "boolean":
            return self.env._("Yes")
        if field.comodel_name and isinstance(value, int):
            return self._describe_record(field.comodel_name, value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        return self._say(value, field.type)

    @api.model
    def _describe_record(self, model_name, record_id):
        others = self.env[model_name]
        if not others.has_access("read"):
            return str(record_id)
        found = others.with_context(active_test=False).search([("id", "=", record_id)])
        return found.display_name if found else str(record_id)

    @api.model
    def _say(self, value, kind):
        if kind == "date":
            try:
                value = date.fromisoformat(str(value)[:10])
            except ValueError:
                return str(value)
            return format_date(self.env, value)
        return str(value)
