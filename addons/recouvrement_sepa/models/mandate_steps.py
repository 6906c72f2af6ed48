"""From a draft to a mandate that collects, and to its end."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.identifiers import is_own_rum
from .mandate import LIVE, WAITING

SEQUENCE = "recouvrement.sepa.mandate"


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    # ------------------------------------------------------------------
    # ISSUING
    # ------------------------------------------------------------------

    def _issue(self):
        """Give the reference and freeze what the customer will sign."""
        for mandate in self:
            mandate._check_not_consumer()
            company = mandate.company_id
            ics = (
                mandate.journal_id._get_sepa_ics()
                if mandate.journal_id
                else company._get_sepa_ics()
            )
            mandate.sudo().write(
                {
                    "name": mandate._next_rum(),
                    "creditor_identifier": ics,
                    "creditor_name": company._get_sepa_creditor_name(),
                    "account_holder": mandate._get_holder(),
                    "signatory_id": mandate._get_addressee().id,
                }
            )

    def _next_rum(self):
        """Next reference of the company, in the set of our own references.

        :raise UserError: when somebody put other characters in the sequence.
        """
        rum = self._get_rum_sequence()._next()
        if not is_own_rum(rum):
            raise UserError(
                self.env._(
                    "“%s” is no mandate reference: the sequence holds capitals, digits "
                    "and hyphens only, 35 at most.",
                    rum,
                )
            )
        return rum

    def _get_rum_sequence(self):
        """Sequence of the legal entity, opened at its first mandate."""
        company = self.company_id
        sequences = self.env["ir.sequence"].sudo()
        domain = [("code", "=", SEQUENCE), ("company_id", "=", company.id)]
        found = sequences.search(domain, limit=1)
        if found:
            return found
        self.env.cr.execute(
            SQL("SELECT id FROM res_company WHERE id = %s FOR UPDATE", company.id)
        )
        return sequences.search(domain, limit=1) or sequences.create(
            {
                "name": self.env._("Direct debit mandates"),
                "code": SEQUENCE,
                "company_id": company.id,
                "prefix": "RUM-%(year)s-",
                "padding": 6,
            }
        )

    def _get_addressee(self):
        debtor = self.debtor_id.sudo()
        return self.signatory_id or debtor.contact_id or debtor.partner_id

    def _is_consumer(self):
        """Whether the law sees a consumer in the customer: by its segment, its legal
        regime, or because it is a person without a business number."""
        self.ensure_one()
        debtor = self.debtor_id.sudo()
        customer = debtor.partner_id
        if debtor.segment_id.regime == "consumer":
            return True
        if debtor._get_regime().kind == "fr_consumer":
            return True
        return not (customer.is_company or customer.vat or customer.company_registry)

    def _check_not_consumer(self):
        """:raise ValidationError: on a B2B mandate of a consumer."""
        for mandate in self:
            if mandate.scheme == "B2B" and mandate._is_consumer():
                raise ValidationError(
                    self.env._(
                        "%s is a consumer: B2B direct debits are for professionals "
                        "only. Use CORE.",
                        mandate.sudo().partner_id.display_name,
                    )
                )

    def action_send(self):
        """Issue the mandate and send it to be signed."""
        self.check_access("write")
        for mandate in self:
            mandate._lock()
            mandate._check_state("draft")
            mandate._issue()
            mandate.sudo().write(
                {"state": "sent", "date_sent": fields.Date.context_today(self)}
            )
            mandate._send_form()
        return True

    # ------------------------------------------------------------------
    # SIGNING
    # ------------------------------------------------------------------

    def _sign(self, vals, day=None, iban=None):
        """Write down a signature. A CORE mandate then collects; a B2B one waits for
        the debtor's bank. Of two signatures at once, one counts.

        sudo: a customer has no right of its own on the mandate; the caller proved who
        may sign.

        :param dict vals: proof of the signature.
        :param date day: day of the signature; today by default.
        :param str iban: account given by who signs, when the form has none.
        :raise UserError: when it is signed already, or without an account.
        """
        self.ensure_one()
        mandate = self.sudo()
        mandate._lock()
        mandate._check_state("sent")
        if not (mandate.iban or iban):
            raise UserError(self.env._("Write the IBAN of the account to debit."))
        if iban and not mandate.iban:
            vals = {**vals, "iban": iban}
        mandate.write(
            {
                **vals,
                "state": "signed",
                "date_signed": day or fields.Date.context_today(self),
            }
        )
        mandate._after_signature()
        mandate._activate()

    def _activate(self):
        """Signed CORE mandates and registered B2B ones become active."""
        ready = self.filtered(
            lambda m: m.state == "signed" and (m.scheme == "CORE" or m.registered_on)
        )
        ready.sudo().write({"state": "active"})
        ready._log(self.env._("active"))

    def _note_registered(self, day):
        """The debtor's bank has registered a B2B mandate.

        :param date day: not in the future, not before the signature.
        :raise UserError: on another mandate or day.
        """
        self.check_access("write")
        self._lock()
        self._check_state("signed")
        for mandate in self:
            if mandate.scheme != "B2B":
                raise UserError(
                    self.env._("Only B2B mandates are registered by the bank.")
                )
            if not mandate.date_signed <= day <= fields.Date.context_today(self):
                raise UserError(
                    self.env._(
                        "The bank registers a mandate after its signature, and not in "
                        "the future."
                    )
                )
        self.sudo().write({"registered_on": day})
        self._log(self.env._("registered by the debtor's bank"))
        self._activate()

    # ------------------------------------------------------------------
    # SUSPENSION AND END
    # ------------------------------------------------------------------

    def _suspend(self, reason):
        """Collect nothing under active mandates until somebody resumes them.

        :param str reason: shown on the mandate and in the history.
        """
        self._lock()
        stopped = self.filtered(lambda m: m.state == "active")
        stopped.sudo().write({"state": "suspended", "suspended_reason": reason})
        stopped._log(self.env._("suspended"), reason)
        return stopped

    def action_resume(self):
        """Collect again under suspended mandates."""
        self.check_access("write")
        self._lock()
        self._check_state("suspended")
        self.sudo().write(
            {"state": "active", "suspended_reason": False, "awaits_account": False}
        )
        self._log(self.env._("collects again"))
        return True

    def _cancel(self, reason):
        """End live mandates for good; what was collected stays."""
        self._lock()
        ended = self.filtered(lambda m: m.state in LIVE)
        ended.sudo()._end("cancelled", reason)
        ended._log(self.env._("cancelled"), reason)
        return ended

    def _end(self, state, reason):
        self.write(
            {
                "state": state,
                "end_reason": reason,
                "date_end": fields.Date.context_today(self),
            }
        )

    # ------------------------------------------------------------------
    # EXPIRY
    # ------------------------------------------------------------------

    @api.model
    def _expire(self, day):
        """End the mandates that lapsed before a day.

        :return: those mandates.
        """
        lapsed = self.sudo().search(
            [
                ("state", "in", (*WAITING, "active", "suspended")),
                ("date_expiry", "<", day),
            ]
        )
        lapsed._end("expired", self.env._("No collection for 36 months"))
        lapsed._log(self.env._("expired: no collection for 36 months"))
        return lapsed
