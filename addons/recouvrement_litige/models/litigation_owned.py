"""What belongs to a litigation file, and what is printed of it."""

from odoo import api, fields, models


class RecouvrementLitigationOwned(models.AbstractModel):
    """A record of one litigation file, read by who reads the file."""

    _name = "recouvrement.litigation.owned"
    _description = "Part of a Litigation File"

    litigation_id = fields.Many2one(
        "recouvrement.litigation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    lang = fields.Char(compute="_compute_lang")

    @api.depends("litigation_id")
    def _compute_lang(self):
        for record in self:
            record.lang = record.litigation_id._get_court_lang()


class RecouvrementLitigationPaper(models.AbstractModel):
    """A paper of the file: a draft that prints as it is, then a PDF that is kept."""

    _name = "recouvrement.litigation.paper"
    _description = "Paper of a Litigation File"
    _inherit = ["recouvrement.litigation.owned", "recouvrement.kept.document"]
    _paper_report = None  # xml id of the report; its action is ``action_<name>``

    pdf_id = fields.Many2one("ir.attachment", string="PDF", readonly=True)
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)

    def action_print(self):
        """The PDF that was kept, else the draft as it is now."""
        self.ensure_one()
        self.check_access("read")
        if self.pdf_id:
            return self._download_kept("pdf")
        module, _dot, name = self._paper_report.partition(".")
        report = self.env.ref(f"{module}.action_{name}")
        return report.report_action(self, config=False)

    def action_open(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _render_pdf(self):
        return self._render_kept(self._paper_report)
