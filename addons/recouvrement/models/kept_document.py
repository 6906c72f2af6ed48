"""Documents that are made once and kept with their fingerprint."""

import hashlib

from odoo import models
from odoo.exceptions import UserError


class RecouvrementKeptDocument(models.AbstractModel):
    """The bytes of each document and their SHA-256: what is handed out later is what
    was made.

    A model that inherits it has a ``name``, a ``lang`` when it renders, and for each
    document ``<field>_id`` (``ir.attachment``) and ``<field>_sha256``.
    """

    _name = "recouvrement.kept.document"
    _description = "Document That Is Kept"

    def _keep_document(self, field, name, content, mimetype="application/pdf"):
        """Keep a document with its fingerprint.

        :param str field: ``<field>_id`` and ``<field>_sha256`` are written.
        :param mimetype: False to tell it from the content.
        """
        self.write(
            {
                f"{field}_id": self._attach(name, content, mimetype).id,
                f"{field}_sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    def _attach(self, name, content, mimetype="application/pdf"):
        attachments = self.env["ir.attachment"].sudo()
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype
                or attachments._compute_mimetype({"name": name, "raw": content}),
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _render_kept(self, report):
        """A report as it is now, in the language of the document.

        :return: bytes of the PDF.
        """
        self.env.flush_all()
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(lang=self.lang)
            ._render_qweb_pdf(report, res_ids=self.ids)
        )
        return content

    def _get_kept(self, field):
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

    def _download_kept(self, field):
        """Action that downloads a document."""
        self._get_kept(field)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self[f'{field}_id'].id}?download=true",
            "target": "download",
        }
