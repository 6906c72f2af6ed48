"""The letters of a campaign: one file to print, one confirmation of posting."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf


class RecouvrementDunningRun(models.Model):
    _inherit = "recouvrement.dunning.run"

    merged_letters_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        help="The files of letters merged into one, when there are several.",
    )
    merged_letters_key = fields.Char(readonly=True, copy=False)
    letters_to_post_count = fields.Integer(
        string="Letters to Post", compute="_compute_letters_to_post_count"
    )

    def _compute_letters_to_post_count(self):
        counts = dict(
            self.env["recouvrement.reminder"]._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("state", "=", "queued"),
                    ("channel", "in", ("letter", "registered")),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.letters_to_post_count = counts.get(run, 0)

    def action_print_letters(self):
        """Open the letters of the campaign as one file."""
        self.ensure_one()
        self.check_access("read")
        documents = self.sudo().document_ids.sorted("id")
        if not documents:
            raise UserError(self.env._("This campaign has printed no letter yet."))
        letters = documents if len(documents) == 1 else self._merge_letters(documents)
        return self.env["recouvrement.reminder"]._get_download_action(letters)

    def _merge_letters(self, documents):
        """Merge the files once; again only when there are more of them."""
        run_sudo = self.sudo()
        key = ",".join(map(str, documents.ids))
        if run_sudo.merged_letters_id and run_sudo.merged_letters_key == key:
            return run_sudo.merged_letters_id
        run_sudo.merged_letters_id.unlink()
        run_sudo.merged_letters_id = documents.create(
            {
                "name": self.env._("Letters, %s.pdf", self.name).replace("/", "-"),
                "raw": merge_pdf([document.raw for document in documents]),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        run_sudo.merged_letters_key = key
        return run_sudo.merged_letters_id

    def action_letters_posted(self):
        """Confirm that the letters of the campaign were posted."""
        return self.reminder_ids.action_letters_posted()
