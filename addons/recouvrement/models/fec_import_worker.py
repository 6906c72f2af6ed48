"""Background work in committed batches, resumed where it was when killed."""

from odoo import api, models
from odoo.exceptions import UserError

from .fec_import import WORKING

MAX_ATTEMPTS = 3


class RecouvrementFecImport(models.Model):
    _name = "recouvrement.fec.import"
    _inherit = ["recouvrement.fec.import", "recouvrement.batched"]

    # ------------------------------------------------------------------
    # BACKGROUND WORK
    # ------------------------------------------------------------------

    @api.model
    def _cron_process(self):
        """Go on with the takeovers under way, one committed batch at a time."""
        self._process_waiting([("state", "in", WORKING)])

    # EXTENDS 'recouvrement.batched'
    def _work_on(self):
        return self._process_batch_safely()

    def _process_batch_safely(self):
        """One batch; a mistake in the data stops the takeover and is shown.

        :return: whether the work is finished.
        """
        self._count_attempt()
        try:
            finished = self._process_batch(committing=True)
        except UserError as error:
            self.env.cr.rollback()
            self._fail(str(error))
            return True
        if self.attempts:
            self.attempts = 0
        return finished

    def _count_attempt(self):
        """Stop after a few attempts that ended without a word (killed, no memory)."""
        if self.attempts >= MAX_ATTEMPTS:
            self._fail(
                self.env._(
                    "The work was interrupted %s times in a row at the same place. "
                    "Look at the server's log (memory, time limit), then start again.",
                    MAX_ATTEMPTS,
                )
            )
            return
        self.attempts += 1
        self.env["ir.cron"]._commit_progress()
        self.lock_for_update()

    def _process_batch(self, committing=False):
        """One batch of the work under way.

        :param bool committing: the batch may commit its own progress.
        :return: whether the work is finished.
        """
        self.ensure_one()
        record = self._as_worker()
        if self.state == "analysing":
            return record._analyse(committing)
        if self.state == "loading":
            return record._load_batch()
        if self.state == "undoing":
            return record._undo_batch()
        return True

    def _process_all(self):
        """Do all of the work under way within the transaction."""
        while self.state in WORKING and not self._process_batch():
            continue

    def _as_worker(self):
        """Work in the company, the name and the language of who asked."""
        return (
            self.with_company(self.company_id)
            .with_user(self.user_id)
            .sudo()
            .with_context(
                lang=self.user_id.lang,
                allowed_company_ids=self.company_id.ids,
                tracking_disable=True,
                mail_create_nosubscribe=True,
            )
        )

    def _fail(self, message):
        self.write({"state": "failed", "error": message, "attempts": 0})
        return True
