"""What changed in a mandate after it was issued, until the debtor's bank knows it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.recouvrement.tools.bank_account import same_bank

from ..tools.identifiers import IdentifierError, read_rum
from ..tools.mandate import Amendment

KINDS = [
    ("rum", "Mandate Reference"),
    ("ics", "Creditor Identifier"),
    ("creditor_name", "Creditor Name"),
    ("account", "Account of the Debtor"),
]
STATES = [
    ("to_send", "To Send"),
    ("sent", "Sent"),
    ("acquired", "Acquired"),
    ("to_resend", "To Resend"),
    ("void", "Not Needed"),
]
FIELDS = {
    "rum": "name",
    "ics": "creditor_identifier",
    "creditor_name": "creditor_name",
    "account": "iban",
}
PENDING = ("to_send", "to_resend")
AMENDABLE = ("signed", "active", "suspended")


class RecouvrementSepaAmendment(models.Model):
    """A dated change of a mandate, its proof, and whether the bank has it.

    The next collection of the mandate carries it; it is acquired when that collection
    is not rejected, to resend when it is. A mandate under which nothing was collected
    yet needs none: no bank knows its old terms.
    """

    _name = "recouvrement.sepa.amendment"
    _description = "Amendment of a Mandate"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="mandate_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="mandate_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    old_value = fields.Char(string="Before", required=True, readonly=True)
    new_value = fields.Char(string="After", required=True, readonly=True)
    same_bank = fields.Boolean(
        readonly=True, help="Both accounts are held by the same bank."
    )
    date = fields.Date(required=True, readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Made By", readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_sepa_amendment_attachment_rel",
        string="Proof",
        readonly=True,
    )
    bank_change_id = fields.Many2one(
        "recouvrement.bank.change",
        string="Change of Bank Details",
        readonly=True,
        index="btree_not_null",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="to_send", index=True
    )

    _pending_idx = models.Index(
        "(mandate_id, id) WHERE state IN ('to_send', 'to_resend')"
    )

    @api.depends("kind", "new_value")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for amendment in self:
            amendment.display_name = (
                f"{labels.get(amendment.kind, '')}: {amendment.new_value or ''}"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("An amendment is a record: make another one."))

    def _describe(self):
        """Old and new value in a sentence; accounts by their last digits only."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        old, new = self.old_value, self.new_value
        if self.kind == "account":
            old, new = (f"{iban[:2]}… {iban[-4:]}" for iban in (old, new))
        return self.env._(
            "%(kind)s, %(old)s → %(new)s", kind=labels[self.kind], old=old, new=new
        )


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    amendment_ids = fields.One2many("recouvrement.sepa.amendment", "mandate_id")
    amendment_state = fields.Selection(
        STATES,
        string="Amendment",
        compute="_compute_amendment_state",
        help="Of the last amendment that a bank has to know.",
    )

    @api.depends("amendment_ids.state")
    def _compute_amendment_state(self):
        for mandate in self:
            told = mandate.amendment_ids.filtered(lambda a: a.state != "void")
            mandate.amendment_state = told[:1].state

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    def _amend(self, kind, value, reason, *, attachments=None, bank_change=None):
        """Change one term of a live mandate; its next collection tells the bank.

        The rights of the user are the caller's business; the author stays the real
        user. A B2B mandate whose account changes must be registered by the bank again.

        :param str kind: a value of ``recouvrement.sepa.amendment.kind``.
        :return: the amendment, in sudo.
        :raise UserError: on a mandate that is not signed, or when nothing changes.
        """
        self.ensure_one()
        mandate = self.sudo()
        mandate._lock()
        mandate._check_state(*AMENDABLE)
        value = mandate._read_amended(kind, value)
        old = mandate[FIELDS[kind]]
        if value == old:
            raise UserError(
                self.env._("%s: that is what the mandate says already.", mandate.name)
            )
        amendment = (
            self.env["recouvrement.sepa.amendment"]
            .sudo()
            .create(
                {
                    "mandate_id": mandate.id,
                    "kind": kind,
                    "old_value": old,
                    "new_value": value,
                    "same_bank": kind == "account" and same_bank(old, value),
                    "date": fields.Date.context_today(self),
                    "reason": reason,
                    "user_id": self.env.uid,
                    "attachment_ids": [
                        fields.Command.set(attachments.ids if attachments else [])
                    ],
                    "bank_change_id": bank_change.id if bank_change else False,
                    "state": "to_send" if mandate.collection_count else "void",
                }
            )
        )
        mandate[FIELDS[kind]] = value
        mandate._void_returned(kind)
        if kind == "account" and mandate.scheme == "B2B":
            mandate.write({"registered_on": False, "state": "signed"})
            mandate._schedule(
                self.env._(
                    "%s: have the new bank of the customer register it", self.name
                )
            )
        self._log(
            self.env._("amended: %s", amendment._describe()), detail=reason or False
        )
        return amendment

    def _read_amended(self, kind, value):
        """The new value as it is stored.

        :raise UserError: on one that is none.
        """
        value = " ".join((value or "").split())
        if kind == "account":
            return self._read_iban(value).iban
        if kind == "ics":
            return self.env["res.company"]._read_ics(value)
        if kind == "rum":
            try:
                return read_rum(value)
            except IdentifierError as error:
                raise ValidationError(
                    self.env._("“%s” is no mandate reference.", value)
                ) from error
        if not value or len(value) > 70:
            raise ValidationError(
                self.env._("The name of a creditor has 1 to 70 characters.")
            )
        return value

    def _void_returned(self, kind):
        """What went back to the value that the bank knows needs no amendment."""
        pending = self.amendment_ids.filtered(
            lambda a: a.kind == kind and a.state in PENDING
        ).sorted("id")
        if pending and pending[0].old_value == self[FIELDS[kind]]:
            pending.state = "void"

    # ------------------------------------------------------------------
    # WHAT COLLECTIONS CARRY
    # ------------------------------------------------------------------

    def _get_pending_amendment(self):
        """What the next collection of the mandate has to tell; empty: nothing."""
        self.ensure_one()
        return self._get_pending_amendments(self.ids).get(self.id, Amendment())

    @api.model
    def _get_pending_amendments(self, mandate_ids):
        """What the next collections of mandates have to tell, in one query.

        Of several changes of one kind the first counts: its old value is the one that
        the bank knows.

        :return: ``{mandate id: Amendment}``, those that have something to tell.
        """
        amendments = self.env["recouvrement.sepa.amendment"].sudo()
        rows = amendments.search_fetch(
            [("mandate_id", "in", list(mandate_ids)), ("state", "in", PENDING)],
            ["mandate_id", "kind", "old_value", "same_bank"],
            order="id",
        )
        found = {}
        for row in rows:
            terms = found.setdefault(row.mandate_id.id, {})
            if row.kind == "account":
                # Several changes in a row: only all of them within one bank is.
                other = terms.get("same_mandate_new_account", False)
                terms["same_mandate_new_account"] = other or not row.same_bank
                terms.setdefault("old_iban", row.old_value)
            else:
                terms.setdefault(f"old_{row.kind}", row.old_value)
        return {mandate: Amendment(**terms) for mandate, terms in found.items()}
