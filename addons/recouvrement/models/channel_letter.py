import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

LETTERS_PER_DOCUMENT = 100


class RecouvrementChannelLetter(models.AbstractModel):
    """Letters are printed in one file per batch, then wait until somebody confirms
    the day they were posted."""

    _name = "recouvrement.channel.letter"
    _description = "Letter Channel"
    _inherit = "recouvrement.channel"

    _needs_confirmation = True
    _replaceable = True
    _is_written = True

    @api.model
    def _reachable_sql(self):
        return SQL("NOT COALESCE(d.missing_address, TRUE)")

    @api.model
    def _send(self, reminders):
        ready = reminders._fail_where(self._get_obstacle)
        ready._queue()
        report = self.env["report.recouvrement.report_reminder_letter"]
        ordered = ready.sorted(report._get_postal_key)
        for ids in split_every(LETTERS_PER_DOCUMENT, ordered.ids):
            self._print(ready.browse(ids))

    @api.model
    def _get_obstacle(self, reminder):
        """Why a letter cannot be printed, or False."""
        if reminder.render_error:
            return reminder.render_error
        contact = reminder.partner_id
        if not (contact.street and contact.zip and contact.city and contact.country_id):
            return self.env._(
                "%s has no complete postal address.", contact.display_name
            )
        return False

    # ------------------------------------------------------------------
    # PRINTING
    # ------------------------------------------------------------------

    @api.model
    def _print(self, reminders):
        """Print letters in one file; when that fails, one by one, so that only the
        letter that cannot be printed fails."""
        try:
            with self.env.cr.savepoint():
                content, kind = self._render_letters(reminders)
        except (OperationalError, MemoryError):
            raise
        except Exception as error:
            _logger.exception("Letters %s cannot be printed", reminders.ids)
            if len(reminders) == 1:
                reminders._mark_failed(
                    self.env._("The letter cannot be printed: %s", error)
                )
            else:
                for reminder in reminders:
                    self._print(reminder)
            return
        document = self.env["ir.attachment"].create(
            self._prepare_document_vals(reminders, content, kind)
        )
        reminders.document_id = document
        reminders.run_id.document_ids = [fields.Command.link(document.id)]

    @api.model
    def _render_letters(self, reminders):
        return self.env["ir.actions.report"]._render_qweb_pdf(
            "recouvrement.report_reminder_letter", res_ids=reminders.ids
        )

    @api.model
    def _prepare_document_vals(self, reminders, content, kind):
        """The file belongs to the campaign, so that whoever reads it may print it."""
        owner = reminders.run_id[:1] or reminders[:1]
        label = self.env["recouvrement.channel"]._get_channels()[reminders[0].channel]
        return {
            "name": self.env._(
                "%(channel)s %(day)s, %(first)s-%(last)s (%(count)s).%(kind)s",
                channel=label,
                day=fields.Date.context_today(reminders),
                first=min(reminders.ids),
                last=max(reminders.ids),
                count=len(reminders),
                kind=kind,
            ),
            "raw": content,
            "res_model": owner._name,
            "res_id": owner.id,
        }


class RecouvrementChannelRegistered(models.AbstractModel):
    """A letter whose posting is proven by a tracking number."""

    _name = "recouvrement.channel.registered"
    _description = "Registered Letter Channel"
    _inherit = "recouvrement.channel.letter"

    _replaceable = False
