"""The lines of a list as a file: all pages, read by the user's own rights."""

import logging
from array import array
from decimal import Decimal

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..tools.line_csv import LineFile

_logger = logging.getLogger(__name__)
PAGE = 2000
KINDS = ("xlsx", "csv")
# Lists whose rows are the lines of figures. Nothing else leaves by this way.
MODELS = (
    "recouvrement.aged.balance",
    "recouvrement.bonus.receipt",
    "recouvrement.bonus.reversal",
    "recouvrement.bonus.statement",
    "recouvrement.closing.line",
    "recouvrement.debtor",
    "recouvrement.delay.entry",
    "recouvrement.delay.table.line",
    "recouvrement.dispute.period",
    "recouvrement.due.date.change",
    "recouvrement.dunning.decision",
    "recouvrement.event",
    "recouvrement.forecast.error",
    "recouvrement.forecast.item",
    "recouvrement.forecast.outcome",
    "recouvrement.forecast.share",
    "recouvrement.impairment.line",
    "recouvrement.interaction",
    "recouvrement.interest.statement",
    "recouvrement.interest.statement.line",
    "recouvrement.intragroup.difference",
    "recouvrement.kpi.line",
    "recouvrement.kpi.snapshot",
    "recouvrement.matching.undone",
    "recouvrement.open.item",
    "recouvrement.payment.plan",
    "recouvrement.payment.plan.installment",
    "recouvrement.prescription.event",
    "recouvrement.promise",
    "recouvrement.promise.line",
    "recouvrement.receipt",
    "recouvrement.receipt.match",
    "recouvrement.reconciliation",
    "recouvrement.reconciliation.line",
    "recouvrement.recovery",
    "recouvrement.relay",
    "recouvrement.reminder",
    "recouvrement.reminder.line",
    "recouvrement.request",
    "recouvrement.review.decision",
    "recouvrement.review.item",
    "recouvrement.statement.run.line",
    "recouvrement.target",
    "recouvrement.write.off",
    "recouvrement.write.off.line",
)
# Whose work is figures; others need Odoo's own right to export.
ROLES = ("collector", "accountant", "auditor", "manager")
SHEET_KINDS = {
    "char": "text",
    "text": "text",
    "selection": "text",
    "many2one": "text",
    "many2one_reference": "integer",
    "many2many": "text",
    "reference": "text",
    "boolean": "short",
    "date": "date",
    "datetime": "short",
    "integer": "integer",
    "float": "amount",
    "monetary": "amount",
}


