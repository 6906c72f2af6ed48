"""An extract of the BODACC: read, matched with the customers on their SIREN, told in a
report. Nothing is opened by itself."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import bodacc

TOLD_MAX = 100


class RecouvrementBodaccImport(models.Model):
    _name = "recouvrement.bodacc.import"
    _description = "BODACC Extract"
    _inherit = ["recouvrement.guarded"]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Legal Entity", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Imported By", readonly=True)
    date = fields.Datetime(string="Imported On", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    row_count = fields.Integer(string="Rows Read", readonly=True)
    other_count = fields.Integer(string="Other Announcements", readonly=True)
    unknown_count = fields.Integer(
        string="Not Customers", readonly=True, help="No customer has this SIREN."
    )
    repeated_count = fields.Integer(
        string="Repeated", readonly=True, help="Twice in the file, or known already."
    )
    refused_count = fields.Integer(string="Rows Refused", readonly=True)
    first_date = fields.Date(string="From", readonly=True)
    last_date = fields.Date(string="Up To", readonly=True)
    problems = fields.Text(string="Why Rows Were Refused", readonly=True)
    notice_ids = fields.One2many(
        "recouvrement.bodacc.notice", "import_id", string="Alerts", readonly=True
    )
    notice_count = fields.Integer(string="New Alerts", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("An import is a record: it is kept."))

    # ------------------------------------------------------------------
    # IMPORT
    # ------------------------------------------------------------------

    @api.model
    def _take(self, name, content, company):
        """Read a file and write an alert for each announcement about a customer.

        :param bytes content: CSV or JSON.
        :param company: legal entity whose customers are looked for.
        :return: the import, with its report.
        :raise UserError: when the file as a whole is not taken.
        """
        self.check_access("write")
        extract = self._read(content)
        record = self.sudo().create(
            {
                "name": name or self.env._("Extract"),
                "company_id": company.root_id.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "sha256": hashlib.sha256(content).hexdigest(),
                "row_count": extract.rows,
                "other_count": extract.others,
                "refused_count": extract.problem_count,
                "problems": self._describe_problems(extract),
                **self._get_period(extract.announcements),
            }
        )
        record._match(extract)
        return record.sudo(False)

    @api.model
    def _read(self, content):
        try:
            return bodacc.read(content)
        except bodacc.BodaccError as error:
            sentence = self._get_file_errors()[error.code]
            raise UserError(sentence.replace("%s", error.detail)) from error

    @api.model
    def _get_file_errors(self):
        """Sentence per code of ``tools.bodacc.BodaccError``."""
        return {
            "size": self.env._("The file is larger than %s MB: cut it by dates."),
            "rows": self.env._("The file has more than %s rows: cut it by dates."),
            "empty": self.env._("The file is empty."),
            "encoding": self.env._("The file is no text."),
            "format": self.env._("The file is neither CSV nor JSON."),
            "columns": self.env._("Columns are missing in the file: %s."),
        }

    @api.model
    def _get_row_errors(self):
        return {
            "row": self.env._("row that cannot be read"),
            "cell": self.env._("column too long"),
            "reference": self.env._("no identifier"),
            "date": self.env._("no date of publication"),
            "siren": self.env._("no valid SIREN"),
            "judgment": self.env._("judgment that cannot be read"),
        }

    def _describe_problems(self, extract):
        labels = self._get_row_errors()
        rows = [
            self.env._(
                "Row %(row)s: %(why)s %(detail)s",
                row=problem.row,
                why=labels[problem.code],
                detail=problem.detail,
            ).strip()
            for problem in extract.problems[:TOLD_MAX]
        ]
        if extract.problem_count > len(rows):
            rows.append(
                self.env._("… and %s others", extract.problem_count - len(rows))
            )
        return "\n".join(rows) or False

    @api.model
    def _get_period(self, announcements):
        days = [one.published for one in announcements]
        return {
            "first_date": min(days, default=False),
            "last_date": max(days, default=False),
        }

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def _match(self, extract):
        """Alerts on known customers; the same announcement counts once per debtor."""
        self.ensure_one()
        sirens = {siren for one in extract.announcements for siren in one.sirens}
        debtors = self._find_debtors(sirens)
        wanted = [
            (debtor_id, one)
            for one in extract.announcements
            for debtor_id in sorted(
                {found for siren in one.sirens for found in debtors.get(siren, ())}
            )
        ]
        known = self._get_known({one.reference for _debtor, one in wanted})
        fresh = [
            (debtor, one)
            for debtor, one in wanted
            if (debtor, one.reference) not in known
        ]
        notices = self.env["recouvrement.bodacc.notice"].create(
            [self._prepare_notice(debtor, one) for debtor, one in fresh]
        )
        matched = {one.reference for _debtor, one in wanted}
        self.write(
            {
                "repeated_count": extract.repeated + len(wanted) - len(fresh),
                "unknown_count": len(extract.announcements) - len(matched),
                "notice_count": len(notices),
            }
        )
        notices._alert()

    def _find_debtors(self, sirens):
        """Debtors of the company by SIREN, from the registry number of the customer or
        its VAT number: ``{siren: [debtor id]}``, one query."""
        if not sirens:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                r"""
                WITH numbered AS (
                    SELECT d.id, LEFT(REGEXP_REPLACE(
                               COALESCE(p.company_registry, ''), '\D', '', 'g'), 9)
                               AS registry,
                           CASE WHEN p.vat ILIKE 'FR%%' THEN RIGHT(REGEXP_REPLACE(
                               p.vat, '[^0-9]', '', 'g'), 9) END AS vat
                      FROM recouvrement_debtor d
                      JOIN res_partner p ON p.id = d.partner_id
                     WHERE d.company_id = %(company)s)
                SELECT id, registry FROM numbered WHERE registry = ANY(%(sirens)s)
                 UNION
                SELECT id, vat FROM numbered WHERE vat = ANY(%(sirens)s)
                """,
                company=self.company_id.id,
                sirens=list(sirens),
            )
        )
        found = {}
        for debtor_id, siren in rows:
            found.setdefault(siren, []).append(debtor_id)
        return found

    def _get_known(self, references):
        return set(
            (debtor.id, reference)
            for debtor, reference in self.env["recouvrement.bodacc.notice"]._read_group(
                [
                    ("reference", "in", list(references)),
                    ("company_id", "=", self.company_id.id),
                ],
                ["debtor_id", "reference"],
            )
        )

    def _prepare_notice(self, debtor_id, one):
        return {
            "import_id": self.id,
            "debtor_id": debtor_id,
            "reference": one.reference,
            "published": one.published,
            "siren": one.sirens[0],
            "announced_name": one.name,
            "court": one.court,
            "nature": one.nature,
            "label": one.label,
            "judged": one.judged,
            "text": one.text,
            "url": one.url,
            "is_void": one.is_void,
        }
