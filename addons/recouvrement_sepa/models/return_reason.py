from odoo import api, fields, models
from odoo.tools import ormcache

FAMILIES = [
    ("funds", "Lack of Funds"),
    ("account", "Bank Account"),
    ("mandate", "Mandate"),
    ("refusal", "Refused by the Customer"),
    ("death", "Death"),
    ("data", "Names and Addresses"),
    ("technical", "Technical"),
    ("bank", "Bank Not Reachable"),
    ("legal", "Law and Regulation"),
    ("cancel", "Cancelled by Us"),
    ("unknown", "Not Given"),
]
CFONB = "CFONB:"


class RecouvrementSepaReason(models.Model):
    """Why a direct debit came back: the bank's code, in words that a collector uses."""

    _name = "recouvrement.sepa.reason"
    _description = "Reason of a Returned Direct Debit"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(
        required=True, help="ISO 20022 code of the reason, such as AM04."
    )
    name = fields.Char(string="Short Name", required=True, translate=True)
    description = fields.Text(
        string="In Plain Words",
        translate=True,
        help="What it means and what to do first, for a collector.",
    )
    family = fields.Selection(FAMILIES, required=True, default="unknown", index=True)
    cfonb_codes = fields.Char(
        string="CFONB 120 Codes",
        help="Two-digit reject reasons of French CFONB 120 statements that mean the "
        "same, separated by blanks.",
    )
    cfonb_inferred = fields.Boolean(
        string="Our Inference",
        help="The official table between CFONB and ISO reasons is reserved to banks: "
        "this correspondence was inferred from what both codes mean. Ask your bank.",
    )
    sequence = fields.Integer(default=1000)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(UPPER(code))", "This reason exists already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.name} ({reason.code})"

    @api.model_create_multi
    def create(self, vals_list):
        reasons = super().create(vals_list)
        self.env.registry.clear_cache()
        return reasons

    def write(self, vals):
        result = super().write(vals)
        if {"code", "cfonb_codes", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _get_codes(self):
        """``{code of a bank: id}``, archived reasons included; the first reason that
        names a CFONB code has it."""
        found = {}
        reasons = self.sudo().with_context(active_test=False)
        for reason in reasons.search([("code", "!=", False)]):
            found[reason.code.upper()] = reason.id
            for code in (reason.cfonb_codes or "").split():
                found.setdefault(CFONB + code, reason.id)
        return found

    @api.model
    def _find(self, code):
        """The reason of a bank's code; empty when nobody entered that code.

        :param str code: ISO code, or ``CFONB:20`` for a French one.
        """
        return self.browse(self._get_codes().get((code or "").strip().upper(), []))
