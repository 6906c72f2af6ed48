"""The file of a collection: checked, made once, kept with its hash."""

import hashlib
import io
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from operator import itemgetter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, groupby
from odoo.tools.gc import disabling_gc

from ..tools import pain008
from ..tools.address import split_street
from ..tools.charset import to_sepa
from ..tools.epc_check import Limits, Refusal, check
from ..tools.sepa_area import is_eea
from .amendment import PENDING

SEQUENCES = ("FRST", "RCUR", "FNAL", "OOFF")
NAME, REMITTANCE, LINE = 70, 140, 70


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def action_check(self):
        """Show what would hinder the file."""
        self.check_access("write")
        self._lock()
        self._check_state("draft", "to_approve", "approved")
        for collection in self.sudo():
            collection._check_file()
        return self._tell_refusals()

    def action_generate(self):
        """Make the file, once.

        Nothing is kept when something hinders it but the list of what to correct.
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._check_state("approved")
        collection = self.sudo()
        message = collection._check_file()
        if message is None:
            return self._tell_refusals()
        content = collection._write_file(message)
        if content is None:
            return self._tell_refusals()
        collection._keep_file(message, content)
        collection._present()
        collection._on_generated()
        return True

    def action_remove_refused(self):
        """Take out the debits that hinder the file."""
        self.check_access("write")
        self._lock()
        self._check_state("draft", "to_approve", "approved")
        refused = self.sudo().refusal_ids.filtered(lambda r: r.level == "error")
        refused.line_id.with_env(self.env).action_remove()
        self.sudo().refusal_ids.unlink()

    def _tell_refusals(self):
        errors = self.sudo().refusal_ids.filtered(lambda r: r.level == "error")
        message = (
            self.env._("%s points to correct: see “To Correct”.", len(errors))
            if errors
            else self.env._("Nothing hinders the file.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if errors else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # CHECK
    # ------------------------------------------------------------------

    def _check_file(self):
        """Write down all that hinders the file.

        :return: the message to write, or None when something does.
        """
        self.ensure_one()
        self.refusal_ids.unlink()
        self._flush_facts()
        self._lock_debtors_in()
        remarks = []
        with disabling_gc():  # tens of thousands of objects that stay
            message = self._get_message(remarks)
        earliest = self._get_earliest_date(self.journal_id, self.scheme)
        remarks += check(message, Limits(earliest=earliest))
        remarks += self._check_facts()
        self._keep_refusals(remarks)
        if any(remark.level == "error" for remark in remarks):
            return None
        return message

    def _flush_facts(self):
        self.env["recouvrement.sepa.candidate"]._flush_candidates()

    def _lock_debtors_in(self):
        """What is collected is not paid at the same moment: debtors first, then items
        (``_check_facts``)."""
        self.env.cr.execute(
            SQL(
                """SELECT d.id FROM recouvrement_debtor d
                    WHERE d.id IN (SELECT debtor_id
                                     FROM recouvrement_sepa_collection_line
                                    WHERE collection_id = %s)
                 ORDER BY d.id FOR NO KEY UPDATE""",
                self.id,
            )
        )

    def _keep_refusals(self, remarks):
        if not remarks:
            return
        lines = {
            line.end_to_end_id: line
            for line in self.line_ids
            if line.end_to_end_id in {remark.line for remark in remarks}
        }
        empty = self.env["recouvrement.sepa.collection.line"]
        self.env["recouvrement.sepa.collection.refusal"].create(
            [
                {
                    "collection_id": self.id,
                    "line_id": lines.get(remark.line, empty).id,
                    "debtor_id": lines.get(remark.line, empty).debtor_id.id,
                    "level": remark.level,
                    "code": remark.code,
                    "field": remark.field,
                    "value": self._say(remark.value),
                    "params": {k: self._say(v) for k, v in remark.params.items()},
                }
                for remark in remarks
            ]
        )

    def _say(self, value):
        return format_date(self.env, value) if isinstance(value, date) else str(value)

    def _check_facts(self):
        """What changed since the proposal: items (locked), mandates, customers.

        :return: list of ``Refusal``; one statement.
        """
        mandates = self.env["recouvrement.sepa.mandate"]
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                WITH item AS MATERIALIZED (
                    SELECT x.id, x.end_to_end_id, x.state, i.name, i.amount,
                           i.installment_id, l.move_id, l.reconciled, l.parent_state,
                           l.amount_residual_currency, (%(status)s) AS status,
                           l.amount_residual_currency
                           - CASE WHEN l.collection_mark = 'disputed' THEN 0
                                  ELSE LEAST(%(disputed)s,
                                             GREATEST(l.amount_residual_currency, 0))
                                  END AS asked
                      FROM recouvrement_sepa_collection_line x
                      JOIN recouvrement_sepa_collection_item i ON i.line_id = x.id
                      JOIN account_move_line l ON l.id = i.move_line_id
                     WHERE x.collection_id = %(collection)s
                  ORDER BY l.id FOR SHARE OF l
                )
                SELECT end_to_end_id, code, value, name, open FROM (
                  SELECT x.id, x.end_to_end_id, f.code, f.value, '' AS name, 0 AS open
                    FROM recouvrement_sepa_collection_line x
                    JOIN recouvrement_debtor d ON d.id = x.debtor_id
                    JOIN recouvrement_sepa_mandate k ON k.id = x.mandate_id
               LEFT JOIN (%(usable)s) u ON u.id = x.mandate_id
              CROSS JOIN LATERAL (VALUES
                         ('mandate_not_usable', x.rum, u.id IS NULL),
                         ('mandate_changed', CONCAT_WS(', ',
                             CASE WHEN k.iban <> x.iban THEN 'IBAN' END,
                             CASE WHEN k.name <> x.rum THEN 'RUM' END,
                             CASE WHEN k.creditor_identifier <> x.creditor_identifier
                                  THEN 'ICS' END),
                          (k.iban, k.name, k.creditor_identifier)
                          <> (x.iban, x.rum, x.creditor_identifier)),
                         ('debtor_held', '', d.hold_until >= %(today)s)
                         ) f(code, value, is_so)
                   WHERE x.collection_id = %(collection)s AND x.state = 'planned'
                     AND (u.id IS NULL OR d.hold_until >= %(today)s
                          OR (k.iban, k.name, k.creditor_identifier)
                             <> (x.iban, x.rum, x.creditor_identifier))
                     AND f.is_so
               UNION ALL
                  SELECT i.id, i.end_to_end_id, f.code, '', i.name,
                         CASE WHEN f.code = 'item_stopped' OR i.reconciled THEN 0
                              ELSE i.asked END
                    FROM item i
                    JOIN account_move m ON m.id = i.move_id
              CROSS JOIN LATERAL (
                         SELECT i.parent_state <> 'posted'
                             OR ABS(i.asked) < ABS(i.amount)
                             OR SIGN(i.amount_residual_currency) <> SIGN(i.amount)
                                AS is_paid,
                                m.payment_state = 'blocked'
                             OR i.status NOT IN ('to_chase',
                                 CASE WHEN i.installment_id IS NULL THEN 'to_chase'
                                      ELSE 'plan' END) AS is_stopped
                      OFFSET 0) fact
              CROSS JOIN LATERAL (VALUES
                         ('item_paid', fact.is_paid), ('item_stopped', fact.is_stopped)
                         ) f(code, is_so)
                   WHERE i.state = 'planned'
                     AND (fact.is_paid OR fact.is_stopped) AND f.is_so
                  ) found
              ORDER BY id
                """,
                usable=mandates._usable_sql(self.date),
                today=today,
                status=self.env["account.move.line"]._status_on_sql(today),
                disputed=self.env["recouvrement.open.item"]._disputed_part_sql(),
                collection=self.id,
            )
        )
        return [
            Refusal(
                code,
                "error",
                line,
                "",
                value or name,
                {"name": name, "open": self._format(float(is_open))},
            )
            for line, code, value, name, is_open in rows
        ]

    # ------------------------------------------------------------------
    # MESSAGE
    # ------------------------------------------------------------------

    def _get_message(self, remarks):
        """The message to be, from the debits as they were proposed.

        :param list remarks: gets a warning for each text that lost something.
        """
        journal = self.journal_id
        company = self.company_id
        name = to_sepa(company._get_sepa_creditor_name(), NAME).text
        bank = journal.bank_account_id
        creditor = pain008.Creditor(
            name,
            journal._get_sepa_ics(),
            (bank.sanitized_acc_number or "").replace(" ", ""),
            bank.bank_id.bic or "",
            self._get_creditor_address(remarks),
        )
        amendments = self._get_amendments()
        mode = journal.sepa_address_mode
        message_id = self._get_message_id()
        groups, places = [], {}
        rows = self.env.execute_query(self._debits_sql())
        for sequence, found in groupby(rows, itemgetter(0)):
            debits = [
                _get_debit(row[1:], mode, amendments, remarks, places) for row in found
            ]
            groups.append(
                pain008.Group(
                    f"{message_id}-{sequence}",
                    self.scheme,
                    sequence,
                    self.date,
                    creditor,
                    debits,
                    len(debits),
                    sum((debit.amount for debit in debits), Decimal(0)),
                    journal.sepa_batch_booking,
                )
            )
        created = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_bank_tz(journal)), self.env.cr.now()
        )
        return pain008.Message(
            message_id,
            created.replace(tzinfo=None, microsecond=0),
            name,
            tuple(groups),
            journal.sepa_version,
        )

    def _get_creditor_address(self, remarks):
        """The address of who collects, in the form that the bank wants.

        :param list remarks: gets a warning when there is none to tell.
        """
        mode = self.journal_id.sepa_address_mode
        place = self.company_id.partner_id
        parts = place.street, place.street2, place.zip, place.city
        address = _get_address((*parts, place.country_id.code), mode, False)
        if mode != "none" and not address:
            name = place.display_name
            remarks.append(
                Refusal("creditor_address", "warning", "", "Cdtr/PstlAdr", name)
            )
        return address

    def _debits_sql(self):
        return SQL(
            """
            SELECT x.sequence_type, x.end_to_end_id, x.amount::text, x.rum, x.signed_on,
                   x.debtor_name, x.iban, x.bic, x.remittance, x.prenotified_on,
                   x.mandate_id, p.street, p.street2, p.zip, p.city, y.code
              FROM recouvrement_sepa_collection_line x
              JOIN recouvrement_debtor d ON d.id = x.debtor_id
              JOIN res_partner p ON p.id = d.partner_id
         LEFT JOIN res_country y ON y.id = p.country_id
             WHERE x.collection_id = %s AND x.state = 'planned'
          ORDER BY x.sequence_type, x.id
            """,
            self.id,
        )

    def _get_amendments(self):
        """What changed of the mandates since they were last collected, kept on the
        debits that tell it.

        :return: ``{mandate id: tools Amendment}``.
        """
        self.env["recouvrement.sepa.amendment"].flush_model(["mandate_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT a.mandate_id FROM recouvrement_sepa_amendment a
                     JOIN recouvrement_sepa_collection_line x
                       ON x.mandate_id = a.mandate_id
                    WHERE x.collection_id = %s AND x.state = 'planned'
                      AND a.state = ANY(%s)""",
                self.id,
                list(PENDING),
            )
        )
        found = self.env["recouvrement.sepa.mandate"]._get_pending_amendments(
            mandate_id for [mandate_id] in rows
        )
        lines = self.env["recouvrement.sepa.collection.line"].search(
            [
                ("collection_id", "=", self.id),
                ("state", "=", "planned"),
                "|",
                ("mandate_id", "in", list(found)),
                ("amendment_json", "!=", False),
            ]
        )
        for line in lines:
            amendment = found.get(line.mandate_id.id)
            line.amendment_json = asdict(amendment) if amendment else False
        return found

    # ------------------------------------------------------------------
    # FILE
    # ------------------------------------------------------------------

    def _write_file(self, message):
        """The bytes of the file, valid against its schema; None when it is not."""
        stream = io.BytesIO()
        pain008.write(stream, message)
        stream.seek(0)
        try:
            pain008.validate(stream, message.version)
        except pain008.Pain008Error as error:
            text = error.params.get("text", "")
            refusal = Refusal("schema", "error", message.message_id, "", text)
            self._keep_refusals([refusal])
            return None
        return stream.getvalue()

    def _keep_file(self, message, content):
        """Freeze the file: its bytes are served from now on, never made again."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{message.message_id}.xml",
                "raw": content,
                "mimetype": "application/xml",
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "file_id",
                "company_id": self.company_id.id,
            }
        )
        self.write(
            {
                "state": "generated",
                "message_id": message.message_id,
                "version": f"pain.008.001.{message.version}",
                "file_id": attachment.id,
                "file_sha256": hashlib.sha256(content).hexdigest(),
                "date_generated": fields.Datetime.now(),
            }
        )

    def _present(self):
        """Lines and mandates learn that they are in a file, in sets."""
        lines = self.env["recouvrement.sepa.collection.line"].search(
            [("collection_id", "=", self.id), ("state", "=", "planned")]
        )
        lines._set_state("presented")
        self.env["recouvrement.sepa.amendment"]._carry(lines)
        rows = self.env.execute_query(
            SQL(
                """SELECT mandate_id FROM recouvrement_sepa_collection_line
                    WHERE collection_id = %s AND state = 'presented'""",
                self.id,
            )
        )
        self.env["recouvrement.sepa.mandate"]._note_presented(
            (mandate_id, self.date) for [mandate_id] in rows
        )

    def _get_file(self):
        """The bytes that were kept.

        :raise UserError: when there are none, or they are no longer the same.
        """
        self.ensure_one()
        content = self.sudo().file_id.raw
        if not content:
            raise UserError(self.env._("%s has no file yet.", self.name))
        if hashlib.sha256(content).hexdigest() != self.file_sha256:
            raise UserError(
                self.env._(
                    "The file of %s is not the one that was made: do not use it.",
                    self.name,
                )
            )
        return content

    def action_download(self):
        """The file, as it was made."""
        self.ensure_one()
        self.check_access("read")
        self._get_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement_sepa/collection/{self.id}/file",
            "target": "download",
        }


