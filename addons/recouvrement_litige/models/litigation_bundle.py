"""The court file: one PDF and one archive of the numbered pieces, kept with their
fingerprints. A large one is made in the background, piece after piece."""

from odoo import api, fields, models
from odoo.fields import Domain

STATES = [
    ("queued", "Being Made"),
    ("ready", "Ready"),
    ("failed", "Failed"),
]


class RecouvrementLitigationBundle(models.Model):
    _name = "recouvrement.litigation.bundle"
    _description = "Court File"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.kept.document",
        "recouvrement.litigation.owned",
    ]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="queued", index=True
    )
    user_id = fields.Many2one("res.users", string="Asked By", readonly=True)
    asked_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    made_on = fields.Datetime(readonly=True)
    done_count = fields.Integer(string="Pieces Printed", readonly=True)
    piece_count = fields.Integer(string="Pieces", readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    problem = fields.Text(readonly=True)
    pdf_id = fields.Many2one("ir.attachment", string="PDF", readonly=True)
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    zip_id = fields.Many2one("ir.attachment", string="ZIP", readonly=True)
    zip_sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True)

    _one_live = models.UniqueIndex(
        "(litigation_id) WHERE state = 'queued'",
        "The court file is being made already.",
    )

    # ------------------------------------------------------------------
    # DOWNLOAD
    # ------------------------------------------------------------------

    def action_download_pdf(self):
        self.ensure_one()
        self.check_access("read")
        return self._download_kept("pdf")

    def action_download_zip(self):
        self.ensure_one()
        self.check_access("read")
        return self._download_kept("zip")

    # ------------------------------------------------------------------
    # BACKGROUND
    # ------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Go on with the court files asked for: one piece, one commit."""
        domain = Domain("state", "=", "queued")
        cron = self.env["ir.cron"]
        bundles = self.search(domain, order="id")
        cron._commit_progress(remaining=len(bundles))
        for bundle in bundles:
            while True:
                bundle = bundle.try_lock_for_update().filtered_domain(domain)
                if not bundle:
                    break
                finished = bundle._step()
                if not cron._commit_progress(1 if finished else 0):
                    return
                if finished:
                    break

    def _step(self):
        """Print one piece, or bind the file when all are printed.

        :return: whether it is finished.
        """
        self.ensure_one()
        bundle = self.sudo().with_context(lang=self.lang)
        pieces = bundle._get_pieces()
        waiting = pieces.filtered(lambda piece: piece._is_to_make(bundle))
        if waiting:
            waiting[0]._make_content(bundle)
            bundle.done_count = len(pieces) - len(waiting) + 1
            return False
        bundle._bind()
        return True

    def _run(self):
        """Make it within this transaction: few pieces."""
        while not self._step():
            continue
