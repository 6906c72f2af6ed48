"""The report of an agency or a lawyer on the files it holds: read, controlled, then
taken in. The same row counts once, however often it is reported."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.follow_up import BLOCKING, read_follow_up

LIVE = ("ready", "loaded")


class RecouvrementCounselReport(models.Model):
    _name = "recouvrement.counsel.report"
    _description = "Report of Counsel"
    _inherit = ["recouvrement.guarded"]
    _order = "id desc"

    name = fields.Char(string="File Name", required=True, readonly=True)
    counsel_id = fields.Many2one(
        "recouvrement.counsel",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("read", "To Check"), ("loaded", "Taken In"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="read",
    )
    attachment_id = fields.Many2one("ir.attachment", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    problem = fields.Text(string="What Is Wrong", readonly=True)
    line_ids = fields.One2many(
        "recouvrement.counsel.report.line", "report_id", readonly=True
    )
    ready_count = fields.Integer(compute="_compute_counts", string="To Take In")
    known_count = fields.Integer(compute="_compute_counts", string="Known Already")
    wrong_count = fields.Integer(compute="_compute_counts", string="Left Aside")
    paid_total = fields.Monetary(compute="_compute_counts", string="Payments")
    fee_total = fields.Monetary(compute="_compute_counts", string="Fees")
    loaded_on = fields.Datetime(readonly=True)
    loaded_by_id = fields.Many2one("res.users", readonly=True)

    _sha256_uniq = models.UniqueIndex(
        "(counsel_id, company_id, sha256) WHERE state IN ('read', 'loaded')",
        "This report was read before.",
    )

    @api.depends("line_ids.state", "line_ids.paid", "line_ids.fees")
    def _compute_counts(self):
        for report in self:
            states = report.line_ids.mapped("state")
            taken = report.line_ids.filtered(lambda one: one.state in LIVE)
            report.ready_count = states.count("ready") + states.count("loaded")
            report.known_count = states.count("known")
            report.wrong_count = states.count("wrong")
            report.paid_total = sum(taken.mapped("paid"))
            report.fee_total = sum(taken.mapped("fees"))

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _read(self, counsel, name, data):
        """Keep a report and its rows, with what is wrong; nothing is changed yet.

        :param bytes data: CSV or workbook.
        :raise UserError: when this file was read before.
        :return: the report.
        """
        self.check_access("create")
        counsel.check_access("read")
        company = self.env.company.root_id
        digest = hashlib.sha256(data).hexdigest()
        reports = self.sudo()
        if reports.search_count(
            [
                ("counsel_id", "=", counsel.id),
                ("company_id", "=", company.id),
                ("sha256", "=", digest),
                ("state", "!=", "refused"),
            ]
        ):
            raise UserError(self.env._("This report was read before."))
        rows, problems = read_follow_up(data)
        blocked = [one for one in problems if one.kind in BLOCKING]
        report = reports.create(
            {
                "name": name or "report",
                "counsel_id": counsel.id,
                "company_id": company.id,
                "sha256": digest,
                "state": "refused" if blocked else "read",
                "problem": "\n".join(self._explain(one) for one in blocked) or False,
            }
        )
        if not blocked:
            report._keep(name, data)
            report._make_lines(rows, problems)
        return self.browse(report.id)

    def _keep(self, name, data):
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": data,
                "mimetype": "application/octet-stream",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _make_lines(self, rows, problems):
        assignments = self._find_assignments(rows)
        known = self._find_known(rows)
        vals_list = []
        for row in rows:
            found = assignments.get(row.line)
            vals = self._prepare_line(row, found)
            if found is None:
                vals |= {
                    "state": "wrong",
                    "problem": self.env._("No file with this reference is theirs."),
                }
            elif row.digest in known:
                vals["state"] = "known"
            vals_list.append(vals)
        for problem in problems:
            vals_list.append(
                {
                    "report_id": self.id,
                    "number": problem.line,
                    "state": "known" if problem.kind == "repeated" else "wrong",
                    "problem": self._explain(problem),
                }
            )
        vals_list.sort(key=lambda vals: vals["number"])
        self.env["recouvrement.counsel.report.line"].create(vals_list)

    def _prepare_line(self, row, assignment):
        return {
            "report_id": self.id,
            "number": row.line,
            "assignment_id": assignment and assignment.id,
            "file": row.file or row.reference,
            "reference": row.reference,
            "date": row.date,
            "status": row.status or False,
            "paid": float(row.paid),
            "paid_to": row.paid_to or False,
            "fees": float(row.fees),
            "document": row.document,
            "comment": row.comment,
            "digest": row.digest,
            "state": "ready",
        }

    def _find_assignments(self, rows):
        """Assignment of each row, by our reference or by theirs: ``{line:
        assignment}``. Two queries, whatever the rows."""
        found = self.env["recouvrement.counsel.assignment"].search(
            Domain("counsel_id", "=", self.counsel_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "!=", "draft")
        )
        ours, theirs = {}, {}
        for one in found.sorted("id"):
            ours[_key(one.litigation_id.name)] = one
            if one.reference:
                theirs[_key(one.reference)] = one
        places = {}
        for row in rows:
            one = ours.get(_key(row.file)) or theirs.get(
                _key(row.reference or row.file)
            )
            if one:
                places[row.line] = one
        return places

    def _find_known(self, rows):
        """Digests of rows that earlier reports brought."""
        lines = self.env["recouvrement.counsel.report.line"].search(
            Domain("report_id.counsel_id", "=", self.counsel_id.id)
            & Domain("report_id.company_id", "=", self.company_id.id)
            & Domain("digest", "in", [row.digest for row in rows])
            & Domain("state", "=", "loaded")
        )
        return set(lines.mapped("digest"))

    @api.model
    def _explain(self, problem):
        texts = {
            "too_large": self.env._("The file is larger than 10 MB."),
            "not_readable": self.env._("The file is neither CSV nor a workbook."),
            "too_many_rows": self.env._("The file has too many rows."),
            "header": self.env._(
                "No column tells the file: “Dossier” or “Référence” is expected. "
                "Found: %(text)s"
            ),
            "empty": self.env._("The file has no row."),
            "file": self.env._("The file is not named."),
            "date": self.env._("“%(text)s” is not a day such as 31/12/2026."),
            "status": self.env._("“%(text)s” is not a known status."),
            "paid": self.env._("“%(text)s” is not an amount."),
            "paid_to": self.env._("“%(text)s” does not tell who was paid."),
            "fees": self.env._("“%(text)s” is not an amount."),
            "nothing": self.env._("The row reports nothing."),
            "repeated": self.env._("The same as row %(text)s."),
        }
        text = texts[problem.kind]
        return text % {"text": problem.text} if "%(text)s" in text else text

    # ------------------------------------------------------------------
    # TAKING IN
    # ------------------------------------------------------------------

    def action_load(self):
        """Take in what is ready: statuses, payments announced, fees."""
        self.ensure_one()
        self.check_access("write")
        report = self.sudo()
        report.lock_for_update()
        if report.state != "read":
            raise UserError(self.env._("This report was taken in already."))
        lines = report.line_ids.filtered(lambda one: one.state == "ready")
        if not lines:
            raise UserError(self.env._("No row can be taken in."))
        self.env["recouvrement.litigation"].browse(
            lines.assignment_id.litigation_id.ids
        ).check_access("write")
        lines.write({"state": "loaded"})
        lines._carry_out()
        report.write(
            {
                "state": "loaded",
                "loaded_on": fields.Datetime.now(),
                "loaded_by_id": self.env.uid,
            }
        )
        return True

    def action_refuse(self):
        """Do not take this report in."""
        self.check_access("write")
        if self.filtered(lambda report: report.state != "read"):
            raise UserError(self.env._("This report was taken in already."))
        self.sudo().write({"state": "refused"})
        return True


def _key(text):
    """A reference without the signs that people leave out."""
    return "".join(sign for sign in (text or "").upper() if sign.isalnum())
