import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import rate_csv


class RecouvrementRateImport(models.TransientModel):
    """Legal figures from a CSV file: shown first, taken whole or not at all."""

    _name = "recouvrement.rate.import"
    _description = "Load Legal Rates and Amounts"

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview")], default="file", readonly=True
    )
    line_ids = fields.One2many(
        "recouvrement.rate.import.line", "import_id", readonly=True
    )
    error_text = fields.Text(readonly=True)
    new_count = fields.Integer(readonly=True)
    changed_count = fields.Integer(readonly=True)
    same_count = fields.Integer(readonly=True)
    export_file = fields.Binary(compute="_compute_export_file")

    # ------------------------------------------------------------------
    # PREVIEW
    # ------------------------------------------------------------------

    def action_preview(self):
        """Read the file and show what it would change, or what is wrong with it."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        rows, problems = rate_csv.read_rates(base64.b64decode(self.file))
        errors = [self._explain(problem) for problem in problems]
        if not errors:
            errors = self._check_rows(rows)
        values = {"error_text": "\n".join(errors[:50]), "line_ids": [Command.clear()]}
        if not errors:
            values.update(self._prepare_preview(rows), state="preview")
        self.write(values)
        return self._reopen()

    def action_back(self):
        self.ensure_one()
        self.write({"state": "file", "line_ids": [Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._description,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _explain(self, problem):
        """A problem of the file as a sentence that names its line."""
        text = self._get_problem_texts()[problem.kind]
        if "%(text)s" in text:
            text = text % {"text": problem.text}
        if not problem.line:
            return text
        return self.env._("Line %(line)s: %(text)s", line=problem.line, text=text)

    @api.model
    def _get_problem_texts(self):
        return {
            "too_large": self.env._("The file is larger than 1 MB."),
            "not_utf8": self.env._("The file is not UTF-8 text: save it as CSV UTF-8."),
            "not_csv": self.env._("a quotation mark is not closed."),
            "header": self.env._(
                "the columns must be code;date_from;date_to;value;source."
            ),
            "too_many_lines": self.env._("more lines than a file of rates has."),
            "empty": self.env._("The file holds no value."),
            "columns": self.env._("five columns are expected, not %(text)s."),
            "code": self.env._("“%(text)s” is not a code."),
            "date_from": self.env._(
                "“%(text)s” is not a first day such as 2027-01-01 or 01/01/2027."
            ),
            "date_to": self.env._(
                "“%(text)s” is not a last day such as 2027-06-30 or 30/06/2027."
            ),
            "order": self.env._("the last day %(text)s is before the first."),
            "value": self.env._("“%(text)s” is not a number such as 2,15 or 2.15."),
            "source": self.env._("the source is missing."),
            "duplicate": self.env._("same figure and day as line %(text)s."),
        }

    def _check_rows(self, rows):
        """Errors that only the figures already loaded show."""
        latest = self._get_latest()
        errors = []
        for row in rows:
            known = latest.get(row.code)
            if not known:
                text = self.env._("“%s” is no known figure.", row.code)
            elif known.review_months == "6" and (
                (row.date_from, row.date_to) != known._get_half_year(row.date_from)
            ):
                text = self.env._("“%s” is given by whole half-years.", row.code)
            else:
                continue
            errors.append(
                self.env._("Line %(line)s: %(text)s", line=row.line, text=text)
            )
        return errors or self._check_overlaps(rows)

    def _check_overlaps(self, rows):
        """The periods of each figure, loaded and to be loaded, must not overlap."""
        spans = {
            (rate.code, rate.date_from): (rate.date_to, 0)
            for rate in self._get_rates(rows)
        }
        spans.update({(r.code, r.date_from): (r.date_to, r.line) for r in rows})
        ordered, errors = sorted(spans.items(), key=lambda item: item[0]), []
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            (code, first), (last, line) = earlier
            (next_code, next_first), (_next_last, next_line) = later
            if code == next_code and (not last or last >= next_first):
                errors.append(
                    self.env._(
                        "Line %(line)s: “%(code)s” would have two values on %(day)s; "
                        "the one valid from %(first)s needs a last day before that.",
                        line=max(line, next_line),
                        code=code,
                        day=format_date(self.env, next_first),
                        first=format_date(self.env, first),
                    )
                )
        return errors

    @api.model
    def _get_rates(self, rows):
        codes = list({row.code for row in rows})
        return self.env["recouvrement.rate"].search(Domain("code", "in", codes))

    @api.model
    def _get_latest(self):
        rates = self.env["recouvrement.rate"].search(Domain.TRUE)
        return {rate.code: rate for rate in reversed(rates)}

    def _prepare_preview(self, rows):
        known = {(r.code, r.date_from): r for r in self._get_rates(rows)}
        lines = [
            self._prepare_line(row, known.get((row.code, row.date_from)))
            for row in rows
        ]
        changes = [line["change"] for line in lines]
        return {
            "line_ids": [Command.clear(), *map(Command.create, lines)],
            "new_count": changes.count("new"),
            "changed_count": changes.count("changed"),
            "same_count": changes.count("same"),
        }

    def _prepare_line(self, row, rate):
        values = {
            "line": row.line,
            "code": row.code,
            "date_from": row.date_from,
            "date_to": row.date_to,
            "value": float(row.value),
            "source": row.source,
        }
        if not rate:
            return {**values, "change": "new"}
        new = (row.date_to, row.value, row.source)
        old = (rate.date_to or None, rate._get_decimal(), rate.source)
        return {
            **values,
            "change": "same" if new == old else "changed",
            "old_value": rate.value,
            "rate_id": rate.id,
        }

    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def action_load(self):
        """Load what the preview shows; the file is read again, because the figures
        may have changed meanwhile."""
        self.ensure_one()
        self.action_preview()
        if self.error_text or self.state != "preview":
            return self._reopen()
        for line in self.line_ids.filtered(lambda line: line.change == "changed"):
            line.rate_id.write(line._get_values())
        latest = self._get_latest()
        self.env["recouvrement.rate"].create(
            [
                {
                    **line._get_values(),
                    "code": line.code,
                    "date_from": line.date_from,
                    "name": latest[line.code].name,
                    "unit": latest[line.code].unit,
                    "review_months": latest[line.code].review_months,
                }
                for line in self.line_ids.filtered(lambda line: line.change == "new")
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------------
    # EXPORT
    # ------------------------------------------------------------------

    def _compute_export_file(self):
        rates = self.env["recouvrement.rate"].search(
            Domain.TRUE, order="code, date_from"
        )
        data = rate_csv.write_rates(
            (
                rate.code,
                rate.date_from,
                rate.date_to or None,
                rate._get_decimal(),
                rate.source,
            )
            for rate in rates
        )
        self.export_file = base64.b64encode(data)

    def action_export(self):
        """Download all the figures as a file that can be loaded again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/"
            "legal-rates.csv?download=true",
            "target": "self",
        }
