"""The declaration of claim and its annexes, ready to send (C. com. art. L622-25 and
R622-23), made once and kept with its fingerprint."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import annexes

ANNEXES_MAX = 200
FIRST_ROWS, NEXT_ROWS = 14, 30


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    def action_make_declaration(self):
        """Make the declaration, or make it again until it is sent."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("opened")
        self._check_complete()
        one = self.sudo()
        one.claim_ids._value()
        one._refresh_amounts()
        main = one._render_kept("recouvrement_litige.report_insolvency_declaration")
        content, left = annexes.merge(main, one._get_annex_contents())
        one._keep_document("declaration", one._get_file_name(), content)
        one.declaration_obstacle = "\n".join(left) or False
        self._log(
            self.env._("declaration of claim made"),
            detail=one.declaration_sha256,
            amount=one.amount_declared,
        )
        return self.action_open_declaration()

    def action_open_declaration(self):
        self.ensure_one()
        self.check_access("read")
        self._get_kept("declaration")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.declaration_id.id}?download=true",
            "target": "download",
        }

    def _check_complete(self):
        """:raise UserError: naming what a declaration cannot do without."""
        if not self.kind_id.declares:
            raise UserError(
                self.env._("No claim is declared in “%s”.", self.kind_id.name)
            )
        if not self.claim_ids.filtered(lambda claim: claim.side == "prior"):
            raise UserError(self.env._("There is no earlier claim to declare."))
        if not self.representative_id:
            raise UserError(self.env._("Say to whom the claim is declared."))

    def _get_file_name(self):
        return self.env._("Declaration %s.pdf", self.name.replace("/", "-"))

    # ------------------------------------------------------------------
    # ANNEXES
    # ------------------------------------------------------------------

    def _get_annexes(self):
        """Pieces behind the claims: ``(label, account.move)`` in the order of the
        list."""
        self.ensure_one()
        claims = self._get_declared().filtered("move_line_id")
        moves = claims.move_line_id.move_id.filtered(
            lambda move: move.is_invoice(include_receipts=True)
        )
        return [
            (self.env._("Annex %s", number), move)
            for number, move in enumerate(moves[:ANNEXES_MAX], start=1)
        ]

    def _get_annex_contents(self):
        for label, move in self._get_annexes():
            attachment = move.invoice_pdf_report_id or self.debtor_id._print_duplicate(
                move
            )
            yield f"{label} – {move.name}", attachment.raw

    # ------------------------------------------------------------------
    # WHAT IT SAYS
    # ------------------------------------------------------------------

    def _get_declared(self):
        """Claims before the judgment, the oldest first."""
        return self.claim_ids.filtered(
            lambda claim: claim.side == "prior" and claim._get_total()
        ).sorted(lambda claim: (claim.document_date, claim.id))

    def _get_document(self):
        """All that the declaration prints, in its language."""
        self.ensure_one()
        one = self.sudo().with_context(lang=self.lang)
        claims = one._get_declared()
        annex = {move: label for label, move in one._get_annexes()}
        writer = one._get_writer()
        return {
            "file": one,
            "company": one.company_id,
            "creditor": one._get_party(writer, one.company_id.partner_id),
            "debtor": one._get_party(writer, one.debtor_id.partner_id),
            "addressee": one._get_party(writer, one.representative_id),
            "judged": one._format_day(one.date_judgment),
            "published": one.date_published and one._format_day(one.date_published),
            "pages": one._get_claim_pages(claims, annex),
            "totals": one._get_totals(claims),
            "annexes": [
                one.env._(
                    "%(piece)s: %(name)s, %(day)s, %(amount)s",
                    piece=label,
                    name=move.name,
                    day=one._format_day(move.invoice_date),
                    amount=move.currency_id.format(move.amount_total),
                )
                for label, move in one._get_annexes()
            ],
            "foreign": claims.filtered(lambda c: c.currency_id != one.currency_id),
            "signatory": one.signatory_id.name
            or one.company_id.recouvrement_signatory
            or one.user_id.name,
            "today": one._format_day(fields.Date.context_today(one)),
        }

    def _get_writer(self):
        """A reminder that is never sent, for what letters say of both parties."""
        return (
            self.env["recouvrement.reminder"]
            .with_context(lang=self.lang)
            .new(
                {
                    "debtor_id": self.debtor_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": self.representative_id.id,
                    "currency_id": self.currency_id.id,
                }
            )
        )

    def _get_party(self, writer, partner):
        return {
            "name": partner.name or "",
            "address": writer._get_address_lines(partner),
            "siren": writer._get_siren(
                self.company_id if partner == self.company_id.partner_id else partner
            ),
        }

    def _get_claim_pages(self, claims, annex):
        """Rows of the claims, page by page: an unpatched wkhtmltopdf cuts rows in two
        wherever it has to find the page break itself."""
        rows = [
            {
                "name": claim.name,
                "dated": self._format_day(claim.document_date),
                "due": self._format_day(claim.date_due) if claim.date_due else "",
                "own": claim.currency_id.format(claim.amount)
                if claim.currency_id != self.currency_id
                else "",
                "past": self._money(0 if claim.to_come else claim.amount_company),
                "to_come": self._money(claim.amount_company if claim.to_come else 0),
                "interest": self._money(claim.interest + claim.indemnity),
                "annex": annex.get(claim.move_line_id.move_id, ""),
            }
            for claim in claims
        ]
        pages, size = [], FIRST_ROWS
        while rows:
            pages.append(rows[:size])
            rows, size = rows[size:], NEXT_ROWS
        return pages

    def _get_totals(self, claims):
        past = claims.filtered(lambda claim: not claim.to_come)
        return {
            "past": self._format(self._sum(past.mapped("amount_company"))),
            "to_come": self._format(
                self._sum((claims - past).mapped("amount_company"))
            ),
            "interest": self._format(
                self._sum([*claims.mapped("interest"), *claims.mapped("indemnity")])
            ),
            "total": self._format(self.amount_declared),
        }

    def _money(self, amount):
        return self._format(amount) if amount else ""
