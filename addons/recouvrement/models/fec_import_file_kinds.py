"""Names, in the user's language, of the files that are given in place of a FEC."""

from odoo import models


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _get_file_kinds(self):
        """What the reader of files calls each kind, and its name here."""
        _ = self.env._
        return {
            "a zip archive": _("a zip archive"),
            "an empty zip archive": _("an empty zip archive"),
            "a gzip archive": _("a gzip archive"),
            "a 7-Zip archive": _("a 7-Zip archive"),
            "a RAR archive": _("a RAR archive"),
            "an Office document (.xls, .doc)": _("an Office document (.xls, .doc)"),
            "an Office document (.xlsx, .docx, .ods)": _(
                "an Office document (.xlsx, .docx, .ods)"
            ),
            "a PDF document": _("a PDF document"),
            "a picture (PNG)": _("a picture (PNG)"),
            "a picture (JPEG)": _("a picture (JPEG)"),
            "a picture (GIF)": _("a picture (GIF)"),
            "a picture (TIFF)": _("a picture (TIFF)"),
            "a picture or a sound (RIFF)": _("a picture or a sound (RIFF)"),
            "an RTF document": _("an RTF document"),
            "a database (SQLite)": _("a database (SQLite)"),
            "a web page (HTML)": _("a web page (HTML)"),
        }
