"""The buttons of the 360° page."""

from odoo import api, models

FIRST = ("contact", "promise", "promise_all", "plan", "dispute", "send", "hold")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_actions(self, _options):
        """The buttons that exist and that the user may press, in order.

        :return: list of dicts as ``_prepare_desk_button`` makes them.
        """
        allowed = {access: self.has_access(access) for access in ("read", "write")}
        return [
            button
            for button in self._get_desk_buttons()
            if allowed[button["access"]]
            and callable(getattr(self, button["method"], None))
        ]

    def _get_desk_buttons(self):
        """All the buttons of the page, in order: a hook."""
        buttons = self._get_desk_item_buttons() + self._get_desk_account_buttons()
        return sorted(buttons, key=self._get_desk_rank)

    @api.model
    def _get_desk_rank(self, button):
        """What is pressed most comes first; new buttons come before the menu's end."""
        key = button["key"]
        return FIRST.index(key) if key in FIRST else len(FIRST)

    def _get_desk_item_buttons(self):
        """Buttons about the items ticked."""
        button = self._prepare_desk_button
        return [
            button(
                "promise",
                "action_promise",
                self.env._("Promise"),
                "fa-handshake-o",
                items="optional",
            ),
            button(
                "plan",
                "action_plan",
                self.env._("Plan"),
                "fa-calendar",
                items="optional",
            ),
            button(
                "dispute",
                "action_desk_dispute",
                self.env._("Mark as Disputed"),
                "fa-exclamation-circle",
                items="required",
            ),
            button(
                "send",
                "action_send",
                self.env._("Send"),
                "fa-paper-plane-o",
                items="optional",
            ),
            button(
                "relay",
                "action_relay",
                self.env._("Ask a Colleague"),
                "fa-bullhorn",
                items="optional",
                bar=False,
            ),
            button(
                "status",
                "action_desk_status",
                self.env._("Change Status"),
                "fa-tag",
                items="required",
                bar=False,
            ),
            button(
                "interest",
                "action_desk_interest",
                self.env._("Interest in Detail"),
                "fa-percent",
                items="optional",
                bar=False,
                access="read",
            ),
        ]

    def _get_desk_account_buttons(self):
        """Buttons about the debtor account as a whole."""
        button = self._prepare_desk_button
        return [
            button(
                "contact",
                "action_log_contact",
                self.env._("Log a Contact"),
                "fa-phone",
                items="ticked",
            ),
            button(
                "promise_all",
                "action_promise_all",
                self.env._("Promise for All Due"),
                "fa-calendar-check-o",
                items="day",
            ),
            button("hold", "action_hold", self.env._("Put on Hold"), "fa-pause"),
            button(
                "portal",
                "action_portal_link",
                self.env._("Customer's Page"),
                "fa-external-link",
                bar=False,
            ),
            button(
                "explain",
                "action_explain",
                self.env._("Why Reminded or Not"),
                "fa-question-circle-o",
                bar=False,
                access="read",
            ),
            button(
                "form",
                "action_desk_form",
                self.env._("Debtor Account"),
                "fa-id-card-o",
                bar=False,
                access="read",
            ),
        ]

    def _prepare_desk_button(
        self, key, method, label, icon, items="none", bar=True, access="write"
    ):
        """One button of the page.

        :param str method: method of the debtor; shown only when it exists.
        :param str items: ``none`` when the method takes no items; else it takes their
            ids: ``required``, ``optional`` (none ticked: the method chooses) or
            ``ticked`` (told which are ticked, but not about them); ``day`` when it
            takes a day chosen in a menu.
        :param bool bar: in the bar of buttons, else in its menu.
        :param str access: right on the debtor account that it asks for.
        """
        return {
            "key": key,
            "method": method,
            "label": label,
            "icon": icon,
            "items": items,
            "bar": bar,
            "access": access,
        }

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def action_desk_status(self, line_ids, status=False):
        """Change the collection status of items ticked on the page."""
        lines = self._get_desk_lines(line_ids)
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Status"),
            "res_model": "recouvrement.status.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "recouvrement.open.item",
                "active_ids": lines.ids,
                "default_status": status,
            },
        }

    def action_desk_dispute(self, line_ids):
        """Mark items as disputed, with the customer's reason."""
        return {
            **self.action_desk_status(line_ids, "disputed"),
            "name": self.env._("Mark as Disputed"),
        }

    def action_desk_interest(self, line_ids=None):
        """How the late interest of the items ticked, or of all, is made up."""
        lines = self._get_desk_lines(line_ids)
        return self._get_interest_action(lines.ids)

    def action_desk_form(self):
        """The debtor account itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
