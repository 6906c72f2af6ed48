"""The texts of reminders, rendered for many reminders at a time."""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import is_html_empty

_logger = logging.getLogger(__name__)


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    rendered_subject = fields.Char(
        string="Subject as Sent", compute="_compute_rendered", compute_sudo=True
    )
    rendered_body = fields.Html(
        string="Text as Sent",
        compute="_compute_rendered",
        compute_sudo=True,
        sanitize=False,
    )
    render_error = fields.Char(
        string="Error in the Text", compute="_compute_rendered", compute_sudo=True
    )

    @api.depends(
        "subject",
        "body",
        "level_id",
        "channel",
        "state",
        "tracking_number",
        "amount_net",
        "line_ids.role",
        "line_ids.amount_residual",
    )
    def _compute_rendered(self):
        """Texts edited by hand as they are, the others from the level's template, in
        the addressee's language. A text that fails has an error and stays empty."""
        subjects, errors = self._render_part("subject", "subject")
        bodies, body_errors = self._render_part("body", "body_html")
        errors.update(body_errors)
        for reminder in self:
            error = errors.get(reminder.id)
            body = not error and bodies.get(reminder.id)
            if not error and reminder._is_written() and is_html_empty(body):
                error = self.env._(
                    "Level “%s” has no text for this channel.", reminder.level_id.name
                )
            subject = not error and subjects.get(reminder.id)
            reminder.rendered_subject = subject or reminder.level_id.name
            reminder.rendered_body = body or False
            reminder.render_error = error or False

    def _is_written(self):
        """Whether the channel carries a text to the debtor."""
        return self.env["recouvrement.channel"]._get_channel(self.channel)._is_written

    def _get_rendered_subject(self):
        """Subject of the message or letter, in one line."""
        self.ensure_one()
        return self.rendered_subject

    def _get_rendered_body(self):
        """Body of the message or letter, as Markup."""
        self.ensure_one()
        return self.rendered_body or ""

    def _render_part(self, own_field, template_field):
        """The text edited by hand, else of the template, of each reminder.

        :return: ``({id: text}, {id: error})``.
        """
        texts, errors = {}, {}
        edited = self.filtered(lambda r: not is_html_empty(r[own_field]))
        for reminder in edited:
            texts[reminder.id] = reminder[own_field]
        groups = (self - edited).grouped(
            lambda r: (r.level_id._get_template(r.channel), r.lang)
        )
        for (template, lang), reminders in groups.items():
            if template:
                localized = template.with_context(lang=lang)
                texts.update(reminders._render_all(localized, template_field, errors))
        return texts, errors

    def _render_all(self, template, template_field, errors):
        """Render at once; when that fails, one by one to find whose text fails."""
        try:
            with self.env.cr.savepoint(flush=False):
                return template._render_field(template_field, self.ids)
        except (OperationalError, MemoryError):
            raise
        except Exception as error:
            _logger.info("Template %s fails", template.id, exc_info=True)
            if len(self) > 1:
                texts = {}
                for reminder in self:
                    texts.update(reminder._render_all(template, template_field, errors))
                return texts
            errors[self.id] = self._describe_render_error(template, error)
            return {}

    def _describe_render_error(self, template, error):
        """The cause, without the text of the template that Odoo puts around it."""
        cause = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        return self.env._(
            "The text “%(template)s” fails for this debtor: %(cause)s",
            template=template.name,
            cause=str(cause).strip().splitlines()[0] if str(cause).strip() else cause,
        )
