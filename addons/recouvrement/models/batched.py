from odoo import api, models


class RecouvrementBatched(models.AbstractModel):
    """Work done in the background in committed batches, which goes on where it was
    when its process was killed. The model has ``_process_batch()``, which returns
    whether nothing is left."""

    _name = "recouvrement.batched"
    _description = "Work in Committed Batches"

    @api.model
    def _process_waiting(self, domain):
        """Go on with the records of a domain, each to its end. Within a scheduled
        job."""
        cron = self.env["ir.cron"]
        records = self.search(domain, order="id")
        cron._commit_progress(remaining=len(records))
        for record in records:
            while True:
                record = record.try_lock_for_update().filtered_domain(domain)
                if not record:
                    break
                finished = record._work_on()
                if not cron._commit_progress(1 if finished else 0):
                    return
                if finished:
                    break

    def _work_on(self):
        """One batch: a hook for what goes with it.

        :return: whether nothing is left.
        """
        return self._process_batch()

    def _process_batch(self):
        """:return: whether nothing is left."""
        raise NotImplementedError
