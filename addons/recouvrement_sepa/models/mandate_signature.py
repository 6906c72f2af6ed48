"""How a mandate comes back: signed on the customer's page, on paper, or at a provider
of signatures. What was signed is never written again."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

REFERENCE_MAX = 120


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    signed_as = fields.Selection(
        [
            ("portal", "On the Customer's Page"),
            ("paper", "On Paper"),
            ("provider", "At a Signature Provider"),
            ("imported", "Taken Over"),
        ]
    )
    signed_reference = fields.Char(
        string="Reference of the Signature",
        readonly=True,
        copy=False,
        help="Given by the provider, or the number of the proof in its books.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Who recorded the mandate signed outside.",
    )
    account_given_on = fields.Datetime(
        string="Account Given by the Customer",
        readonly=True,
        copy=False,
        help="The customer wrote its account on its page before signing.",
    )
    registration_id = fields.Many2one(
        "ir.attachment",
        string="Answer of the Debtor's Bank",
        readonly=True,
        copy=False,
    )
    registration_sha256 = fields.Char(
        string="SHA-256 of the Answer", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # ON THE PAGE
    # ------------------------------------------------------------------

    def _give_account(self, iban, holder=None):
        """The customer writes its account on its page: the form is made again with
        it, so that what is signed names the account.

        :raise UserError: when the form came with an account, or is signed.
        """
        self.ensure_one()
        mandate = self.sudo()
        mandate._lock()
        mandate._check_state("sent")
        if mandate.iban and not mandate.account_given_on:
            raise UserError(self.env._("This mandate names its account already."))
        mandate.write(
            {
                "iban": iban,
                "account_holder": " ".join((holder or "").split())
                or mandate._get_holder(),
                "account_given_on": fields.Datetime.now(),
            }
        )
        mandate._make_form()
        self._log(self.env._("account given on the page"), mandate._get_masked_iban())

    def _accept(self, name, ip, user_agent, signature=None):
        """The customer signs on its page. The caller proved who may open it.

        :param str name: as typed by who signs.
        :param signature: drawn or typed name as a picture, PNG in base64.
        :raise UserError: when it is signed already, or names no account.
        """
        self._sign(self._prepare_portal_proof(name, ip, user_agent, signature))

    # ------------------------------------------------------------------
    # OUTSIDE
    # ------------------------------------------------------------------

    def _accept_outside(self, signed_as, name, day, *, scan=None, **vals):
        """Somebody records a mandate signed on paper or at a provider.

        :param str signed_as: ``paper`` or ``provider``.
        :param date day: of the signature.
        :param scan: pair (file name, bytes) of the signed document; on paper it is
            compulsory.
        :param vals: ``iban`` when the form had none, ``reference`` of a provider.
        :raise UserError: on what cannot be.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_signature_day(day)
        reference = (vals.get("reference") or "").strip()[:REFERENCE_MAX]
        if signed_as == "paper" and not scan:
            raise UserError(self.env._("Attach the signed mandate."))
        if signed_as == "provider" and not reference:
            raise UserError(self.env._("Write the reference of the signature."))
        proof = {
            "signed_as": signed_as,
            "signed_name": self._check_name(name),
            "signed_reference": reference or False,
            "recorded_by_id": self.env.uid,
        }
        if scan:
            self.sudo()._keep_document("signed", *scan, False)
        self._sign(proof, day, vals.get("iban"))

    def _sign(self, vals, day=None, iban=None):
        if self.sudo().form_id:
            kept = self.sudo()._get_kept("form")
            vals = {**vals, "signed_hash": hashlib.sha256(kept).hexdigest()}
        return super()._sign(
            {**vals, "signed_on": fields.Datetime.now()}, day=day, iban=iban
        )

    def _after_signature(self):
        """The copy with the signature, the customer's own, and for B2B the reminder
        that its bank must know."""
        if self.signed_as == "portal":
            self._make_signed_copy()
        labels = dict(self._fields["signed_as"]._description_selection(self.env))
        self._log(
            self.env._("signed by %s", self.signed_name or self.partner_id.name),
            labels.get(self.signed_as),
        )
        if self.signed_as == "portal":
            self._send_mail("signed", self.signed_id)
        if self.scheme == "B2B":
            self._schedule(
                self.env._("%s: have the bank of the customer register it", self.name)
            )

    def _schedule(self, summary, days=0):
        """An activity for the collector, else whoever acts."""
        user = self.debtor_id.collector_id or self.env.user
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.add(fields.Date.context_today(self), days=days),
            summary=summary,
            user_id=user.id,
        )
