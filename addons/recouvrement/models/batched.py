import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class RecouvrementBatched(models.AbstractModel):
    """Work done in the background in committed batches, which goes on where it was
    when its process was killed. The model has ``_process_batch()``, which returns
    whether nothing is left."""

    _name = "recouvrement.batched"
    _description = "Work in Committed Batches"

    @api.model
    def _process_waiting(self, domain):
        """Go on with the records of a domain, each to its end. Within a scheduled
        job; one that fails is logged and does not keep the others waiting."""
        cron = self.env["ir.cron"]
        records = self.search(domain, order="id")
        cron._commit_progress(remaining=len(records))
        for record in records:
            try:
                in_time = record._process_to_its_end(domain)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("%s stopped, the next job goes on with it", record)
                in_time = cron._commit_progress(1)
            if not in_time:
                return

    def _process_to_its_end(self, domain):
        """Batch after batch, each committed.

        :return: whether time is left for other records.
        """
        cron = self.env["ir.cron"]
        while record := self.try_lock_for_update().filtered_domain(domain):
            finished = record._work_on()
            in_time = cron._commit_progress(1 if finished else 0)
            if finished or not in_time:
                return in_time
        return True

    def _work_on(self):
        """One batch: a hook for what goes with it.

        :return: whether nothing is left.
        """
        return self._process_batch()

    def _process_batch(self):
        """:return: whether nothing is left."""
        raise NotImplementedError
