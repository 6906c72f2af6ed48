"""What the legal terms of a document were, and who changed them why."""

from odoo import models
from odoo.tools import formatLang


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_terms_texts(self):
        """Regime and contractual rate of each entry in words: ``{move: text}``."""
        texts = {}
        for move, regime in self._get_regimes().items():
            name = regime.name or self.env._("no regime")
            if move.contractual_rate:
                rate = formatLang(self.env, move.contractual_rate, digits=2)
                name = self.env._(
                    "%(regime)s, contractual rate %(rate)s %%", regime=name, rate=rate
                )
            texts[move] = name
        return texts

    def _log_terms(self, before, reason):
        """One event per document, on the debtor.

        :param dict before: ``_get_terms_texts`` before the change.
        """
        items = {
            move: move.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )[:1]
            for move in self
        }
        lines = self.env["account.move.line"].union(*items.values())
        debtors = lines._get_debtors()
        after = self._get_terms_texts()
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": debtors[items[move]].id,
                    "company_id": debtors[items[move]].company_id.id,
                    "user_id": self.env.uid,
                    "kind": "regime",
                    "summary": self.env._(
                        "%(document)s: %(old)s → %(new)s",
                        document=move.name,
                        old=before[move],
                        new=after[move],
                    ),
                    "detail": reason,
                    "move_line_id": items[move].id,
                }
                for move in self
                if items[move] in debtors
            ]
        )

    def action_change_terms(self):
        """Dialog that asks for the new terms and the reason."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_regime_wizard_action"
        )
        action["context"] = {"active_model": self._name, "active_ids": self.ids}
        return action
