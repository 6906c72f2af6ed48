"""Names, in the user's language, of the files that are given in place of a FEC."""

from odoo import models


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _get_file_kinds(self):
        """What the reader of files calls each kind, and its name here."""
        return {
            "a zip archive": self.env._("a zip archive"),
            "an empty zip archive": self.env._("an empty zip archive"),
            "a gzip archive": self.env._("a gzip archive"),
            "a 7-Zip archive": self.env._("a 7-Zip archive"),
            "a RAR archive": self.env._("a RAR archive"),
            "an Office document (.xls, .doc)": self.env._(
                "an Office document (.xls, .doc)"
            ),
            "an Office document (.xlsx, .docx, .ods)": self.env._(
                "an Office document (.xlsx, .docx, .ods)"
            ),
            "a PDF document": self.env._("a PDF document"),
            "a picture (PNG)": self.env._("a picture (PNG)"),
            "a picture (JPEG)": self.env._("a picture (JPEG)"),
            "a picture (GIF)": self.env._("a picture (GIF)"),
            "a picture (TIFF)": self.env._("a picture (TIFF)"),
            "a picture or a sound (RIFF)": self.env._("a picture or a sound (RIFF)"),
            "an RTF document": self.env._("an RTF document"),
            "a database (SQLite)": self.env._("a database (SQLite)"),
            "a web page (HTML)": self.env._("a web page (HTML)"),
        }
