"""What banks say of our debits, taken in: exactly once, in sets, never by a guess.

Each message is kept once (``recouvrement.sepa.return.notice``); the messages of one
failure make one return, whatever their order (``tools/returns.py``).
"""

from decimal import Decimal
from types import SimpleNamespace

from odoo import api, fields, models
from odoo.tools import split_every

from ..tools.return_match import Unknown, clean_iban
from ..tools.returns import Notice, document_family, effect, merge, notice_key
from .sepa_return import MATCHED

BATCH = 1000
# A message about a debit that nobody knows is compared with those of the last days.
UNKNOWN_DAYS = 40
STATEMENTS = ("camt.053", "cfonb120")
# What a return takes over from its debit.
TOLD_OF_LINE = (
    "amount",
    "collection_id",
    "debtor_id",
    "iban",
    "mandate_id",
    "rum",
    "state",
)
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class RecouvrementSepaReturn(models.Model):
    _inherit = "recouvrement.sepa.return"

    @api.model
    def _take(self, events, bank_file=None, company=None):
        """Take in what a bank says of our debits.

        sudo: who may load bank files records the returns of all customers; the author
        stays the real user.

        :param events: iterable of ``tools.bank.model.Event``.
        :param bank_file: the file that they come from.
        :param company: legal entity, when there is no file.
        :return: the returns that are new, or that a message changed.
        """
        root = (company or bank_file.company_id).root_id
        returns = self.sudo().with_company(root).with_context(**QUIET)
        taken = returns.browse()
        for batch in split_every(BATCH, events, list):
            news = returns._get_news(root, batch)
            single = {k: e for k, e in news.items() if e.level == "transaction"}
            whole = {k: e for k, e in news.items() if e.level != "transaction"}
            taken |= returns._take_whole(root, whole, bank_file)
            taken |= returns._take_single(root, single, bank_file)
        return self.browse(taken.ids)

    @api.model
    def _get_news(self, company, events):
        """Messages that were not taken in before: ``{key: event}``, by date."""
        keyed = {}
        for event in events:
            keyed.setdefault(notice_key(event, clean_iban(event.account_iban)), event)
        known = self.env["recouvrement.sepa.return.notice"].search_fetch(
            [("company_id", "=", company.id), ("key", "in", list(keyed))], ["key"]
        )
        old = set(known.mapped("key"))
        news = [(key, event) for key, event in keyed.items() if key not in old]
        news.sort(key=lambda pair: pair[1].date or fields.Date.context_today(self))
        return dict(news)

    @api.model
    def _take_single(self, company, news, bank_file):
        """Messages that are each about one debit."""
        if not news:
            return self.browse()
        found = self._match(company, news.values())
        matches = dict(zip(news, found, strict=True))
        groups = {}
        for key, target in self._get_targets(company, news, matches).items():
            groups.setdefault(target, []).append(key)
        made = [target for target in groups if isinstance(target, tuple)]
        lines = self.env["recouvrement.sepa.collection.line"]
        lines.browse({m.line for m in found if m.line}).fetch(TOLD_OF_LINE)
        created = self.create(
            [
                self._prepare_return_vals(
                    company,
                    target,
                    [news[key] for key in groups[target]],
                    matches[groups[target][0]],
                    bank_file,
                )
                for target in made
            ]
        )
        records = {
            **{target: target for target in groups if not isinstance(target, tuple)},
            **dict(zip(made, created, strict=True)),
        }
        self._keep_notices(
            company,
            bank_file,
            [
                (key, news[key], records[t])
                for t, keys in groups.items()
                for key in keys
            ],
        )
        merged = self.union(*(t for t in groups if not isinstance(t, tuple)))
        moved = merged._merge_again()
        (created | moved)._go_on(created)
        return created | merged

    @api.model
    def _get_targets(self, company, news, matches):
        """The return that each message belongs to: a record, or what a new one is
        made for: ``("line", id)``, ``("again", key)`` or ``("unknown", key)``."""
        lines = self._lock_lines({m.line for m in matches.values() if m.line})
        known = {record.line_id.id: record for record in self._of_lines(lines)}
        days = {
            line: {n.date for n in record.notice_ids if self._is_statement(n)}
            for line, record in known.items()
        }
        unknown = self._get_unknown(company, matches.values())
        targets = {}
        for key, event in news.items():
            line = matches[key].line
            if not line:
                target = unknown.find(event) or ("unknown", key)
                unknown.add(event, target)
            elif self._is_second_booking(event, days.setdefault(line, set())):
                target = ("again", key)
            else:
                target = known.get(line, ("line", line))
            targets[key] = target
        return targets

    @api.model
    def _is_statement(self, notice):
        return notice.booked and document_family(notice.document) in STATEMENTS

    @api.model
    def _is_second_booking(self, event, days):
        """A statement books a debit back that another one booked back on another day:
        a person looks at it."""
        if not self._is_statement(event) or not event.date:
            return False
        again = bool(days - {event.date})
        days.add(event.date)
        return again

    @api.model
    def _of_lines(self, lines):
        """The returns that were recorded for debits."""
        return self.search(
            [("line_id", "in", lines.ids), ("state", "in", list(MATCHED))]
        )

    @api.model
    def _get_unknown(self, company, matches):
        """Index of the messages of the last weeks about debits that nobody knew, or
        that only a person could tell."""
        index = Unknown()
        if all(match.line for match in matches):
            return index
        since = fields.Date.subtract(fields.Date.context_today(self), days=UNKNOWN_DAYS)
        records = self.search(
            [
                ("company_id", "=", company.id),
                ("level", "=", "transaction"),
                ("create_date", ">=", since),
                "|",
                ("line_id", "=", False),
                ("match_how", "=", "person"),
            ]
        )
        for record in records:
            for told in record.notice_ids._to_notices():
                index.add(record._as_event(told), record)
        return index

    def _as_event(self, told):
        """One message of a return, with the names of the return."""
        return SimpleNamespace(
            document=told.document,
            message_id=told.message_id,
            end_to_end_id=self.end_to_end_id,
            rum=self.rum,
            iban=self.iban,
            amount=told.amount,
            charges=told.charges,
            date=told.date,
            booked=told.booked,
        )

    # ------------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------------

    @api.model
    def _prepare_return_vals(self, company, target, events, match, bank_file):
        """A new return, for a debit that was found or for a person to find."""
        event = events[0]
        facts = merge([self._to_notice(told) for told in events])
        vals = {
            "company_id": company.id,
            **self._prepare_file_vals(bank_file),
            "level": event.level,
            "currency_id": self._get_currency(event.currency).id,
            **self._prepare_names(events),
            **self._prepare_facts_vals(facts),
        }
        if target[0] == "line":
            return {**vals, **self._prepare_line_vals(match.line, facts, match.how)}
        again = target[0] == "again"
        candidates = [match.line] if again else list(match.candidates)
        return {
            **vals,
            "state": "not_ours" if match.how == "not_ours" else "to_match",
            "match_how": "again" if again else match.how,
            "candidate_ids": [fields.Command.set(candidates)],
            "difference": float(match.difference),
        }

    @api.model
    def _prepare_names(self, events):
        """What the bank calls the debit, the first message that says it."""
        names = ("end_to_end_id", "rum", "iban", "ics", "debtor_name")
        return {
            name: next((v for e in events if (v := getattr(e, name))), False)
            for name in names
        }

    @api.model
    def _prepare_line_vals(self, line_id, facts, how):
        """What a debit that was found adds to its return."""
        line = self.env["recouvrement.sepa.collection.line"].browse(line_id)
        if line.state == "cancelled":
            return {
                "state": "to_match",
                "match_how": "cancelled",
                "candidate_ids": [fields.Command.set(line.ids)],
            }
        waits = effect(line.state, facts.booked) == "wait"
        vals = {
            "line_id": line.id,
            "collection_id": line.collection_id.id,
            "mandate_id": line.mandate_id.id,
            "debtor_id": line.debtor_id.id,
            "rum": line.rum,
            "iban": line.iban,
            "state": "waiting_booking" if waits else "done",
            "match_how": how,
        }
        return vals if facts.amount is not None else {**vals, "amount": line.amount}

    @api.model
    def _prepare_facts_vals(self, facts):
        reason = self.env["recouvrement.sepa.reason"]._find(facts.reason)
        return {
            "kind": facts.kind,
            "booked": facts.booked,
            "date": facts.date or fields.Date.context_today(self),
            "amount": float(facts.amount or 0),
            "fee": float(facts.fee),
            "code": facts.reason or False,
            "reason_id": reason.id,
            "reason_text": facts.reason_text or False,
        }

    @api.model
    def _to_notice(self, event):
        return Notice(
            document=event.document,
            message_id=event.message_id or "",
            where=event.where or "",
            kind=event.kind,
            booked=event.booked,
            date=event.date,
            amount=event.amount,
            charges=event.charges or Decimal(0),
            reason=event.reason or "",
            reason_text=event.reason_text or "",
            bank_reference=event.bank_reference or "",
        )

    @api.model
    def _keep_notices(self, company, bank_file, rows):
        """Keep each message, with the return that it belongs to.

        :param rows: ``(key, event, return)``.
        """
        self.env["recouvrement.sepa.return.notice"].create(
            [
                {
                    "return_id": record.id,
                    "company_id": company.id,
                    **self._prepare_file_vals(bank_file),
                    "key": key,
                    "document": event.document,
                    "message_id": event.message_id or False,
                    "where": event.where or False,
                    "kind": event.kind,
                    "booked": event.booked,
                    "date": event.date,
                    "amount_text": str(event.amount)
                    if event.amount is not None
                    else "",
                    "charges_text": str(event.charges or 0),
                    "code": event.reason or False,
                    "reason_text": event.reason_text or False,
                    "bank_reference": event.bank_reference or False,
                }
                for key, event, record in rows
            ]
        )

    @api.model
    def _prepare_file_vals(self, bank_file):
        return {"bank_file_id": bank_file.id} if bank_file else {}

    @api.model
    def _get_currency(self, code):
        currencies = self.env["res.currency"].with_context(active_test=False)
        euro = currencies.browse(self.env["ir.model.data"]._xmlid_to_res_id("base.EUR"))
        name = (code or euro.name).upper()
        if name == euro.name:
            return euro
        return currencies.search([("name", "=", name)], limit=1) or euro

    # ------------------------------------------------------------------
    # MESSAGES THAT COME LATER
    # ------------------------------------------------------------------

    def _merge_again(self):
        """Judge returns again with the messages that came since.

        :return: those whose debit moves now, or whose reason is another one.
        """
        moved = self.browse()
        for record in self:
            facts = merge(record.notice_ids._to_notices())
            vals = record._prepare_facts_vals(facts)
            if facts.amount is None:
                vals.pop("amount")
            reason = record.reason_id
            if record.state == "waiting_booking" and facts.booked:
                vals["state"] = "done"
            record._write_changes(**vals)
            if "state" in vals or (record.line_id and record.reason_id != reason):
                moved |= record
        return moved

    def _confirm(self, day, document="settlement"):
        """The money is known to be missing: these announced returns are booked.

        :param date day: of the bank's booking.
        """
        self.env["recouvrement.sepa.return.notice"].create(
            [
                {
                    "return_id": record.id,
                    "company_id": record.company_id.id,
                    "key": f"{document}:{record.id}",
                    "document": document,
                    "kind": record.kind,
                    "booked": True,
                    "date": day,
                    "amount_text": f"{record.amount:.2f}",
                    "charges_text": "0",
                    "code": record.code,
                }
                for record in self
            ]
        )
        self.invalidate_recordset(["notice_ids"])
        self._merge_again()
        self._go_on(self.browse())
