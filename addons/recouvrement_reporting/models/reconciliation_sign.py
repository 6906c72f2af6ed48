"""The minutes as a document: made once, its bytes kept with their fingerprint, signed
by the customer on its page or on paper, then by the company."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

REPORT = "recouvrement_reporting.report_reconciliation"


class RecouvrementReconciliation(models.Model):
    _inherit = "recouvrement.reconciliation"

    document_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, help="What was sent to answer."
    )
    document_sha256 = fields.Char(
        string="SHA-256 of the Document", readonly=True, copy=False
    )
    minutes_id = fields.Many2one(
        "ir.attachment",
        string="Minutes to Sign",
        readonly=True,
        copy=False,
        help="The answers, as they are to be signed.",
    )
    minutes_sha256 = fields.Char(
        string="SHA-256 of the Minutes", readonly=True, copy=False
    )
    signed_id = fields.Many2one(string="Signed Minutes")

    # == The customer ==
    prescription_event_id = fields.Many2one(
        "recouvrement.prescription.event",
        string="Acknowledgement of the Debt",
        readonly=True,
        copy=False,
    )

    # == The company ==
    countersigned_by_id = fields.Many2one(
        "res.users", string="Signed for the Company By", readonly=True, copy=False
    )
    countersigned_on = fields.Datetime(
        string="Signed for the Company On", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------------

    def _make_document(self, field):
        """Make a document and keep it with its fingerprint.

        :param str field: ``document``, ``minutes`` or ``signed``.
        """
        self.ensure_one()
        name = self._get_file_name(field)
        self._keep_document(field, name, self._render_kept(REPORT))

    def _get_file_name(self, field):
        env = self.with_context(lang=self.lang).env
        number = self.name.replace("/", "-")
        names = {
            "document": env._("Reconciliation %s, items.pdf", number),
            "minutes": env._("Reconciliation %s.pdf", number),
            "signed": env._("Reconciliation %s (signed).pdf", number),
        }
        return names[field]

    def _get_pdf(self, field):
        """Bytes of a document, as its fingerprint proves.

        :raise UserError: without it, or when it is not the one that was made.
        """
        return self._get_kept(field)

    def action_print(self):
        """The signed copy, else the minutes, else what was sent, else the draft.

        :raise UserError: a document that is not the one that was made.
        """
        self.ensure_one()
        self.check_access("read")
        kept = [one for one in ("signed", "minutes", "document") if self[f"{one}_id"]]
        if kept:
            return self._download_kept(kept[0])
        return self.env.ref(
            "recouvrement_reporting.action_report_reconciliation"
        ).report_action(self)

    # ------------------------------------------------------------------
    # THE CUSTOMER
    # ------------------------------------------------------------------

    def _accept(self, name, ip, user_agent, signature):
        """The customer signs on its page. The caller proved who may open it.

        :param str name: as typed by who signs.
        :param signature: drawn or typed name as a picture, PNG in base64.
        :raise UserError: when it is signed already, or there is nothing to sign.
        """
        if not signature:
            raise UserError(self.env._("The signature is not a picture."))
        self._sign(self._prepare_portal_proof(name, ip, user_agent, signature))
        minutes = self.sudo()
        minutes._make_document("signed")
        minutes._acknowledge("possible")
        minutes._schedule(
            self.env._("%s was signed by the customer: sign it", self.name)
        )

    def _accept_paper(self, name, day, scan, file_name):
        """A collector records the minutes that came back signed on paper by both.

        :param date day: day of the customer's signature.
        :param bytes scan: the signed document.
        :raise UserError: without a document, or on a day that cannot be.
        """
        self.check_access("write")
        self.ensure_one()
        if not scan:
            raise UserError(self.env._("Attach the signed minutes."))
        self._check_signature_day(day)
        if self.date_sent and day < self.date_sent:
            raise UserError(
                self.env._("The minutes were sent after that day: check the date.")
            )
        self._sign({"signed_as": "paper", "signed_name": self._check_name(name)})
        self.sudo()._keep_document("signed", file_name, scan, False)
        self.sudo()._acknowledge("certain", day)
        self._countersign()

    def _sign(self, vals):
        """Write the signature down; of two at the same moment, one counts."""
        self.ensure_one()
        minutes = self.sudo()
        minutes._lock()
        minutes._check_state("answered")
        if minutes.signed_on:
            raise UserError(self.env._("%s is signed already.", self.name))
        minutes.write(
            {
                **vals,
                "signed_on": fields.Datetime.now(),
                "signed_hash": hashlib.sha256(minutes._get_pdf("minutes")).hexdigest(),
            }
        )
        self._log(
            self.env._("signed by %s", minutes.signed_name),
            detail=minutes.difference_text,
        )

    def _acknowledge(self, certainty, day=None):
        """The customer admits the sums it agreed with (C. civ. art. 2240).

        On paper, with the name that somebody checked, it is certain; who clicked on a
        page may be disputed: the event is then only possible, and the safe limit date
        does not move. What it did not agree with is not admitted.
        """
        kind = self.env.ref("recouvrement.prescription_kind_acknowledgement", False)
        agreed = self.line_ids.search(
            [
                ("reconciliation_id", "=", self.id),
                ("answer", "=", "agreed"),
                ("residual", ">", 0),
                ("move_line_id", "!=", False),
            ]
        )
        if not kind or not agreed:
            return
        self.prescription_event_id = self.env["recouvrement.prescription.event"].create(
            {
                "debtor_id": self.debtor_id.id,
                "kind_id": kind.id,
                "date": day or fields.Date.context_today(self),
                "certainty": certainty,
                "line_ids": [fields.Command.set(agreed.move_line_id.ids)],
                "note": self.env._(
                    "%(minutes)s, signed by %(name)s.",
                    minutes=self.name,
                    name=self.signed_name,
                ),
                "attachment_ids": [fields.Command.set(self.signed_id.ids)],
            }
        )

    # ------------------------------------------------------------------
    # THE COMPANY
    # ------------------------------------------------------------------

    def action_sign(self):
        """Sign for the company what the customer has signed; it gets its copy."""
        self.check_access("write")
        for minutes in self:
            minutes._lock()
            minutes._check_state("answered")
            if not minutes.signed_on:
                raise UserError(
                    self.env._("%s: the customer signs first.", minutes.name)
                )
            minutes._countersign()
            minutes.sudo()._make_document("signed")
            minutes._point_to_signed_copy()
            minutes._send_mail("signed", minutes.signed_id)
        return True

    def _countersign(self):
        self.sudo().write(
            {
                "state": "signed",
                "countersigned_by_id": self.env.uid,
                "countersigned_on": fields.Datetime.now(),
            }
        )
        self.sudo()._close_activities()
        self._log(self.env._("signed by both"))

    def _point_to_signed_copy(self):
        """The proof of the acknowledgement is the copy with both signatures."""
        event = self.sudo().prescription_event_id
        if event:
            event.attachment_ids |= self.sudo().signed_id
