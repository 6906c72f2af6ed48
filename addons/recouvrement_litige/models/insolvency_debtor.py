"""Proceedings on the debtor account and on its 360° page."""

from odoo import api, fields, models
from odoo.fields import Domain

from .insolvency import LIVE


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    insolvency_ids = fields.One2many("recouvrement.insolvency", "debtor_id")
    insolvency_count = fields.Integer(
        string="Insolvency Files", compute="_compute_insolvency_count"
    )
    insolvency_told = fields.Char(
        string="Proceedings", compute="_compute_insolvency_count"
    )

    @api.depends("insolvency_ids.state", "insolvency_ids.kind_id")
    def _compute_insolvency_count(self):
        """Live proceedings and those that ended; one query for all accounts."""
        found = self.env["recouvrement.insolvency"].search_fetch(
            [("debtor_id", "in", self.ids), ("state", "!=", "undone")],
            ["debtor_id", "state", "kind_id", "date_judgment"],
        )
        by_debtor = found.grouped("debtor_id")
        for debtor in self:
            files = by_debtor.get(debtor, found.browse())
            live = files.filtered(lambda one: one.state in LIVE)[:1]
            debtor.insolvency_count = len(files)
            debtor.insolvency_told = bool(live) and self.env._(
                "%(kind)s since %(day)s",
                kind=live.kind_id.name,
                day=live._format_day(live.date_judgment),
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_insolvency(self):
        """One click: the customer is in proceedings."""
        self.ensure_one()
        self.check_access("read")
        live = self.env["recouvrement.insolvency"].search(
            [("debtor_id", "=", self.id), ("state", "in", LIVE)], limit=1
        )
        if live:
            return {
                "type": "ir.actions.act_window",
                "res_model": live._name,
                "res_id": live.id,
                "views": [(False, "form")],
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Proceedings"),
            "res_model": "recouvrement.insolvency.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_debtor_id": self.id},
        }

    def action_view_insolvencies(self):
        return self._action_related_litige(
            "recouvrement_litige.recouvrement_insolvency_action"
        )

    def _action_related_litige(self, xmlid):
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return {
            **action,
            "domain": [("debtor_id", "in", self.ids)],
            "context": {},
        }

    # ------------------------------------------------------------------
    # 360° PAGE
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def _get_desk_warnings(self):
        warnings = super()._get_desk_warnings()
        if told := self.insolvency_told:
            warnings.append(
                self.env._(
                    "%s: earlier items are frozen, later ones go on being chased.", told
                )
            )
        return warnings

    # EXTENDS 'recouvrement'
    def _desk_blocks(self, options):
        blocks = [
            self._desk_insolvencies(),
            self._desk_bodacc(),
            self._desk_insurance(),
        ]
        shown = [block for block in blocks if block["items"]]
        return [*shown, *super()._desk_blocks(options)]

    def _desk_insolvencies(self):
        return self._desk_block(
            "insolvencies",
            self.env._("Insolvency"),
            "fa-gavel",
            "recouvrement.insolvency",
            Domain("state", "in", LIVE),
            "date_judgment desc",
            lambda one: {
                "title": one.kind_id.name,
                "date": one.next_date or one.date_judgment,
                "amount": one.amount_open,
                "currency_id": one.currency_id.id,
                "state": self._desk_label(one, "state"),
                "level": "danger",
                "note": self.env._("next deadline") if one.next_date else one.name,
            },
        )

    def _desk_bodacc(self):
        return self._desk_block(
            "bodacc",
            self.env._("BODACC Announcements to Read"),
            "fa-newspaper-o",
            "recouvrement.bodacc.notice",
            Domain("state", "=", "new"),
            "published desc",
            lambda notice: {
                "title": notice.label or notice.display_name,
                "date": notice.published,
                "state": self._desk_label(notice, "nature"),
                "level": "danger",
                "note": (notice.text or "")[:160],
            },
        )

    def _desk_insurance(self):
        today = fields.Date.context_today(self)
        return self._desk_block(
            "insurance",
            self.env._("Credit Insurance"),
            "fa-umbrella",
            "recouvrement.insurance.event",
            Domain("state", "=", "todo"),
            "date_due",
            lambda event: {
                "title": self._desk_label(event, "kind"),
                "date": event.date_due,
                "amount": event.amount,
                "currency_id": event.currency_id.id,
                "state": event.insurer_id.name,
                "level": "danger" if event.date_due < today else "warning",
                "note": "",
            },
        )

    # EXTENDS 'recouvrement'
    def _get_desk_account_buttons(self):
        buttons = super()._get_desk_account_buttons()
        if self.env["recouvrement.insolvency"].has_access("write"):
            buttons.append(
                self._prepare_desk_button(
                    "insolvency",
                    "action_open_insolvency",
                    self.env._("Insolvency"),
                    "fa-gavel",
                    bar=False,
                )
            )
        return buttons
