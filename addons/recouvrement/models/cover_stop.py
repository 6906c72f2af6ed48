"""A cover that is stopped: what was delivered before stays insured, nothing new is."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class RecouvrementCover(models.Model):
    _inherit = "recouvrement.cover"

    stopped_on = fields.Date(
        string="Stopped From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Invoices of this day or later, drafts and orders are not insured; those "
        "of before stay insured.",
    )
    stop_reason = fields.Char(string="Why It Is Stopped", readonly=True, copy=False)
    stopped_by_hand = fields.Boolean(readonly=True, copy=False)
    resumed_on = fields.Date(
        readonly=True,
        copy=False,
        help="What was late before this day does not stop the cover again.",
    )

    def _change_stops(self, changes):
        """Stop covers or have them run again, and log it: in sudo, in sets.

        :param dict changes: by cover of this set ``(values, reason)``.
        """
        covers = self.sudo()
        for cover in covers:
            cover.write(changes[cover][0])
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": cover.debtor_id.id,
                    "company_id": cover.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "limit",
                    "summary": cover._get_stop_summary(),
                    "detail": changes[cover][1],
                    "amount": cover.amount,
                    "currency_id": cover.currency_id.id,
                }
                for cover in covers
            ]
        )

    def _get_stop_summary(self):
        names = {
            "kind": self.kind_id.name,
            "provider": self.provider_id.display_name,
            "date": format_date(self.env, self.stopped_on),
        }
        if self.stopped_on:
            return self.env._("%(kind)s, %(provider)s: stopped from %(date)s", **names)
        return self.env._("%(kind)s, %(provider)s: insures again", **names)

    @api.model
    def _prepare_stop(self, day, reason, by_hand=False):
        return {
            "stopped_on": day,
            "stop_reason": reason,
            "stopped_by_hand": by_hand,
        }

    def _check_manager(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "recouvrement.group_manager"
        ):
            raise AccessError(
                self.env._("A manager stops a cover or has it insure again.")
            )

    def _stop_by_hand(self, reason):
        """Nothing new is insured from today on."""
        self._check_manager()
        if self.filtered(lambda one: one.effect != "insurance" or one.stopped_on):
            raise UserError(
                self.env._("Only an insurance that is not stopped can be stopped.")
            )
        stop = self._prepare_stop(fields.Date.context_today(self), reason, by_hand=True)
        self._change_stops(dict.fromkeys(self, (stop, reason)))

    def _resume_by_hand(self, reason):
        """Everything is insured again; what is late today does not stop it again."""
        self._check_manager()
        if self.filtered(lambda one: not one.stopped_on):
            raise UserError(self.env._("This cover is not stopped."))
        resumed = {
            **self._prepare_stop(False, False),
            "resumed_on": fields.Date.context_today(self),
        }
        self._change_stops(dict.fromkeys(self, (resumed, reason)))

    def action_stop(self):
        return self._ask_reason("stop", self.env._("Stop the Cover"))

    def action_resume(self):
        return self._ask_reason("resume", self.env._("Insure Again"))

    def _ask_reason(self, step, name):
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recouvrement.cover.stop",
            "view_mode": "form",
            "target": "new",
            "context": {"default_cover_ids": self.ids, "default_step": step},
        }
