"""Values of statement lines, from the bookings of one statement."""

import hashlib
from collections import Counter
from decimal import Decimal

from odoo.tools import SQL, split_every

from ..tools.bank import BankFileError, is_collection

BATCH = 2000
BOOKED = "BOOK"
DETAILS_KEPT = 500


class Lines:
    """Builds the lines of one statement and keeps count of them.

    :ivar Decimal total: sum of what was booked.
    :ivar int duplicates: lines that the journal holds already.
    :ivar list collections: ``(key, entry)`` of credits of our direct debits.
    """

    def __init__(self, file, document, statement, journal):
        self.env, self.company = file.env, file.company_id
        self.document, self.statement, self.journal = document, statement, journal
        self.total = Decimal(0)
        self.duplicates = self.written = self.pending = self.partners = 0
        self.collections = []
        self._seen = Counter()

    def batches(self, entries):
        return split_every(BATCH, entries, list)

    def values(self, entries):
        """Lines of some entries, those that are here already left out.

        :raise BankFileError: ``overlap`` when only some are, ``no_date``.
        """
        rows = []
        for entry in entries:
            if entry.status == BOOKED:
                rows += self._entry_rows(entry)
            else:
                self.pending += 1
        known = self._get_known({row["sepa_bank_key"] for row, _entry in rows})
        new = [pair for pair in rows if pair[0]["sepa_bank_key"] not in known]
        self.duplicates += len(rows) - len(new)
        self.written += len(new)
        if self.duplicates and self.written:
            raise self._overlap()
        self._keep_collections(new)
        self._find_partners([row for row, _entry in new])
        return [row for row, _entry in new]

    def _overlap(self):
        params = {"known": self.duplicates, "new": self.written}
        return BankFileError("overlap", self.statement.where, params)

    # ------------------------------------------------------------------
    # ONE BOOKING
    # ------------------------------------------------------------------

    def _entry_rows(self, entry):
        """One line, or one for each transaction when the bank tells them to the cent.

        Credits of our collections stay whole: they settle a whole collection.
        """
        parts = [(entry.amount, entry.details)]
        if self._is_split(entry):
            parts = [(detail.amount, (detail,)) for detail in entry.details]
        return [(self._row(entry, amount, details), entry) for amount, details in parts]

    def _is_split(self, entry):
        return (
            len(entry.details) > 1
            and sum(detail.amount for detail in entry.details) == entry.amount
            and all(detail.currency == entry.currency for detail in entry.details)
            and not is_collection(entry)
        )

    def _row(self, entry, amount, details):
        day = entry.booked_on or self.statement.date_end
        if not day:
            raise BankFileError("no_date", entry.where)
        self.total += amount
        detail = details[0] if len(details) == 1 else None
        return {
            "date": day,
            "amount": amount,
            "payment_ref": self._label(entry, detail),
            "partner_name": (detail.name if detail else "") or None,
            "account_number": (detail.iban if detail else "") or None,
            "transaction_type": entry.sub_family or entry.proprietary or None,
            "transaction_details": self._details(entry, details),
            "sepa_bank_key": self._key(day, amount, entry, detail),
        }

    def _label(self, entry, detail):
        parts = [detail.remittance, detail.reference] if detail else []
        if detail and detail.reference and detail.reference in detail.remittance:
            parts = [detail.remittance]
        label = " ".join(filter(None, parts))
        if entry.text and entry.text not in label:
            label = f"{entry.text} {label}".strip()
        name = detail.name if detail else ""
        return label or name or entry.bank_reference or "/"

    def _details(self, entry, details):
        """What the bank told besides, for matching and for people."""
        batch = entry.batch
        kept = {
            "document": self.document.version,
            "where": entry.where,
            "bank_reference": entry.bank_reference,
            "family": entry.family,
            "sub_family": entry.sub_family,
            "proprietary": entry.proprietary,
            "value_date": entry.value_on and entry.value_on.isoformat(),
            "charges": str(entry.charges) if entry.charges else "",
            "payment_info_id": batch.payment_info_id if batch else "",
            "batch_count": batch.count if batch else 0,
            "transactions": [self._told(detail) for detail in details[:DETAILS_KEPT]],
        }
        return {name: value for name, value in kept.items() if value}

    def _told(self, detail):
        names = (
            "end_to_end_id",
            "rum",
            "ics",
            "reference",
            "bank_reference",
            "reason",
            "reason_text",
            "name",
            "iban",
        )
        told = {name: getattr(detail, name) for name in names}
        told["amount"] = str(detail.amount)
        return {name: value for name, value in told.items() if value}

    def _key(self, day, amount, entry, detail):
        """Tells a booking from all others of its account, whatever file it comes in:
        its data, the balance after it, and its rank among bookings that are equal in
        all that."""
        opening = self.statement.opening
        parts = [
            day.isoformat(),
            f"{amount:.2f}",
            "" if opening is None else f"{opening + self.total:.2f}",
            entry.bank_reference,
            detail.end_to_end_id if detail else "",
            detail.bank_reference if detail else "",
            detail.iban if detail else "",
        ]
        mark = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]
        self._seen[mark] += 1
        return f"{mark}:{self._seen[mark]}"

    # ------------------------------------------------------------------
    # SETS
    # ------------------------------------------------------------------

    def _get_known(self, keys):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sepa_bank_key FROM account_bank_statement_line
                 WHERE journal_id = %s AND sepa_bank_key = ANY(%s)
                """,
                self.journal.id,
                list(keys),
            )
        )
        return {row[0] for row in rows}

    def _keep_collections(self, pairs):
        for row, entry in pairs:
            if is_collection(entry):
                self.collections.append((row["sepa_bank_key"], entry))

    def _find_partners(self, rows):
        """The customer whose account it is, when it is the account of one only."""
        numbers = {row["account_number"] for row in rows if row["account_number"]}
        found = self._get_partners(numbers) if numbers else {}
        for row in rows:
            row["partner_id"] = found.get(row["account_number"])
            self.partners += bool(row["partner_id"])

    def _get_partners(self, numbers):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.sanitized_acc_number, min(p.commercial_partner_id)
                  FROM res_partner_bank b
                  JOIN res_partner p ON p.id = b.partner_id AND p.active
                 WHERE b.sanitized_acc_number = ANY(%s) AND b.active
                   AND (b.company_id IS NULL OR b.company_id = ANY(%s))
                   AND (p.company_id IS NULL OR p.company_id = ANY(%s))
                   AND p.commercial_partner_id != %s
                 GROUP BY b.sanitized_acc_number
                HAVING count(DISTINCT p.commercial_partner_id) = 1
                """,
                list(numbers),
                self.journal.company_id.parent_ids.ids,
                self.journal.company_id.parent_ids.ids,
                self.journal.company_id.partner_id.id,
            )
        )
        return dict(rows)
