"""The invoice that tells of its direct debit: on the PDF, in the e-mail, with proof."""

from markupsafe import Markup, escape

from odoo import Command, api, fields, models
from odoo.tools import format_amount, format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_sepa_terms(self):
        """What will be debited of an invoice: ``[(item, day, amount)]``; empty when no
        usable mandate collects it, or it is disputed."""
        self.ensure_one()
        if (
            self.move_type not in ("out_invoice", "out_receipt")
            or self.state != "posted"
            or self.payment_state in ("paid", "in_payment", "reversed", "blocked")
        ):
            return []
        mandate = self._get_sepa_mandate()
        if not mandate or self.currency_id != self.env.ref("base.EUR"):
            return []
        return [
            (
                line,
                mandate._get_debit_day(line.date_maturity),
                line.amount_residual_currency,
            )
            for line in self.sudo().line_ids.sorted("date_maturity")
            if line.account_id.account_type == "asset_receivable"
            and line.amount_residual_currency > 0
            and line.collection_status in ("to_chase", "promised")
        ]

    def _get_sepa_mandate(self):
        return self.env["recouvrement.sepa.mandate"].sudo()._get_for_invoice(self)

    def _get_sepa_notice(self, lang=None):
        """The paragraph that tells the customer, in a language; safe HTML or "".

        Amount, day, mandate reference, creditor identifier, as the rules of SEPA ask.
        """
        self.ensure_one()
        terms = self._get_sepa_terms()
        if not terms:
            return Markup()
        env = self.with_context(lang=lang).env if lang else self.env
        mandate = self._get_sepa_mandate()
        debits = [
            env._(
                "%(amount)s on %(day)s",
                amount=format_amount(env, amount, self.currency_id),
                day=format_date(env, day),
            )
            for _line, day, amount in terms
        ]
        text = env._(
            "This invoice will be collected by SEPA direct debit: %(debits)s, from "
            "your account %(account)s. Mandate reference: %(rum)s. Creditor "
            "identifier: %(ics)s (%(creditor)s). You have nothing to do.",
            debits=env._(" and ").join(debits),
            account=mandate._get_masked_iban(),
            rum=mandate.name,
            ics=mandate.creditor_identifier,
            creditor=mandate.creditor_name,
        )
        return escape(text)


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    # EXTENDS 'account'
    @api.model
    def _get_default_mail_body(self, move, mail_template, mail_lang):
        body = super()._get_default_mail_body(move, mail_template, mail_lang)
        notice = move._get_sepa_notice(mail_lang)
        if not notice:
            return body
        return Markup("%s<p>%s</p>") % (Markup(body or ""), notice)

    # EXTENDS 'account'
    @api.model
    def _send_mails(self, moves_data):
        """What the invoices that leave tell is kept, with their messages."""
        told = {move: move._get_sepa_terms() for move in moves_data}
        last = {move: move.message_ids[:1].id or 0 for move in moves_data}
        result = super()._send_mails(moves_data)
        self.env["recouvrement.sepa.prenotification"].sudo().create(
            [
                vals
                for move, terms in told.items()
                if terms
                and (vals := self._prepare_sepa_notice(move, terms, last[move]))
            ]
        )
        return result

    @api.model
    def _prepare_sepa_notice(self, move, terms, last_message_id):
        """Values of the notice of an invoice that was just sent, or None."""
        messages = move.message_ids.filtered(
            lambda m: m.id > last_message_id and m.message_type == "comment"
        )
        if not messages:
            return None
        mandate = move._get_sepa_mandate()
        return {
            "company_id": mandate.company_id.id,
            "debtor_id": mandate.debtor_id.id,
            "mandate_id": mandate.id,
            "partner_id": move.partner_id.id,
            "channel": "invoice",
            "days": mandate._get_prenotification_days(),
            "mail_message_id": messages[-1].id,
            "user_id": self.env.uid,
            **self._get_sepa_notice_state(messages[-1].sudo().mail_ids),
            "line_ids": [
                Command.create(
                    {
                        "move_line_id": line.id,
                        "name": move.name,
                        "due_on": day,
                        "amount": amount,
                    }
                )
                for line, day, amount in terms
            ],
        }

    @api.model
    def _get_sepa_notice_state(self, mails):
        """Without an e-mail in the queue it left at once, or to an inbox of Odoo."""
        waiting = mails.filtered(lambda mail: mail.state == "outgoing")
        refused = mails.filtered(lambda mail: mail.state in ("exception", "cancel"))
        if refused:
            return {"state": "failed", "outcome": refused[0].failure_reason}
        if waiting:
            return {"state": "queued"}
        return {"state": "sent", "sent_on": fields.Date.context_today(self)}
