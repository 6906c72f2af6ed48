"""Debits that the creditor gives back: a pain.007 file, until the bank books it."""

import base64
import io
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import pain007, target_calendar
from ..tools.bank.model import Event
from ..tools.charset import to_sepa
from ..tools.returns import IN_LEDGER

# Interbank days after the collection date within which the creditor may reverse.
REVERSAL_DAYS = 5
CENT = Decimal("0.01")


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    def action_reverse(self):
        """Give these debits back to the customers."""
        return self.env["recouvrement.sepa.return"]._open_wizard(
            "recouvrement.sepa.reversal",
            self.env._("Give Back to the Customer"),
            default_line_ids=self.ids,
        )

    def _reverse(self, reason):
        """Make the files that ask the bank to give debits back, one per collection.

        Each is kept with its collection; the ledger moves when the bank books it.

        :param str reason: ``AM05`` or ``MS02``.
        :raise UserError: too late, not collected yet, or come back already.
        :return: the files, ``ir.attachment``.
        """
        returns = self.env["recouvrement.sepa.return"]
        returns._check_handler()
        lines = returns.sudo()._lock_lines(self.ids)
        lines._check_reversible()
        files = self.env["ir.attachment"].sudo()
        for collection, group in lines.grouped("collection_id").items():
            message = group._prepare_reversal(collection, reason)
            files |= collection._keep_reversal(message)
            returns._take(
                [line._prepare_reversal_event(message, reason) for line in group],
                company=collection.company_id,
            )
        return files.sudo(self.env.su)

    def _check_reversible(self):
        today = fields.Date.context_today(self)
        known = self.env["recouvrement.sepa.return"].sudo()._of_lines(self)
        for line in self:
            last = target_calendar.add_open_days(line.date, REVERSAL_DAYS)
            if line.state not in IN_LEDGER or line in known.line_id:
                raise UserError(
                    self.env._(
                        "%s was not collected, or came back already.", line.display_name
                    )
                )
            if today > last:
                raise UserError(
                    self.env._(
                        "%(debit)s could be given back until %(day)s: pay the customer "
                        "by transfer.",
                        debit=line.display_name,
                        day=format_date(self.env, last),
                    )
                )

    def _prepare_reversal(self, collection, reason):
        """The message of the debits of one collection."""
        journal = collection.journal_id
        account = journal.bank_account_id
        number = (
            self.env["ir.attachment"]
            .sudo()
            .search_count(
                [
                    ("res_model", "=", collection._name),
                    ("res_id", "=", collection.id),
                    ("name", "like", "pain.007%"),
                ]
            )
        )
        message_id = f"{collection.message_id[:30]}-R{number + 1}"
        lots = []
        for lot, lines in self.grouped("payment_info_id").items():
            first = lines[0]
            lots.append(
                pain007.Lot(
                    payment_info_id=lot or "",
                    reversal_info_id=f"{message_id[:31]}-{len(lots) + 1}",
                    scheme=first.scheme,
                    sequence=first.sequence_type,
                    date=first.date,
                    creditor_name=to_sepa(first.mandate_id.creditor_name, 70).text,
                    ics=first.creditor_identifier,
                    creditor_iban=account.sanitized_acc_number or "",
                    creditor_bic=account.bank_bic or "",
                    reversals=[line._prepare_reversal_row(reason) for line in lines],
                )
            )
        company = collection.company_id
        return pain007.Message(
            message_id=message_id,
            created=fields.Datetime.context_timestamp(
                self, fields.Datetime.now()
            ).replace(tzinfo=None, microsecond=0),
            initiator=to_sepa(company._get_sepa_creditor_name(), 70).text,
            original_message_id=collection.message_id,
            lots=tuple(lots),
            version=collection.version or journal.sepa_version,
        )

    def _prepare_reversal_row(self, reason):
        return pain007.Reversal(
            reversal_id=f"R-{self.end_to_end_id}"[:35],
            end_to_end_id=self.end_to_end_id,
            amount=Decimal(str(self.amount)).quantize(CENT),
            reason=reason,
            rum=self.rum,
            debtor_name=to_sepa(self.debtor_name, 70).text,
            iban=self.iban,
            bic=self.bic or "",
        )

    def _prepare_reversal_event(self, message, reason):
        return Event(
            kind="reversal",
            level="transaction",
            booked=False,
            date=fields.Date.context_today(self),
            amount=Decimal(str(self.amount)).quantize(CENT),
            end_to_end_id=self.end_to_end_id,
            rum=self.rum,
            iban=self.iban,
            debtor_name=self.debtor_name,
            reason=reason,
            message_id=message.message_id,
            document=f"pain.007.001.{pain007.VERSIONS[message.version]}",
            where=self.env._("our own file"),
        )


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    def _keep_reversal(self, message):
        """Write the file once and keep it with its collection."""
        stream = io.BytesIO()
        pain007.write(stream, message)
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"pain.007 {message.message_id}.xml",
                    "res_model": self._name,
                    "res_id": self.id,
                    "mimetype": "application/xml",
                    "datas": base64.b64encode(stream.getvalue()),
                }
            )
        )