def _get_debit(row, mode, amendments, remarks, places):
    """A debit as the file tells it.

    :param dict places: addresses made so far, added to.
    """
    end_to_end_id, amount, rum, signed_on, holder, iban, bic, *more = row
    remittance, told, mandate_id, *place = more
    name = to_sepa(holder, NAME)
    if name.changed or name.cut:
        _tell_conversion(remarks, end_to_end_id, "Dbtr/Nm", holder, name)
    if len(remittance or "") > REMITTANCE:
        remittance = _fit(remittance)
    inside = is_eea(iban)
    key = (inside, *place)
    if key not in places:
        places[key] = _get_address(place, mode, not inside)
    return pain008.Debit(
        end_to_end_id,
        Decimal(amount),
        rum,
        signed_on,
        name.text,
        iban,
        bic="" if inside else bic or "",
        instruction_id=end_to_end_id,
        remittance=to_sepa(remittance, REMITTANCE).text,
        amendment=amendments.get(mandate_id),
        address=places[key],
        prenotified_on=told,
    )


def _tell_conversion(remarks, line, field, text, conversion):
    """Warnings on a text that lost something; accents are not worth one."""
    if conversion.cut:
        remarks.append(Refusal("text_cut", "warning", line, field, text))
    if conversion.lost:
        params = {"signs": conversion.lost}
        remarks.append(Refusal("text_lost", "warning", line, field, text, params))


def _fit(text):
    """As many documents as the wording holds, and how many more there are."""
    names = text.split(", ")
    while len(names) > 1:
        names.pop()
        more = text.count(", ") + 1 - len(names)
        short = f"{', '.join(names)} +{more}"
        if len(short) <= REMITTANCE:
            return short
    return text[:REMITTANCE]


def _get_address(place, mode, outside):
    """The address that the bank wants; none rather than a poor one, unless the account
    is where one must be."""
    street, more, postcode, town, country = ((text or "").strip() for text in place)
    if (mode == "none" and not outside) or not (town and country):
        return None
    address = pain008.Address(
        postcode=to_sepa(postcode, 16).text,
        town=to_sepa(town, 35).text,
        country=country,
    )
    if mode == "hybrid":
        lines = tuple(to_sepa(line, LINE).text for line in (street, more) if line)
        return address._replace(lines=lines)
    name, number = split_street(street, country)
    if name and len(number) <= 16:
        return address._replace(
            street=to_sepa(name, 70).text, building=to_sepa(number, 16).text
        )
    return address
