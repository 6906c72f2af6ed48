"""The penalty invoice: outside VAT, due at once, one line per item and part."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from .interest_statement_feed import PARTS

# Where the French VAT law (CGI) applies.
FRENCH_VAT_COUNTRIES = {"FR", "GP", "MQ", "RE"}


class RecouvrementInterestStatement(models.Model):
    _inherit = "recouvrement.interest.statement"

    move_ids = fields.One2many(
        "account.move", "penalty_statement_id", string="Invoice and Credit Notes"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Penalty Invoice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    move_state = fields.Selection(related="move_id.state", string="Invoice Status")
    payment_state = fields.Selection(related="move_id.payment_state")

    # ------------------------------------------------------------------
    # MAKING THE INVOICE
    # ------------------------------------------------------------------

    def _create_invoices(self):
        """Draft penalty invoices of statements that are done.

        sudo: a credit manager has no right to invoices in general; the role was
        checked, and the author stays the real user.
        """
        todo = self.filtered(lambda s: s.outcome == "invoiced" and not s.move_id)
        for company, statements in todo.grouped("company_id").items():
            accounts = {
                part: company._get_penalty_account(part)
                for part in PARTS
                if any(statements.mapped(part))
            }
            journal = company._get_penalty_journal()
            moves = (
                self.env["account.move"]
                .sudo()
                .with_company(company)
                .create(
                    [s._prepare_invoice_vals(journal, accounts) for s in statements]
                )
            )
            for statement, move in zip(statements, moves, strict=True):
                statement.sudo().move_id = move
        todo._log(self.env._("Penalty invoice prepared: %(total)s"))

    def _prepare_invoice_vals(self, journal, accounts):
        """Values of the invoice, in the language of the debtor: a hook.

        :param dict accounts: income account of ``interest`` and ``indemnity``.
        """
        self.ensure_one()
        statement = self.sudo().with_company(self.company_id)
        partner = statement.partner_id
        translated = statement.with_context(lang=statement._get_debtor_lang())
        today = fields.Date.context_today(self)
        address = partner.address_get(["invoice"])["invoice"]
        return {
            "move_type": "out_invoice",
            "partner_id": address,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "invoice_origin": self.name,
            "penalty_statement_id": self.id,
            "narration": translated._get_invoice_narration(),
            "invoice_line_ids": [
                Command.create(vals)
                for line in translated.line_ids
                for vals in line._prepare_invoice_lines_vals(accounts)
            ],
        }

    def _get_debtor_lang(self):
        """Language of the debtor's documents, else the company's own."""
        self.ensure_one()
        debtor = self.debtor_id
        return debtor.lang or debtor.partner_id.lang or self.company_id.partner_id.lang

    def _get_invoice_narration(self):
        self.ensure_one()
        parts = [
            self.env._(
                "Late-payment penalties up to %s.",
                format_date(self.env, self.date_until),
            ),
            *self._get_legal_sources(),
        ]
        country = self.company_id.account_fiscal_country_id
        if country.code in FRENCH_VAT_COUNTRIES:
            parts.append(self.env._("Outside the scope of VAT (CGI art. 256)."))
        return Markup("<br/>").join(parts)

    def _get_legal_sources(self):
        """Texts the claim rests on, each once."""
        sources = self.line_ids.regime_id.mapped("interest_source")
        return [
            self.env._("Legal basis: %s.", source)
            for source in dict.fromkeys(filter(None, sources))
        ]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_post_invoice(self):
        """Post the draft invoices of these penalties.

        :raise AccessError: for those who are neither accountant nor credit manager.
        """
        self.check_access("write")
        if not self._may_invoice():
            raise AccessError(
                self.env._("An accountant or a credit manager posts penalty invoices.")
            )
        drafts = self.sudo().move_id.filtered(lambda move: move.state == "draft")
        if not drafts:
            raise UserError(self.env._("There is no draft penalty invoice here."))
        drafts.action_post()
        return True

    def action_view_invoice(self):
        """The penalty invoice with its credit notes."""
        self.ensure_one()
        moves = self.move_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Penalty Invoice"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }
        if len(moves) == 1:
            action |= {"view_mode": "form", "res_id": moves.id}
        return action

    def action_print_invoice(self):
        self.ensure_one()
        return self.move_id.action_print_pdf()

    def action_print_account(self):
        """The statement of claim of the same items on the same day."""
        self.ensure_one()
        detail = self.env["recouvrement.interest.detail"].create(
            {
                "debtor_id": self.debtor_id.id,
                "date": self.date_until,
                "chosen_ids": self.line_ids.move_line_id.ids,
            }
        )
        return detail.action_print()


class RecouvrementInterestStatementLine(models.Model):
    _inherit = "recouvrement.interest.statement.line"

    regime_id = fields.Many2one(
        "recouvrement.legal.regime", readonly=True, ondelete="set null"
    )

    def _prepare_invoice_lines_vals(self, accounts):
        """One invoice line for the interest, one for the indemnity: a hook."""
        self.ensure_one()
        amounts = {"interest": self.interest, "indemnity": self.indemnity}
        return [
            {
                "name": getattr(self, f"_get_{part}_label")(),
                "quantity": 1.0,
                "price_unit": amount,
                "account_id": accounts[part].id,
                "tax_ids": [Command.clear()],
                "penalty_line_id": self.id,
                "penalty_part": part,
            }
            for part, amount in amounts.items()
            if amount
        ]

    def _get_interest_label(self):
        title = self.env._(
            "Late-payment interest on %(document)s due on %(due)s",
            document=self.document,
            due=format_date(self.env, self.date_due),
        )
        return "\n".join([title, *self._get_segment_texts()])

    def _get_indemnity_label(self):
        return self.env._(
            "Fixed recovery indemnity, %(document)s due on %(due)s",
            document=self.document,
            due=format_date(self.env, self.date_due),
        )
