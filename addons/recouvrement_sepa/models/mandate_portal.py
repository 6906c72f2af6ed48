"""What a customer sees of its mandates on its page, and what it may ask there."""

from odoo import fields, models
from odoo.exceptions import UserError

SHOWN = ("sent", "signed", "active", "suspended", "final", "cancelled", "expired")
CHANGEABLE = ("signed", "active", "suspended")


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    awaits_account = fields.Boolean(
        string="New Account Awaited",
        readonly=True,
        copy=False,
        help="Suspended until new bank details are approved; it then collects again "
        "by itself.",
    )

    def _ask_change(self, iban, holder, partner):
        """The customer asks to debit another account: a request that somebody checks
        by a call before anything changes.

        :raise UserError: on an account that is none, or on a mandate that is over.
        """
        self.ensure_one()
        mandate = self.sudo()
        mandate._check_state(*CHANGEABLE)
        account = mandate._read_iban(iban)
        if account.iban == mandate.iban:
            raise UserError(self.env._("This is the account that is debited already."))
        return mandate.debtor_id._declare(
            "bank_change",
            source="portal",
            partner=partner,
            text=self.env._("New account for the mandate %s", mandate.name),
            iban=account.formatted,
            account_holder=holder or mandate._get_holder(),
        )

    def _revoke(self, reason, partner):
        """The customer revokes its mandate: nothing is collected under it from now
        on; a collector closes it."""
        self.ensure_one()
        mandate = self.sudo()
        mandate._lock()
        mandate._check_state("sent", *CHANGEABLE)
        text = self.env._("Revokes the mandate %s", mandate.name)
        mandate.debtor_id._declare(
            "mandate_revoke",
            source="portal",
            partner=partner,
            text=f"{text}\n{reason}".strip(),
            sepa_mandate_id=mandate.id,
        )
        mandate._suspend(self.env._("Revoked by the customer on its page"))

    def _ask_iban(self, reason):
        """Ask the customer for new bank details, and suspend the mandate until they
        are approved (``recouvrement.bank.change``).

        :param str reason: as the return of its bank says, for the history.
        :return: the mandates whose customer was written to; the others say why in
            ``mail_obstacle``.
        """
        self._suspend(reason)
        self.sudo().filtered(lambda m: m.state == "suspended").awaits_account = True
        asked = self.browse()
        for mandate in self.sudo():
            mandate._send_mail("account", None)
            self._log(self.env._("new account asked"), mandate.mail_obstacle or reason)
            if not mandate.mail_obstacle:
                asked |= mandate
        return asked


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    kind = fields.Selection(
        selection_add=[("mandate_revoke", "Revocation of a Mandate")],
        ondelete={"mandate_revoke": "cascade"},
    )
    sepa_mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate", string="Mandate", index="btree_not_null"
    )

    def _accept_mandate_revoke(self):
        """Cancel the mandate, and the request is done."""
        self._get_debtor()
        mandate = self.sudo().sepa_mandate_id
        if not mandate:
            raise UserError(self.env._("Cancel the mandate that the customer means."))
        mandate._cancel(self.text or self.env._("Revoked by the customer"))
        self._close("done")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_portal_mandates(self):
        """Mandates that were sent to the customer, the newest first, in sudo."""
        self.ensure_one()
        return (
            self.env["recouvrement.sepa.mandate"]
            .sudo()
            .search(
                [("debtor_id", "=", self.id), ("state", "in", SHOWN)], order="id desc"
            )
        )
