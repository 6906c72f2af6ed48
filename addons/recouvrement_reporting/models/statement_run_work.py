"""The sending of statements in the background, in committed batches that can be
resumed; and those that have no e-mail address, to print."""

from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 20
PRINTED_MAX = 200


class RecouvrementStatementRun(models.Model):
    _inherit = "recouvrement.statement.run"

    def action_send(self):
        """Send the statements in the background."""
        self._check_customers()
        for run in self:
            run._check_state("draft")
            if not run._get_all_lines():
                run.action_prepare()
            lines = run._get_all_lines()
            if not lines:
                raise UserError(self.env._("No customer is to get a statement."))
            run.sudo().write(
                {
                    "state": "sending",
                    "user_id": self.env.uid,
                    "date_started": fields.Datetime.now(),
                }
            )
        self._trigger()
        return True

    def action_retry(self):
        """Send again what failed or had no address; what was sent is left alone."""
        self._check_customers()
        self._check_state("done")
        left = self._get_all_lines().filtered(
            lambda line: line.state in ("skipped", "failed")
        )
        left.write({"state": "pending", "reason": False})
        self.sudo().write({"state": "sending", "date_done": False})
        self._trigger()
        return True

    def action_cancel(self):
        """Stop: what is not sent yet stays unsent."""
        self._check_customers()
        self._check_state("draft", "sending")
        self.sudo().write({"state": "cancelled", "date_done": fields.Datetime.now()})
        return True

    def _trigger(self):
        cron = self.env.ref("recouvrement_reporting.ir_cron_statement_runs")
        cron.sudo()._trigger()

    def _get_formats(self):
        return ("pdf", "xlsx") if self.with_workbook else ("pdf",)

    # ------------------------------------------------------------------
    # BACKGROUND
    # ------------------------------------------------------------------

    @api.model
    def _cron_process(self):
        """Go on with the mailings under way, one committed batch at a time."""
        self._process_waiting([("state", "=", "sending")])

    def _process_batch(self, size=BATCH):
        """Send one batch: each line is locked first, so that two workers never take
        the same one.

        :return: whether nothing is left.
        """
        run = self.ensure_one().sudo()
        lines = run.line_ids.search(
            [("run_id", "=", run.id), ("state", "=", "pending")],
            order="id",
            limit=size,
        )
        taken = lines.try_lock_for_update().filtered(
            lambda line: line.state == "pending"
        )
        for part in taken._in_desk_languages():
            part._send()
        if len(lines) < size:
            run.write({"state": "done", "date_done": fields.Datetime.now()})
            return True
        return False

    def _process_all(self):
        """Run the mailing to its end within the transaction (scripts)."""
        while self.state == "sending":
            self._process_batch()

    # ------------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------------

    def action_print_unsent(self):
        """The statements of the customers without an address, in one file to post.

        :raise UserError: when there is none, or too many for one file.
        """
        self.ensure_one()
        self.check_access("read")
        lines = self.line_ids.filtered(lambda line: line.state in ("skipped", "failed"))
        if not lines:
            raise UserError(self.env._("Every statement left by e-mail."))
        if len(lines) > PRINTED_MAX:
            raise UserError(
                self.env._("More than %s statements for one file.", PRINTED_MAX)
            )
        debtors = lines.debtor_id
        debtors.check_access("read")
        _name, content = debtors._get_period_statement_pdf(self._get_period())
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.name}.pdf".replace("/", "-"),
                    "raw": content,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
