"""What is wrong, or worth knowing, about a bank's file: where, what, and the cure."""

import json

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .bank_file_sentences import get_sentences

LEVELS = [("error", "Refused"), ("warning", "To Check"), ("info", "For Information")]
DAYS = {"day", "lock"}
AMOUNTS = {"opening", "sum", "found", "closing", "before", "amount"}
# A file can be wrong in every line: people read the first ones.
ISSUES_MAX = 200


class RecouvrementBankFileIssue(models.Model):
    _name = "recouvrement.bank.file.issue"
    _description = "Remark on a Bank File"
    _inherit = "recouvrement.guarded"
    _order = "bank_file_id, level, id"
    _rec_name = "code"

    bank_file_id = fields.Many2one(
        "recouvrement.bank.file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="bank_file_id.company_id", store=True, readonly=True
    )
    level = fields.Selection(LEVELS, required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    where = fields.Char(string="Place in the File", readonly=True)
    params = fields.Json(readonly=True)
    place = fields.Char(string="Where", compute="_compute_text")
    text = fields.Text(string="What", compute="_compute_text")
    cure = fields.Text(string="What to Do", compute="_compute_text")

    @api.depends("code", "where", "params")
    @api.depends_context("lang")
    def _compute_text(self):
        sentences = get_sentences(self.env)
        other = sentences["other"]
        for issue in self:
            params = {"code": issue.code, **self._tell_values(issue.params or {})}
            text, cure = sentences.get(issue.code, other)
            issue.text, issue.cure = _fill(text, params), _fill(cure, params)
            issue.place = self._tell_place(issue.where or "")

    @api.model
    def _tell_values(self, params):
        """Days and amounts as the reader writes them."""
        told = dict(params)
        for name in DAYS & params.keys():
            told[name] = format_date(self.env, params[name])
        for name in AMOUNTS & params.keys():
            told[name] = formatLang(self.env, float(params[name]), digits=2)
        return told

    @api.model
    def _tell_place(self, where):
        """ "document 2, entry 14" in the reader's language."""
        words = {
            "document": self.env._("document"),
            "statement": self.env._("statement"),
            "entry": self.env._("entry"),
            "detail": self.env._("detail"),
            "line": self.env._("line"),
            "lot": self.env._("lot"),
            "transaction": self.env._("transaction"),
            "balance": self.env._("balance"),
        }
        parts = [part.split(" ") for part in where.split(", ") if part]
        return ", ".join(
            " ".join([words.get(word, word), *rest]) for word, *rest in parts
        )

    @api.model
    def _add(self, file, code, where, params, level="warning"):
        """Keep a remark; params are what its sentence needs."""
        if len(file.issue_ids) >= ISSUES_MAX:
            return self.browse()
        return self.sudo().create(
            {
                "bank_file_id": file.id,
                "level": level,
                "code": code,
                "where": where,
                "params": json.loads(json.dumps(params or {}, default=str)),
            }
        )


def _fill(text, params):
    """Sentence with its values; one that misses a value is shown as it is."""
    try:
        return text % params
    except (KeyError, ValueError, TypeError):
        return text
