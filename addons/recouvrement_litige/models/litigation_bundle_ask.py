"""The court file of a lawsuit: asked for, followed, downloaded."""

from odoo import api, fields, models
from odoo.exceptions import UserError

# Made at once up to so many pieces, and so many of them to print.
AT_ONCE, PRINTED_AT_ONCE = 25, 6


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    bundle_ids = fields.One2many("recouvrement.litigation.bundle", "litigation_id")
    bundle_id = fields.Many2one(
        "recouvrement.litigation.bundle",
        string="Court File",
        compute="_compute_bundle_id",
    )
    bundle_state = fields.Selection(related="bundle_id.state", string="Court File Is")
    bundle_done = fields.Integer(related="bundle_id.done_count")
    bundle_problem = fields.Text(related="bundle_id.problem")
    bundle_made_on = fields.Datetime(related="bundle_id.made_on", string="Made On")
    bundle_pages = fields.Integer(related="bundle_id.page_count")

    @api.depends("bundle_ids.state")
    def _compute_bundle_id(self):
        """The last one asked for."""
        for litigation in self:
            litigation.bundle_id = litigation.bundle_ids.sorted("id")[-1:]

    def action_make_court_file(self):
        """One PDF and one archive of the pieces: at once when they are few, else in
        the background."""
        self.ensure_one()
        self.check_access("write")
        litigation = self.sudo()
        litigation.lock_for_update()
        if not litigation.piece_ids:
            litigation._collect_pieces()
        if litigation.bundle_ids.filtered(lambda one: one.state == "queued"):
            raise UserError(self.env._("The court file is being made already."))
        pieces = litigation.piece_ids.filtered(lambda one: one.state == "present")
        if not pieces:
            raise UserError(self.env._("The file has no piece yet."))
        bundles = litigation.env["recouvrement.litigation.bundle"]
        bundles.flush_model(["state"])
        bundle = bundles.create(
            {
                "litigation_id": litigation.id,
                "name": f"{litigation.name} {fields.Date.context_today(self)}",
                "user_id": self.env.uid,
                "piece_count": len(pieces),
            }
        )
        printed = pieces.filtered(lambda piece: piece._is_to_make(bundle))
        if len(pieces) <= AT_ONCE and len(printed) <= PRINTED_AT_ONCE:
            bundle._run()
            return True
        self.env.ref("recouvrement_litige.ir_cron_court_files").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The court file is made in the background: %s pieces.", len(pieces)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_download_court_file(self):
        self.ensure_one()
        return self._get_ready_bundle().action_download_pdf()

    def action_download_archive(self):
        self.ensure_one()
        return self._get_ready_bundle().action_download_zip()

    def _get_ready_bundle(self):
        ready = self.bundle_ids.filtered(lambda one: one.state == "ready").sorted("id")
        if not ready:
            raise UserError(self.env._("The court file is not made yet."))
        return ready[-1]
