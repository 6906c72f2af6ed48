"""Litigation on the debtor account and on its 360° page."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    item_count = fields.Integer(compute="_compute_counts")
    deadline_count = fields.Integer(compute="_compute_counts")
    event_count = fields.Integer(compute="_compute_counts")
    first_limit_date = fields.Date(compute="_compute_counts")
    confidence_note = fields.Char(compute="_compute_confidence_note")

    def _compute_counts(self):
        counts = dict(
            self.env["recouvrement.deadline"]._read_group(
                [("litigation_id", "in", self.ids), ("state", "in", ["todo", "late"])],
                ["litigation_id"],
                ["__count"],
            )
        )
        for litigation in self:
            live = litigation.line_ids.filtered("is_live")
            limits = [line.limit_date for line in live if line.limit_date]
            steps = litigation.step_ids.filtered("prescription_event_id")
            litigation.item_count = len(litigation.line_ids)
            litigation.deadline_count = counts.get(litigation, 0)
            litigation.event_count = len(steps) + len(litigation.title_ids)
            litigation.first_limit_date = min(limits, default=False)

    @api.depends("procedure_id")
    def _compute_confidence_note(self):
        """What of the procedure under way is not sure."""
        for litigation in self:
            procedure = litigation.procedure_id
            unsure = procedure and procedure.confidence != "S"
            litigation.confidence_note = unsure and self.env._(
                "Rules of “%(name)s” not verified in the official text (%(law)s).",
                name=procedure.name,
                law=procedure.source or "",
            )

    def action_add_step(self):
        """A step of one's own, with its day."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Step"),
            "res_model": "recouvrement.litigation.step",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_litigation_id": self.id},
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_debtor(self):
        self.ensure_one()
        return self.debtor_id.action_open_desk()

    def action_open_items(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_open_item_action"
        )
        return {**action, "domain": [("id", "in", self.line_ids.move_line_id.ids)]}

    def action_open_deadlines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_litige.recouvrement_deadline_action"
        )
        return {
            **action,
            "domain": [("litigation_id", "=", self.id)],
            "context": {"search_default_open": 0},
        }

    def action_open_events(self):
        """Prescription events that its steps recorded."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_prescription_event_action"
        )
        events = (
            self.step_ids.prescription_event_id | self.title_ids.prescription_event_id
        )
        return {**action, "domain": [("id", "in", events.ids)], "context": {}}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    litigation_ids = fields.One2many("recouvrement.litigation", "debtor_id")
    litigation_count = fields.Integer(compute="_compute_litigation_count")

    def _compute_litigation_count(self):
        counts = dict(
            self.env["recouvrement.litigation"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.litigation_count = counts.get(debtor, 0)

    def action_view_litigation(self):
        return self._action_related(
            "recouvrement_litige.recouvrement_litigation_action"
        )

    # ------------------------------------------------------------------
    # 360° PAGE
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def _get_desk_item_buttons(self):
        return [
            *super()._get_desk_item_buttons(),
            self._prepare_desk_button(
                "litigation",
                "action_desk_litigation",
                self.env._("To Litigation"),
                "fa-gavel",
                items="optional",
                bar=False,
            ),
        ]

    # EXTENDS 'recouvrement'
    def _desk_blocks(self, options):
        blocks = super()._desk_blocks(options)
        block = self._desk_litigation()
        return [block, *blocks] if block["items"] else blocks

    def _desk_litigation(self):
        """Open files, and those that were closed in the last three months."""
        recent = fields.Date.subtract(fields.Date.context_today(self), months=3)
        return self._desk_block(
            "litigation",
            self.env._("Litigation"),
            "fa-gavel",
            "recouvrement.litigation",
            Domain("state", "=", "open") | Domain("date_closed", ">=", recent),
            "state desc, next_date, id",
            self._desk_litigation_item,
        )

    def _desk_litigation_item(self, litigation):
        today = fields.Date.context_today(self)
        late = litigation.next_date and litigation.next_date < today
        is_open = litigation.state == "open"
        return {
            "title": litigation.name,
            "date": litigation.next_date,
            "amount": litigation.amount_open or litigation.amount_transferred,
            "currency_id": litigation.currency_id.id,
            "state": litigation.stage_id.name,
            "level": ("danger" if late else "warning") if is_open else "success",
            "note": litigation.procedure_id.name or "",
        }

    # EXTENDS 'recouvrement'
    def _desk_badges(self, rows):
        badges = super()._desk_badges(rows)
        lines = (
            self.env["recouvrement.litigation.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", [row["id"] for row in rows]),
                    ("is_live", "=", True),
                ]
            )
        )
        for line in lines:
            litigation = line.litigation_id
            badges.setdefault(line.move_line_id.move_id.id, []).append(
                {
                    "label": litigation.name,
                    "level": "warning",
                    "hint": self._describe_litigation(litigation),
                }
            )
        return badges

    def _describe_litigation(self, litigation):
        parts = [litigation.stage_id.name, litigation.procedure_id.name]
        if litigation.next_date:
            parts.append(format_date(self.env, litigation.next_date))
        return " · ".join(filter(None, parts))
