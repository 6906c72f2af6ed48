from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.timeline import START, Rule
from .deadline import CONFIDENCES

KINDS = [
    ("act", "Act"),
    ("wait", "Term That Runs"),
    ("decision", "Decision"),
    ("event", "May Happen"),
]
WHO = [
    ("us", "We"),
    ("lawyer", "Lawyer"),
    ("bailiff", "Commissaire de justice"),
    ("court", "Court"),
    ("debtor", "The Debtor"),
]
UNITS = [("day", "Days"), ("month", "Months"), ("year", "Years")]
TITLE_KINDS = [
    ("order", "Payment Order"),
    ("judgment", "Judgment"),
    ("bailiff", "Title of a Commissaire de justice"),
    ("european", "European Title"),
    ("agreement", "Agreement Made Enforceable"),
    ("notary", "Notarial Deed"),
]


class RecouvrementProcedureStep(models.Model):
    """A step of a procedure: when it falls due, what doing it means and what missing
    it costs. Files copy it; ``tools/timeline.py`` works out the days."""

    _name = "recouvrement.procedure.step"
    _description = "Step of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "recouvrement.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="act")
    who = fields.Selection(WHO, string="By", required=True, default="us")
    is_optional = fields.Boolean(
        string="If It Happens", help="Nothing is expected as long as it does not."
    )
    only_for = fields.Selection(
        [("commercial", "Commercial Court"), ("civil", "Civil Court")],
        help="Empty: whatever the court.",
    )
    currency_id = fields.Many2one(related="procedure_id.currency_id")
    min_amount = fields.Monetary(
        string="Above", help="Only for claims above this amount; 0: all."
    )
    max_amount = fields.Monetary(
        string="Up to", help="Only for claims up to this amount; 0: all."
    )

    # == Delay ==
    after_code = fields.Char(
        string="Runs from",
        help="Code of the step the delay runs from; “start”: the day the procedure is "
        "started. Empty: the day is entered when it is known.",
    )
    anchor = fields.Selection(
        [("done", "Once It Is Done"), ("planned", "The Day It Is Planned for")],
        required=True,
        default="done",
    )
    count = fields.Integer(string="Delay", help="Negative: back from a hearing.")
    unit = fields.Selection(UNITS, required=True, default="day")
    frank = fields.Boolean(
        string="Clear Delay", help="The last day is not counted either."
    )
    distance = fields.Boolean(
        string="Months of Distance", help="For a debtor overseas or abroad (CPC 643)."
    )
    alert_days = fields.Integer(string="Alert (Days before)", default=7)
    escalate_days = fields.Integer(
        string="Escalation (Days after)",
        default=1,
        help="Negative: days before, for what must not be missed.",
    )
    lapse_text = fields.Char(string="What Is Lost", translate=True)

    # == What doing it means ==
    stage_id = fields.Many2one(
        "recouvrement.litigation.stage", string="Moves to", ondelete="set null"
    )
    prescription_kind_id = fields.Many2one(
        "recouvrement.prescription.kind",
        string="Effect on the Limit Date",
        ondelete="restrict",
    )
    effect_certainty = fields.Selection(
        [("certain", "Certain"), ("possible", "Possible")],
        string="Certainty of the Effect",
        help="Empty: that of the kind of event.",
    )
    closes_code = fields.Char(
        string="Ends the Effect of", help="Code of a step whose effect lasted so far."
    )
    undoes_code = fields.Char(
        string="Takes Away the Effect of", help="C. civ. art. 2243."
    )
    void_codes = fields.Char(
        string="Makes Void", help="Codes of steps without object then, with commas."
    )
    is_order = fields.Boolean(
        string="Date of the Order", help="Decides which regime applies."
    )
    title_kind = fields.Selection(TITLE_KINDS, string="Gives a Title")
    has_amount = fields.Boolean(string="Asks for an Amount")
    source = fields.Char(help="Article of law; empty: practice.")
    confidence = fields.Selection(CONFIDENCES, required=True, default="NV")

    _code_uniq = models.UniqueIndex(
        "(procedure_id, code)", "The code of a step must be unique in its procedure."
    )

    @api.constrains("after_code", "closes_code", "undoes_code", "void_codes")
    def _check_codes(self):
        """Codes that name nothing would silently do nothing; the steps of a data file
        come one by one."""
        if self.env.context.get("install_mode"):
            return
        for procedure in self.procedure_id:
            known = {START, *procedure.step_ids.mapped("code")}
            for step in procedure.step_ids & self:
                named = {step.after_code, step.closes_code, step.undoes_code}
                unknown = {*named, *step._get_void_codes()} - known - {False, ""}
                if unknown:
                    raise ValidationError(
                        self.env._(
                            "“%(step)s” names steps that the procedure does not have: "
                            "%(codes)s.",
                            step=step.name,
                            codes=", ".join(sorted(unknown)),
                        )
                    )

    def _get_void_codes(self):
        return [one.strip() for one in (self.void_codes or "").split(",") if one]

    def _get_rule(self):
        """When it falls due, as ``tools/timeline.py`` sees it."""
        self.ensure_one()
        return Rule(
            key=self.code,
            after=self.after_code or None,
            count=self.count,
            unit=self.unit,
            frank=self.frank,
            distance=self.distance,
            anchor=self.anchor,
        )

    def _applies_to(self, commercial, amount):
        """Whether a file has this step.

        :param bool commercial: whether its court is a commercial one.
        :param float amount: of the claim, in the currency of the procedure.
        """
        self.ensure_one()
        if self.only_for and (self.only_for == "commercial") != commercial:
            return False
        if self.min_amount and amount <= self.min_amount:
            return False
        return not self.max_amount or amount <= self.max_amount
