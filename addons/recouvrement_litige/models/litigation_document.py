"""Texts of a litigation file that are written for the lawyer or the court, filled in
from the file and edited by hand before they are printed.

They are drafts (« projet à compléter par le conseil »), in French because French courts
read them, and nothing in them imitates an act of a commissaire de justice (C. pén. art.
433-13).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty

KINDS = [
    ("formal_notice", "Formal Notice"),
    ("order_request", "Request for a Payment Order"),
    ("decomposition", "Claim for a Summons"),
]
TITLES = {
    "formal_notice": "Mise en demeure de payer",
    "order_request": "Requête en injonction de payer",
    "decomposition": "Décompte de créance pour assignation",
}
# Words that would make a letter look like an act of an officer.
FORBIDDEN = (
    "sommation",
    "dernier avis avant saisie",
    "signification",
    "itératif commandement",
)


class RecouvrementLitigationDocument(models.Model):
    _name = "recouvrement.litigation.document"
    _description = "Text of a Litigation File"
    _inherit = ["recouvrement.guarded", "recouvrement.litigation.paper"]
    _order = "id desc"
    _paper_report = "recouvrement_litige.report_litigation_document"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    name = fields.Char(string="Title", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    body = fields.Html(string="Text", sanitize_style=True)
    state = fields.Selection(
        [("draft", "Draft"), ("final", "Final")],
        required=True,
        readonly=True,
        default="draft",
    )
    warning = fields.Char(string="To Check", compute="_compute_warning")
    finished_by_id = fields.Many2one("res.users", readonly=True)
    finished_on = fields.Datetime(readonly=True)

    @api.depends("body", "kind")
    def _compute_warning(self):
        for document in self:
            text = (document.body or "").lower()
            found = [
                word
                for word in FORBIDDEN
                if document.kind == "formal_notice" and word in text
            ]
            document.warning = bool(found) and self.env._(
                "A letter of a creditor must not look like an act of an officer "
                "(C. pén. art. 433-13): “%s”.",
                ", ".join(found),
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if {"name", "date", "body"} & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_draft()

    def _check_draft(self):
        if self.filtered(lambda document: document.state != "draft"):
            raise UserError(
                self.env._("This text is final: it is kept as it was finished.")
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_refill(self):
        """The text again from the facts of today; what was written is lost."""
        self.check_access("write")
        self._check_draft()
        for document in self.sudo():
            document.body = document._fill()
        return True

    def action_finish(self):
        """Keep the text as it is, as a PDF with its fingerprint."""
        self.check_access("write")
        self._check_draft()
        for document in self.sudo():
            document.lock_for_update()
            if is_html_empty(document.body):
                raise UserError(self.env._("The text is empty."))
            if document.warning:
                raise UserError(document.warning)
            document.write(
                {
                    "state": "final",
                    "finished_by_id": self.env.uid,
                    "finished_on": fields.Datetime.now(),
                }
            )
            document._keep_document(
                "pdf", document._get_file_name(), document._render_pdf()
            )
            document.litigation_id._log_document(document)
        return True

    def _get_file_name(self):
        return f"{self.name} {self.litigation_id.name}.pdf".replace("/", "-")

    # ------------------------------------------------------------------
    # FILLING IN
    # ------------------------------------------------------------------

    def _fill(self):
        """The text of the kind, from the file: a hook for other kinds."""
        self.ensure_one()
        values = self._prepare_values()
        return self.env["ir.qweb"]._render(
            f"recouvrement_litige.text_{self.kind}", values
        )

    def _prepare_values(self):
        """What the texts say, with formats in the language of the court."""
        document = self.with_context(lang=self.lang)
        litigation = document.litigation_id.sudo()
        claim = litigation.claim_id
        feed = document.env["recouvrement.interest"]
        return {
            "document": document,
            "litigation": litigation,
            "company": litigation.company_id,
            "creditor": document._describe_party(litigation.company_id.partner_id),
            "debtor": document._describe_party(litigation.customer_id),
            "court": litigation.jurisdiction_id,
            "is_commercial": litigation.jurisdiction_id.kind in ("tc", "tae"),
            "claim": claim,
            "rows": claim.row_ids,
            "interests": claim._sum_interest(),
            "pieces": litigation.piece_ids.filtered(
                lambda piece: piece.state == "present"
            ).sorted("number"),
            "money": feed._format_money,
            "day": lambda day: format_date(document.env, day) if day else "",
            "long_day": lambda day: format_date(
                document.env, day, date_format="d MMMM y"
            ),
            "rate": feed._format_rate,
            "bank": litigation.company_id._get_collection_account(
                litigation.company_id.currency_id
            ),
        }

    @api.model
    def _describe_party(self, partner):
        """``name, address, siren`` of a party."""
        partner = partner.sudo()
        city = " ".join(filter(None, (partner.zip, partner.city)))
        return {
            "name": partner.name,
            "address": [row for row in (partner.street, partner.street2, city) if row],
            "siren": self.env["recouvrement.reminder"]._get_siren(partner),
            "is_company": partner.is_company,
        }


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    document_ids = fields.One2many("recouvrement.litigation.document", "litigation_id")

    def action_write_formal_notice(self):
        return self._write_document("formal_notice").action_open()

    def action_write_order_request(self):
        return self._write_document("order_request").action_open()

    def action_write_decomposition(self):
        return self._write_document("decomposition").action_open()

    def _write_document(self, kind):
        """A draft of a kind, filled in; the claim is computed when there is none."""
        self.ensure_one()
        self.check_access("write")
        if not self.claim_id:
            self._compute_claim()
        documents = self.env["recouvrement.litigation.document"]
        document = documents.sudo().create(
            {"litigation_id": self.id, "kind": kind, "name": TITLES[kind]}
        )
        document.body = document._fill()
        return documents.browse(document.id)

    def _log_document(self, document):
        self.message_post(body=document.name, attachment_ids=document.pdf_id.ids)
        self.debtor_id._log_event("litigation", f"{self.name}: {document.name}")
