from odoo import api, models
from odoo.tools import SQL


class RecouvrementChannel(models.AbstractModel):
    """How a reminder reaches a debtor. One small model per channel inherits this.

    To add a channel: a model ``recouvrement.channel.<code>`` that inherits this one,
    and its code and label in ``_get_channels``.
    """

    _name = "recouvrement.channel"
    _description = "Reminder Channel"

    # Channels that need a proof from outside (posted, called, relayed) stay queued
    # until somebody confirms it.
    _needs_confirmation = False
    # Channels the debtor's preferred channel may replace.
    _replaceable = False
    # Channels that carry the level's text to the debtor.
    _is_written = False

    @api.model
    def _get_channels(self):
        """Codes of the channels and their labels, in the order they are offered."""
        return {
            "email": self.env._("E-mail"),
            "letter": self.env._("Letter"),
            "registered": self.env._("Registered Letter"),
            "call": self.env._("Call"),
            "relay": self.env._("Insider Relay"),
        }

    @api.model
    def _selection_channel(self):
        return list(self._get_channels().items())

    @api.model
    def _get_channel(self, code):
        return self.env[f"recouvrement.channel.{code}"]

    @api.model
    def _reachable_sql(self):
        """Whether debtor ``d``, its addressee ``contact`` and the level ``lv`` can
        be reached by this channel: SQL boolean."""
        return SQL("TRUE")

    @api.model
    def _reachable_case_sql(self, channel):
        """Boolean SQL: whether the channel named by an SQL expression reaches ``d``."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, self._get_channel(code)._reachable_sql())
            for code in self._get_channels()
        )
        return SQL("(CASE %s %s ELSE FALSE END)", channel, cases)

    @api.model
    def _replaceable_codes(self):
        return [
            code
            for code in self._get_channels()
            if self._get_channel(code)._replaceable
        ]

    @api.model
    def _send(self, reminders):
        """Send approved reminders of this channel, as one batch.

        Implementations call ``reminders._confirm_sent()`` or ``_queue()`` for what
        left and ``_mark_failed(reason)`` for what did not.
        """
        raise NotImplementedError
