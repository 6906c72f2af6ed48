"""Late interest and fixed indemnities of ledger items: nothing is stored, so that a
corrected payment date or an undone matching is right at once."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.interest import Claim, InterestError, MissingRate, Movement, accrue
from .interest_item import ZERO, ItemInterest
from .open_item import ALWAYS

BATCH = 2_000
DAY = timedelta(days=1)


class RecouvrementInterest(models.AbstractModel):
    """Callers pass lines of debtors that the user may read: the feed itself reads the
    ledger, the law and the claims as a whole."""

    _inherit = "recouvrement.interest"

    # ------------------------------------------------------------------
    # FEED
    # ------------------------------------------------------------------

    @api.model
    def _get_items(self, line_ids=None, condition=ALWAYS, until=None):
        """Interest of items: ``{line_id: ItemInterest}``.

        :param line_ids: ids of ``account.move.line``; those that can bear no interest
            (credits, penalties, other accounts) are left out. None: the items of
            ``condition`` that are late.
        :param SQL condition: see ``_find_ids``.
        :param date until: last day that counts, past or future; default today.
        """
        return {
            item.line_id: item for item in self._iter_items(line_ids, condition, until)
        }

    @api.model
    def _iter_items(self, line_ids=None, condition=ALWAYS, until=None, batch=BATCH):
        """Like ``_get_items``, one by one, for any number of items: a constant number
        of queries for each batch."""
        until = until or fields.Date.context_today(self)
        if line_ids is None:
            line_ids = self._find_ids(condition, until)
        else:
            self._flush_sources()
        context = self._new_context(until)
        for start in range(0, len(line_ids), batch):
            yield from self._compute_batch(line_ids[start : start + batch], context)

    @api.model
    def _get_debtor_items(self, debtors, until=None, line_ids=None):
        """Late items of debtor accounts, those settled late too.

        :param line_ids: these items of theirs, late or not.
        :return: list of ``ItemInterest`` by debtor, due date and id.
        """
        condition = self._debtor_condition(debtors)
        if line_ids is not None:
            condition = SQL("%s AND l.id = ANY(%s)", condition, list(line_ids))
        found = self._find_ids(condition, until, chosen=line_ids is not None)
        items = list(self._iter_items(found, until=until))
        return sorted(
            items,
            key=lambda i: (i.debtor_id or 0, i.date_due or i.until, i.line_id),
        )

    @api.model
    def _debtor_condition(self, debtors):
        """Condition on ``l`` and ``d``: the items of debtor accounts."""
        return SQL(
            "%s AND d.id = ANY(%s)",
            debtors._lines_of_partners_sql(debtors.partner_id.ids),
            debtors.ids,
        )

    # ------------------------------------------------------------------
    # ONE BATCH
    # ------------------------------------------------------------------

    @api.model
    def _new_context(self, until):
        """What the items of a computation share: the law, read once.

        sudo: which law applies and what was already claimed is true for everybody.
        """
        env = self.sudo().env
        return {
            "until": until,
            "terms": {},
            "fees": {},
            "missing": {},
            "euro": env.ref("base.EUR"),
            "env": env,
        }

    @api.model
    def _compute_batch(self, line_ids, context):
        rows = self._read_items(line_ids)
        ids = [row["id"] for row in rows]
        facts = {
            "movements": self._read_movements(ids),
            "notices": self._read_notices(ids),
            "pauses": self._read_pauses(ids),
            "claims": self._read_claims(ids),
        }
        items = [self._compute_item(row, facts, context) for row in rows]
        for item in items:
            item.count_claims()
        self._set_indemnities(items, rows, facts, context)
        wanted = set(line_ids)
        return [item for item in items if item.line_id in wanted]

    @api.model
    def _compute_item(self, row, facts, context):
        item = self._prepare_item(row, facts, context["until"])
        if row["age_unknown"] or not row["date_due"]:
            item.error = self._explain_no_due_date(row)
            return item
        if not item.regime_id:
            item.note = "no_regime"
            return item
        regime = context["env"]["recouvrement.legal.regime"].browse(item.regime_id)
        terms = self._get_terms(row, regime, context)
        if not item.is_late:
            item.note = "not_late"
        elif terms is None:
            item.note = "no_interest"
        elif regime.interest_start == "formal_notice" and not item.notice:
            item.note = "no_notice"
        else:
            pauses = facts["pauses"].get(row["id"], ())
            self._accrue(item, regime, terms, pauses, context)
        return item

    @api.model
    def _prepare_item(self, row, facts, until):
        notices = [row["notice"], facts["notices"].get(row["id"])]
        return ItemInterest(
            line_id=row["id"],
            move_id=row["move_id"],
            debtor_id=row["debtor_id"],
            company_id=row["company_id"],
            currency_id=row["currency_id"],
            digits=row["digits"],
            name=row["name"] or "",
            until=until,
            principal=Decimal(row["amount"]),
            document_date=row["document_date"],
            date_due=row["date_due"],
            regime_id=row["regime_id"],
            contractual_rate=row["contractual_rate"] or 0.0,
            notice=min((day for day in notices if day), default=None),
            movements=facts["movements"].get(row["id"], []),
            claims=facts["claims"].get(row["id"], []),
        )

    @api.model
    def _accrue(self, item, regime, terms, pauses, context):
        begin = None
        if regime.interest_start == "formal_notice":
            begin = max(item.notice, item.date_due) + DAY
        item.terms = terms
        item.claim = Claim(
            item.principal,
            item.date_due,
            tuple(Movement(m.day, m.amount, m.kind) for m in item.movements),
            begin,
            tuple(pauses),
            item.digits,
        )
        try:
            item.accrual = accrue(item.claim, terms, item.until)
        except MissingRate as missing:
            item.error = self._explain_missing(missing, context)
        except InterestError as error:
            item.error = str(error)

    @api.model
    def _get_terms(self, row, regime, context):
        """Terms of the engine, None when the regime gives no interest; made once for
        each regime, contractual rate and legal entity."""
        key = (regime.id, row["contractual_rate"] or 0.0, row["root_id"])
        if key not in context["terms"]:
            company = context["env"]["res.company"].browse(row["root_id"])
            context["terms"][key] = regime._get_terms(key[1], company)
        return context["terms"][key]

    @api.model
    def _explain_missing(self, missing, context):
        """Which figure is not loaded, looked up once however many items need it."""
        key = (missing.code, missing.half_year)
        if key not in context["missing"]:
            rates = context["env"]["recouvrement.rate"]
            context["missing"][key] = rates._explain_missing(*key)
        return context["missing"][key]

    @api.model
    def _explain_no_due_date(self, row):
        if row["age_unknown"]:
            return self.env._(
                "The due date of %s is not known: it was taken over without its age.",
                row["name"],
            )
        return self.env._("%s has no due date.", row["name"])

    # ------------------------------------------------------------------
    # FIXED INDEMNITY
    # ------------------------------------------------------------------

    @api.model
    def _set_indemnities(self, items, rows, facts, context):
        """Once for each invoice paid late, whatever its instalments (C. com. art.
        L441-10 II and D441-5): on the first instalment that was late."""
        groups = defaultdict(list)
        for item, row in zip(items, rows, strict=True):
            single = row["move_type"] == "entry"
            groups[("line", item.line_id) if single else item.move_id].append(
                (item, row)
            )
        for group in groups.values():
            late = [pair for pair in group if self._owes_indemnity(*pair, facts)]
            if not late:
                continue
            item, row = min(late, key=lambda pair: (pair[0].date_due, pair[0].line_id))
            self._set_indemnity(item, row, context)
            claimed = sum((one.indemnity_claimed for one, _row in group), ZERO)
            item.indemnity_claimed = claimed

    @api.model
    def _owes_indemnity(self, item, row, facts):
        """Late, and the debtor was not forbidden to pay on the due date by insolvency
        proceedings opened before."""
        if row["age_unknown"] or not item.regime_id or not item.is_late:
            return False
        return not any(
            pause.reason == "insolvency" and pause.first <= item.date_due
            for pause in facts["pauses"].get(item.line_id, ())
        )

    @api.model
    def _set_indemnity(self, item, row, context):
        regime = context["env"]["recouvrement.legal.regime"].browse(item.regime_id)
        try:
            amount, currency = self._get_fee(regime, item.date_due + DAY, context)
        except MissingRate as missing:
            item.error = item.error or self._explain_missing(missing, context)
            return
        if not amount:
            return
        key = (amount, currency.id, item.currency_id, row["company_id"])
        fees = context["fees"]
        if key not in fees:
            fees[key] = self._convert_fee(amount, currency, item, context)
        item.indemnity = fees[key]

    @api.model
    def _get_fee(self, regime, day, context):
        """Fee of an invoice that became late on a day, and its currency.

        :raises MissingRate: the legal amount of that day is not loaded.
        """
        if regime.indemnity_code:
            table = regime.env["recouvrement.rate"]._get_table(regime.indemnity_code)
            return table.on(day), context["euro"]
        return Decimal(str(regime.indemnity_amount or 0)), regime.currency_id

    @api.model
    def _convert_fee(self, amount, currency, item, context):
        """The fee in the currency of the item, at the rate of the day ``until``."""
        env = context["env"]
        target = env["res.currency"].browse(item.currency_id)
        company = env["res.company"].browse(item.company_id)
        value = currency._convert(float(amount), target, company, context["until"])
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-item.digits))
