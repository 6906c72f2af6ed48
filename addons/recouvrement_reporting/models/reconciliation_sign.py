"""The minutes as a document: made once, its bytes kept with their fingerprint, signed
by the customer on its page or on paper, then by the company."""

import base64
import binascii
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.recouvrement.tools.upload import is_small_png

REPORT = "recouvrement_reporting.report_reconciliation"
LARGEST_IMAGE = 300_000  # bytes of a drawn signature
LARGEST_TEXT = 300  # characters of a name or of a browser's name


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
    signed_id = fields.Many2one(
        "ir.attachment", string="Signed Minutes", readonly=True, copy=False
    )
    signed_sha256 = fields.Char(
        string="SHA-256 of the Signed Copy", readonly=True, copy=False
    )

    # == The customer ==
    signed_as = fields.Selection(
        [("portal", "On the Customer's Page"), ("paper", "On Paper")],
        readonly=True,
        copy=False,
    )
    signed_name = fields.Char(string="Signed By", readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_ip = fields.Char(
        string="Address of the Signatory", readonly=True, copy=False
    )
    signed_user_agent = fields.Char(
        string="Browser of the Signatory", readonly=True, copy=False
    )
    signed_hash = fields.Char(
        string="SHA-256 of What Was Signed", readonly=True, copy=False
    )
    signed_image = fields.Binary(
        string="Signature", attachment=True, readonly=True, copy=False
    )
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
        content = self._render_document()
        attachment = self._attach(self._get_file_name(field), content)
        self.write(
            {
                f"{field}_id": attachment.id,
                f"{field}_sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    def _render_document(self):
        self.env.flush_all()
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(lang=self.lang)
            ._render_qweb_pdf(REPORT, res_ids=self.ids)
        )
        return content

    def _attach(self, name, content, mimetype="application/pdf"):
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

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
        self.ensure_one()
        content = self.sudo()[f"{field}_id"].raw
        fingerprint = self.sudo()[f"{field}_sha256"]
        if not content or not fingerprint:
            raise UserError(self.env._("%s has no such document.", self.name))
        if hashlib.sha256(content).hexdigest() != fingerprint:
            raise UserError(
                self.env._(
                    "The document of %s is not the one that was made: its fingerprint "
                    "differs.",
                    self.name,
                )
            )
        return content

    def action_print(self):
        """The signed copy, else the minutes, else what was sent, else the draft.

        :raise UserError: a document that is not the one that was made.
        """
        self.ensure_one()
        self.check_access("read")
        kept = [one for one in ("signed", "minutes", "document") if self[f"{one}_id"]]
        if kept:
            self._get_pdf(kept[0])
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self[f'{kept[0]}_id'].id}?download=true",
                "target": "download",
            }
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
        self._sign(
            {
                "signed_as": "portal",
                "signed_name": self._check_name(name),
                "signed_ip": (ip or "")[:64],
                "signed_user_agent": (user_agent or "")[:LARGEST_TEXT],
                "signed_image": self._check_image(signature),
            }
        )
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
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("A signature is not dated in the future."))
        if self.date_sent and day < self.date_sent:
            raise UserError(
                self.env._("The minutes were sent after that day: check the date.")
            )
        self._sign({"signed_as": "paper", "signed_name": self._check_name(name)})
        attachment = self.sudo()._attach(file_name, scan, False)
        self.sudo().write(
            {
                "signed_id": attachment.id,
                "signed_sha256": hashlib.sha256(scan).hexdigest(),
            }
        )
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

    def _check_name(self, name):
        name = " ".join((name or "").split())
        if not name:
            raise UserError(self.env._("Write the name of the person who signs."))
        return name[:LARGEST_TEXT]

    def _check_image(self, signature):
        """Only a picture of a reasonable size is kept."""
        try:
            content = base64.b64decode(signature or "", validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if len(content) > LARGEST_IMAGE or not is_small_png(content):
            raise UserError(self.env._("The signature is not a picture."))
        return base64.b64encode(content)

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
