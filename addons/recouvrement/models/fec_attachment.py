from odoo import api, models

FEC_START = b"journalcode"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # EXTENDS 'base'
    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """A FEC is not worth a full-text copy in the database: it may have 100 MB."""
        if bin_data and bin_data[:64].lstrip(b'\xef\xbb\xbf "').lower().startswith(
            FEC_START
        ):
            return False
        return super()._index(bin_data, file_type, checksum=checksum)
