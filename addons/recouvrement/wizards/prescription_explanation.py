from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class RecouvrementPrescriptionExplanation(models.TransientModel):
    """Why the limit date of an item is what it is: each fact and the dates after it."""

    _name = "recouvrement.prescription.explanation"
    _description = "Explanation of a Limit Date"

    move_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one("recouvrement.debtor", compute="_compute_explanation")
    regime_id = fields.Many2one(
        "recouvrement.legal.regime", compute="_compute_explanation"
    )
    term = fields.Char(string="Delay", compute="_compute_explanation")
    date_due = fields.Date(string="Due Date", compute="_compute_explanation")
    document_date = fields.Date(compute="_compute_explanation")
    limit_date = fields.Date(compute="_compute_explanation")
    limit_date_possible = fields.Date(
        string="Limit Date with Possible Events", compute="_compute_explanation"
    )
    trail = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.depends("move_line_id")
    def _compute_explanation(self):
        for wizard in self:
            item = self.env["recouvrement.open.item"].browse(wizard.move_line_id.id)
            item.check_access("read")
            debtor = item.debtor_id
            # sudo: the facts of an item that the user may read, entries included.
            rows = debtor.sudo()._read_limit_rows(debtor.partner_id.ids, item.ids)
            found = [row for row in rows if row["id"] == item.id]
            limits = debtor.sudo()._compute_limits(found)
            row = found[0] if found else {}
            dates = limits.get(item.id)
            regime = self.env["recouvrement.legal.regime"].browse(row.get("regime_id"))
            wizard.debtor_id = debtor
            wizard.regime_id = regime
            wizard.term = regime._describe_term() if regime else False
            wizard.date_due = row.get("date_due")
            wizard.document_date = row.get("document_date")
            wizard.limit_date = dates.safe if dates else False
            wizard.limit_date_possible = dates.possible if dates else False
            wizard.trail = wizard._render_trail(dates)

    def _render_trail(self, limits):
        outcomes = self._get_outcomes()
        kinds = self.env["recouvrement.prescription.kind"].with_context(
            active_test=False
        )
        names = {kind.code: kind.name for kind in kinds.search(Domain.TRUE)}
        trail = zip(limits.trail, limits.possible_trail, strict=True) if limits else ()
        steps = [
            {
                "day": format_date(self.env, step.day),
                "fact": names.get(step.key) or self.env._("Claim due"),
                "outcome": outcomes[other.code],
                "certain": step.code != "possible",
                "safe": format_date(self.env, step.limit),
                "possible": format_date(self.env, other.limit),
            }
            for step, other in trail
        ]
        return self.env["ir.qweb"]._render(
            "recouvrement.prescription_trail", {"steps": steps}
        )

    def _get_outcomes(self):
        """What each step code of ``tools.prescription`` means, in words."""
        return {
            "start": self.env._("The delay begins"),
            "interrupt": self.env._("A new delay begins"),
            "interrupt_end": self.env._("A new delay begins at the end"),
            "interrupt_ongoing": self.env._("Going on: dated from its first day"),
            "suspend": self.env._("The delay stands still until the end"),
            "suspend_floor": self.env._("The least delay left after it applies"),
            "suspend_ongoing": self.env._("Not ended yet: not counted"),
            "title": self.env._("The delay of an enforceable title applies"),
            "ceiling": self.env._("Limited to twenty years in all"),
            "no_change": self.env._("Moves nothing"),
            "too_late": self.env._("After the limit date: without effect"),
        }

    def action_add_event(self):
        action = self.debtor_id.action_add_prescription_event()
        action["context"]["default_line_ids"] = self.move_line_id.ids
        return action