class RecouvrementLineExport(models.AbstractModel):
    """Writes the lines that a list shows, whatever their number, in bounded memory."""

    _name = "recouvrement.line.export"
    _description = "Export of Lines"

    @api.model
    def _write(self, stream, kind, asked):
        """Write the lines of a list.

        :param stream: binary file.
        :param str kind: ``xlsx`` or ``csv``.
        :param dict asked: ``model, domain, context, group_by, order, view_id, title``
            as the screen has them.
        :return: file name.
        :raise AccessError: when the user may not read or export these lines.
        :raise UserError: when what was asked is not what a list can show.
        """
        if kind not in KINDS:
            raise UserError(self.env._("The file is a spreadsheet or a CSV."))
        lines = self._get_lines(asked)
        self._check_rights(lines)
        domain = self._check_domain(lines, asked.get("domain") or [])
        columns = self._get_columns(lines, asked)
        order = self._get_order(lines, asked)
        ids = self._get_ids(lines, domain, order)
        totals = {}
        rows = self._read_rows(lines, ids, columns, totals)
        if kind == "csv":
            self._write_csv(stream, columns, rows)
        else:
            facts = self._get_facts(lines, asked, domain, len(ids))
            self._write_sheets(stream, columns, rows, facts, totals)
        _logger.info(
            "%s lines of %s exported as %s by %s",
            len(ids),
            lines._name,
            kind,
            self.env.user.login,
        )
        return self._get_file_name(lines, asked, kind)

    # ------------------------------------------------------------------
    # WHAT IS ASKED
    # ------------------------------------------------------------------

    @api.model
    def _get_models(self):
        """Lists that may be exported: a hook for other addons."""
        return MODELS

    @api.model
    def _get_lines(self, asked):
        name = asked.get("model")
        if name not in self._get_models():
            raise UserError(self.env._("These lines cannot be exported."))
        return self.env[name].with_context(**self._get_context(asked))

    @api.model
    def _check_rights(self, lines):
        lines.check_access("read")
        user = self.env.user
        if any(user.has_group(f"recouvrement.group_{role}") for role in ROLES):
            return
        if not user.has_group("base.group_allow_export"):
            raise AccessError(self.env._("You do not have the right to export."))

    @api.model
    def _get_ids(self, lines, domain, order):
        """Numbers of all lines, in order: eight bytes each."""
        return array("q", lines.search(domain, order=order)._ids)

    # ------------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------------

    @api.model
    def _get_columns(self, lines, asked):
        """Fields of the list, shown or optional, then the currencies of amounts.

        :return: list of :class:`odoo.fields.Field`.
        """
        names = [name for name, _part in self._get_groups(lines, asked)]
        names += self._get_view_names(lines, asked.get("view_id"))
        names = [name for name in dict.fromkeys(names) if self._is_column(lines, name)]
        for name in list(names):
            field = lines._fields[name]
            if field.type == "monetary":
                currency = field.get_currency_field(lines)
                if currency not in names and self._is_column(lines, currency):
                    names.append(currency)
        return [lines._fields[name] for name in names]

    @api.model
    def _get_view_names(self, lines, view_id):
        view = self.env["ir.ui.view"].sudo()
        if isinstance(view_id, int) and not isinstance(view_id, bool):
            view = view.browse(view_id).exists()
        known = view.type == "list" and view.model == lines._name
        arch = lines.get_view(view.id if known else None, "list")["arch"]
        return [
            node.get("name")
            for node in etree.fromstring(arch).iterfind("field")
            if node.get("column_invisible") not in ("1", "True")
        ]

    @api.model
    def _is_column(self, lines, name):
        field = lines._fields.get(name)
        return (
            field is not None
            and field.type in SHEET_KINDS
            and lines._has_field_access(field, "read")
        )

    @api.model
    def _get_heading(self, field):
        return field._description_string(self.env) or field.name

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    @api.model
    def _read_rows(self, lines, ids, columns, totals):
        """Rows of values, page after page; the sums go into ``totals``.

        :return: generator of lists: None, text, number, day.
        """
        names = [field.name for field in columns]
        choices = {
            field.name: dict(field._description_selection(self.env))
            for field in columns
            if field.type == "selection"
        }
        for place in range(0, len(ids), PAGE):
            page = lines.browse(ids[place : place + PAGE].tolist())
            for values in page.read(names):
                self._add_totals(columns, values, totals)
                yield [
                    self._get_value(lines, field, values[field.name], choices)
                    for field in columns
                ]
            self.env.invalidate_all(flush=False)

    @api.model
    def _get_value(self, lines, field, value, choices):
        kind = field.type
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if kind in ("integer", "float", "monetary"):
            return value or 0
        if value is False or value is None:
            return None
        if kind == "many2one":
            return value[1]
        if kind == "selection":
            return choices[field.name].get(value, value)
        if kind == "many2many":
            others = self.env[field.comodel_name].browse(value)
            return ", ".join(others.mapped("display_name"))
        if kind == "datetime":
            return fields.Datetime.context_timestamp(lines, value).replace(tzinfo=None)
        return value

    @api.model
    def _add_totals(self, columns, values, totals):
        for field in columns:
            if field.type == "monetary":
                currency = values.get(
                    field.get_currency_field(self.env[field.model_name])
                )
                key = field, currency[1] if currency else ""
            elif field.type in ("float", "integer") and field.aggregator == "sum":
                key = field, ""
            else:
                continue
            value = values[field.name] or 0
            totals[key] = totals.get(key, Decimal(0)) + Decimal(str(value))

    # ------------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------------

    @api.model
    def _write_csv(self, stream, columns, rows):
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang)
        file = LineFile(
            stream,
            [self._get_heading(field) for field in columns],
            point=lang.decimal_point or ".",
            day=lang.date_format or "%Y-%m-%d",
        )
        for values in rows:
            file.row(values)
        file.close()

    @api.model
    def _write_sheets(self, stream, columns, rows, facts, totals):
        book = Workbook(stream, self.env._("Lines"))
        what, value = self.env._("What"), self.env._("Value")
        about = book.sheet(self.env._("About"), [(what, "text"), (value, "text")])
        headings = [
            (self._get_heading(field), SHEET_KINDS[field.type]) for field in columns
        ]
        sheet = book.sheet(self.env._("Lines"), headings)
        moments = [n for n, field in enumerate(columns) if field.type == "datetime"]
        for values in rows:
            for place in moments:
                if values[place]:
                    values[place] = values[place].strftime("%Y-%m-%d %H:%M:%S")
            sheet.row(values)
        for label, value in facts:
            about.row([label, value])
        for (field, unit), total in totals.items():
            about.row(
                [
                    self.env._("Total: %s", self._get_heading(field)),
                    f"{total} {unit}".strip(),
                ]
            )
        book.close()
