from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.ageing import AgeingError
from ..tools.options import read_options

# A view is a way to look, not a day: the day is that of whoever opens it.
DAYS = ("as_of", "compare", "offset")


class RecouvrementAgedBalanceView(models.Model):
    """A way to look at the aged balance that somebody kept."""

    _name = "recouvrement.aged.balance.view"
    _description = "Saved View of the Aged Balance"
    _order = "name, id"

    name = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    is_shared = fields.Boolean(
        string="Shared", help="Everybody can open it; the owner alone changes it."
    )
    is_default = fields.Boolean(
        string="Default", help="Opens first for its owner. One view at most."
    )
    preset = fields.Selection(
        [
            ("today", "Today"),
            ("month_end", "Last Month-end"),
            ("year_end", "Last 31 December"),
        ],
        default="today",
        required=True,
        help="The day it opens on.",
    )
    options = fields.Json(required=True)

    _name_uniq = models.UniqueIndex(
        "(user_id, LOWER(name))", "You already have a view of this name."
    )
    _default_uniq = models.UniqueIndex(
        "(user_id) WHERE is_default", "There is one default view per user."
    )

    @api.constrains("options")
    def _check_options(self):
        today = fields.Date.context_today(self)
        for view in self:
            try:
                read_options(view.options, today)
            except (AgeingError, AttributeError) as error:
                raise UserError(
                    self.env._("These options are not those of an aged balance.")
                ) from error

    @api.constrains("is_shared")
    def _check_shared(self):
        shared = self.filtered("is_shared")
        if shared and not self.env["recouvrement.aged.balance"]._may_share():
            raise AccessError(
                self.env._("Accountants and credit managers share views.")
            )

    @api.model
    def save_view(self, name, options, is_shared=False, is_default=False, preset=None):
        """Keep a view of the user under a name, in place of the one it had.

        :return: the user's views, as ``_get_for_screen``.
        """
        name = (name or "").strip()
        if not name:
            raise UserError(self.env._("Give the view a name."))
        checked = self.env["recouvrement.aged.balance"]._read_options(options).to_dict()
        kept = {key: value for key, value in checked.items() if key not in DAYS}
        mine = Domain("user_id", "=", self.env.uid)
        values = {
            "name": name,
            "options": kept,
            "is_shared": is_shared,
            "is_default": is_default,
            "preset": preset or "today",
        }
        if is_default:
            self.search(mine & Domain("is_default", "=", True)).is_default = False
            self.env.flush_all()
        view = self.search(mine & Domain("name", "=ilike", name), limit=1)
        if view:
            view.write(values)
        else:
            self.create(values)
        return self._get_for_screen()

    @api.model
    def delete_view(self, view_id):
        """Remove a view of the user; returns those that are left."""
        self.browse(view_id).unlink()
        return self._get_for_screen()

    @api.model
    def _get_for_screen(self):
        """Own views and shared ones, as the screen lists them."""
        views = self.search(
            Domain("user_id", "=", self.env.uid) | Domain("is_shared", "=", True)
        )
        return [
            {
                "id": view.id,
                "name": view.name,
                "options": view.options,
                "preset": view.preset,
                "is_shared": view.is_shared,
                "is_default": view.is_default and view.user_id == self.env.user,
                "is_mine": view.user_id == self.env.user,
            }
            for view in views
        ]


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _may_share(self):
        """Whether the user's views may be everybody's."""
        user = self.env.user
        return user.has_group("recouvrement.group_manager") or user.has_group(
            "recouvrement.group_accountant"
        )
