"""Documents that are made once, kept with their fingerprint, and signed."""

import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..tools.upload import is_small_png

LARGEST_IMAGE = 300_000  # bytes of a drawn signature
LARGEST_TEXT = 300  # characters of a name or of a browser's name
LARGEST_ADDRESS = 64  # characters of a network address


class RecouvrementSignedDocument(models.AbstractModel):
    """What somebody signs: the bytes of each document and their SHA-256, who signed,
    when, from where. What was signed is never written again.

    A model that inherits it has a ``name`` and a ``lang``, and calls from its own steps
    what it needs: rights, locks and states are its own.
    """

    _name = "recouvrement.signed.document"
    _description = "Document That Is Signed"
    _inherit = ["recouvrement.kept.document"]

    signed_id = fields.Many2one(
        "ir.attachment", string="Signed Document", readonly=True, copy=False
    )
    signed_sha256 = fields.Char(
        string="SHA-256 of the Signed Copy", readonly=True, copy=False
    )
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
        string="SHA-256 of What Was Signed",
        readonly=True,
        copy=False,
        help="Fingerprint of the document at the moment of the signature.",
    )
    signed_image = fields.Binary(
        string="Signature", attachment=True, readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # SIGNATURES
    # ------------------------------------------------------------------

    def _prepare_portal_proof(self, name, ip, user_agent, signature):
        """What is kept of somebody who signs on the customer's page.

        :param str name: as typed by who signs.
        :param signature: drawn image, PNG in base64; optional.
        :raise UserError: without a name, or on a signature that is no picture.
        """
        return {
            "signed_as": "portal",
            "signed_name": self._check_name(name),
            "signed_ip": (ip or "")[:LARGEST_ADDRESS],
            "signed_user_agent": (user_agent or "")[:LARGEST_TEXT],
            "signed_image": self._check_image(signature),
        }

    def _check_name(self, name):
        name = " ".join((name or "").split())
        if not name:
            raise UserError(self.env._("Write the name of the person who signs."))
        return name[:LARGEST_TEXT]

    def _check_image(self, signature):
        """Only a picture of a reasonable size is kept."""
        if not signature:
            return False
        try:
            content = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if len(content) > LARGEST_IMAGE or not is_small_png(content):
            raise UserError(self.env._("The signature is not a picture."))
        return base64.b64encode(content)

    def _check_signature_day(self, day):
        """:raise UserError: on a day that has not come."""
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("A signature is not dated in the future."))

    def _get_signed_text(self):
        """Who signed on the page, when and from where, to print; else empty."""
        if not self.signed_on or self.signed_as != "portal":
            return {}
        return {
            "name": self.signed_name,
            "moment": self._moment(self.signed_on),
            "ip": self.signed_ip,
            "agent": self.signed_user_agent,
            "hash": self.signed_hash,
            "image": self.signed_image,
        }

    def _moment(self, moment):
        """A moment as a proof states it."""
        text = format_datetime(
            self.env, moment, tz="UTC", dt_format="yyyy-MM-dd HH:mm:ss"
        )
        return f"{text} UTC"
