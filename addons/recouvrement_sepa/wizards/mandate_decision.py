import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.recouvrement.tools.upload import UploadError, check_uploads

AMENDABLE = [
    ("creditor", "Identifier and Name of the Creditor"),
    ("rum", "Mandate Reference"),
]


class RecouvrementSepaMandateDecision(models.TransientModel):
    """What is decided about mandates with a word of explanation or a document."""

    _name = "recouvrement.sepa.mandate.decision"
    _description = "Decide on Mandates"

    mandate_ids = fields.Many2many(
        "recouvrement.sepa.mandate",
        "recouvrement_sepa_mandate_decision_rel",
        required=True,
        readonly=True,
    )
    mandate_count = fields.Integer(compute="_compute_mandate_count")
    kind = fields.Selection(
        [
            ("paper", "Signed on Paper"),
            ("provider", "Signed at a Provider"),
            ("registered", "Registered by the Debtor's Bank"),
            ("suspend", "Suspended"),
            ("cancel", "Cancelled"),
            ("amend", "Amended"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char()
    name = fields.Char(string="Signed By", help="As written on the mandate.")
    reference = fields.Char(string="Reference of the Signature")
    iban = fields.Char(string="IBAN", help="As written on the mandate.")
    has_account = fields.Boolean(compute="_compute_mandate_count")
    document = fields.Binary(attachment=False)
    document_name = fields.Char()
    amend_kind = fields.Selection(AMENDABLE, string="What Changes", default="creditor")
    new_ics = fields.Char(
        string="New Creditor Identifier (ICS)",
        default=lambda self: self.env.company.root_id.sudo().sepa_ics,
    )
    new_creditor_name = fields.Char(
        default=lambda self: self.env.company._get_sepa_creditor_name()
    )
    new_rum = fields.Char(string="New Mandate Reference (RUM)")

    @api.depends("mandate_ids")
    def _compute_mandate_count(self):
        for wizard in self:
            wizard.mandate_count = len(wizard.mandate_ids)
            wizard.has_account = all(wizard.mandate_ids.mapped("iban"))

    def action_confirm(self):
        """Carry out the decision with the rights of the user."""
        self.ensure_one()
        self.mandate_ids.check_access("write")
        reason = (self.reason or "").strip()
        if self.kind in ("suspend", "cancel", "amend") and not reason:
            raise UserError(self.env._("Give a reason."))
        getattr(self, f"_confirm_{self.kind}")(self.mandate_ids, reason)
        return {"type": "ir.actions.act_window_close"}

    def _read_document(self):
        """The document as a pair (name, bytes), or None.

        :raise UserError: when it is no document.
        """
        if not self.document:
            return None
        content = base64.b64decode(self.document)
        try:
            [upload] = check_uploads([(self.document_name or "", content)])
        except UploadError as error:
            raise UserError(
                self.env._(
                    "“%s” is not taken: attach a PDF, a picture or an office document "
                    "of 8 MB at most.",
                    self.document_name or "",
                )
            ) from error
        return upload.name, upload.content

    def _confirm_paper(self, mandates, _reason):
        mandates._accept_outside(
            self.kind,
            self.name,
            self.date,
            scan=self._read_document(),
            iban=self.iban,
            reference=self.reference,
        )

    def _confirm_provider(self, mandates, reason):
        self._confirm_paper(mandates, reason)

    def _confirm_registered(self, mandates, _reason):
        document = self._read_document()
        mandates._note_registered(self.date)
        if document:
            for mandate in mandates.sudo():
                mandate._keep_document("registration", *document, False)

    def _confirm_suspend(self, mandates, reason):
        mandates._check_state("active")
        mandates._suspend(reason)

    def _confirm_cancel(self, mandates, reason):
        mandates._check_state("draft", "sent", "signed", "active", "suspended")
        mandates._cancel(reason)

    def _confirm_amend(self, mandates, reason):
        document = self._read_document()
        for mandate in mandates:
            proof = mandate.sudo()._attach(*document, False) if document else None
            for kind, value in self._get_changes(mandate):
                mandate._amend(kind, value, reason, attachments=proof)

    def _get_changes(self, mandate):
        """Pairs (kind, new value) of what changes on a mandate.

        :raise UserError: when nothing does.
        """
        if self.amend_kind == "rum":
            mandate.ensure_one()
            return [("rum", self.new_rum)]
        changes = [
            (kind, value)
            for kind, value, old in (
                ("ics", self.new_ics, mandate.creditor_identifier),
                ("creditor_name", self.new_creditor_name, mandate.creditor_name),
            )
            if value and value != old
        ]
        if not changes:
            raise UserError(
                self.env._("%s: that is what the mandate says already.", mandate.name)
            )
        return changes
