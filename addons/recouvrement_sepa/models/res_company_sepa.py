"""The creditor: its identifier (ICS), its name on mandates, its delays."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.identifiers import IdentifierError, read_ics

NAME_MAX = 70  # characters of a name in a SEPA message
SEPA_DAYS = {"prenotification": 14, "mandate_reminder": 10}


class ResCompany(models.Model):
    _inherit = "res.company"

    sepa_ics = fields.Char(
        string="Creditor Identifier (ICS)",
        help="Given by the Banque de France through one of your banks, and kept when "
        "you change banks.",
    )
    sepa_creditor_name = fields.Char(
        string="Creditor Name",
        help="Name on mandates and on the statements of customers. Empty: the name of "
        "the company.",
    )
    sepa_prenotification_days = fields.Integer(
        string="Days of Pre-notification",
        default=SEPA_DAYS["prenotification"],
        help="A customer is told of a direct debit at least so many days before: 14, "
        "unless less was agreed.",
    )
    sepa_approval_amount = fields.Monetary(
        string="Second Approval From",
        help="A collection of this amount or more is approved by a second person. 0: "
        "every collection.",
    )
    sepa_net_credit_notes = fields.Boolean(
        string="Deduct Credit Notes",
        default=True,
        help="Open credit notes of the customer reduce what is collected.",
    )
    sepa_mandate_reminder_days = fields.Integer(
        string="Days before a Mandate Is Reminded",
        default=SEPA_DAYS["mandate_reminder"],
        help="A mandate that did not come back is asked for again after so many days, "
        "twice at most. 0: never.",
    )

    _sepa_days_positive = models.Constraint(
        "CHECK (sepa_prenotification_days >= 0 AND sepa_mandate_reminder_days >= 0)",
        "A number of days cannot be negative.",
    )

    @api.constrains("sepa_creditor_name")
    def _check_sepa_creditor_name(self):
        for company in self:
            if len(company.sepa_creditor_name or "") > NAME_MAX:
                raise ValidationError(
                    self.env._(
                        "The name of a creditor has at most %s characters.", NAME_MAX
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_sepa_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_sepa_vals(vals))

    @api.model
    def _clean_sepa_vals(self, vals):
        """The identifier as it is written in messages: capitals, no space."""
        if not vals.get("sepa_ics"):
            return vals
        return {**vals, "sepa_ics": self._read_ics(vals["sepa_ics"])}

    @api.model
    def _read_ics(self, text):
        """:raise ValidationError: saying what is wrong with an identifier."""
        try:
            return read_ics(text)
        except IdentifierError as error:
            reasons = {
                "country": self.env._("its country is not in SEPA"),
                "key": self.env._("its check digits do not fit, a character is wrong"),
                "length": self.env._("it has more than 35 characters"),
            }
            raise ValidationError(
                self.env._(
                    "“%(ics)s” is no creditor identifier: %(reason)s. In France it is "
                    "FR, two digits, three characters (often ZZZ) and six characters.",
                    ics=text,
                    reason=reasons.get(error.reason)
                    or self.env._("its structure is not that of its country"),
                )
            ) from error

    def _get_sepa_ics(self):
        """Identifier of the legal entity.

        :raise UserError: when it has none.
        """
        company = self.root_id.sudo()
        if not company.sepa_ics:
            raise UserError(
                self.env._(
                    "%s has no creditor identifier (ICS): enter it under "
                    "Configuration > Creditor and Banks.",
                    company.name,
                )
            )
        return company.sepa_ics

    def _get_sepa_creditor_name(self):
        company = self.root_id.sudo()
        return (company.sepa_creditor_name or company.name)[:NAME_MAX]

    def _get_sepa_days(self, kind):
        """Days of a kind of ``SEPA_DAYS``, of the legal entity; never below zero."""
        return max(self.root_id.sudo()[f"sepa_{kind}_days"] or 0, 0)
