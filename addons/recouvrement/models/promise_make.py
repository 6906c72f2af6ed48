"""Taking promises: checked against what the customer owes, one per currency."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..tools.promise import snapshot

CHASED = ("to_chase", "promised")
# Documents named in the history; the promise lists them all.
DOCUMENTS_TOLD = 10


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _make_promise(
        self,
        amount,
        day,
        lines=None,
        partner=None,
        source="call",
        note=False,
        interaction=None,
    ):
        """Record a promise of the debtor; reminders of its items wait for it.

        A promise that was open on one of the items is postponed to this one.

        :param float amount: promised, in the currency of the items.
        :param date day: promised day.
        :param lines: ``account.move.line`` of one currency; None: all the overdue
            items of the currency of the company, or of their only currency.
        :param partner: person who gave the word.
        :param str source: a value of ``source`` of the promise.
        :param interaction: the contact that it comes from, if any.
        :return: the promise.
        :raise UserError: on a day, an amount or items that cannot be promised, and on
            a person who does not speak for the customer.
        """
        self.ensure_one()
        self.check_access("write")
        if partner:
            self._check_person(partner)
        items = self._get_promise_items(lines)
        currency = items.currency_id
        amount = currency.round(amount)
        self._check_promise_day(day)
        self._check_promise_amount(amount, items)
        promise_sudo = self.env["recouvrement.promise"].sudo()
        vals = self._prepare_promise_vals(amount, day, currency)
        vals.update(
            partner_id=(partner or self.contact_id or self.partner_id).id,
            source=source,
            note=note,
            interaction_id=interaction.id if interaction else False,
        )
        promise = promise_sudo.create(vals)
        promise._take_items(items.move_line_id)
        return promise.sudo(False)

    def _prepare_promise_vals(self, amount, day, currency):
        """Values of a new promise, with the terms that judge it."""
        company = self.company_id
        today = fields.Date.context_today(self)
        tolerance = company.currency_id._convert(
            company.recouvrement_promise_tolerance_amount, currency, company, today
        )
        return {
            "debtor_id": self.id,
            "currency_id": currency.id,
            "amount": amount,
            "amount_company": currency._convert(
                amount, company.currency_id, company, today
            ),
            "date": day,
            "deadline": fields.Date.add(
                day, days=company.recouvrement_promise_tolerance_days
            ),
            "tolerance": tolerance,
            "date_made": today,
            "user_id": self.env.uid,
            "required_amount": amount,
            "missing_amount": amount,
            "reason": "waiting",
        }

    # ------------------------------------------------------------------
    # WHAT MAY BE PROMISED
    # ------------------------------------------------------------------

    def _get_promise_items(self, lines=None):
        """Open items to promise, in sudo: those asked for, or all that is overdue.

        :raise UserError: nothing to promise, several currencies, or items that are
            disputed, in a plan, in the hands of the law…
        """
        if lines is None:
            by_currency = self._get_due_items()
            currency = self.company_id.currency_id
            if len(by_currency) == 1:
                [currency] = by_currency
            items = by_currency.get(currency)
            if not items:
                raise UserError(self.env._("This customer has nothing overdue."))
            return items
        items = self._get_open_items(lines.ids)
        if len(items.currency_id) > 1:
            raise UserError(self.env._("A promise is in one currency: make one each."))
        self._check_promise_status(items)
        return items

    def _get_open_items(self, line_ids):
        """These items of this debtor, all still open.

        :raise UserError: some are paid, of another debtor, or credits.
        """
        items = (
            self.env["recouvrement.open.item"]
            .sudo()
            .search(
                [
                    ("id", "in", line_ids),
                    ("debtor_id", "=", self.id),
                    ("amount_residual_currency", ">", 0),
                ]
            )
        )
        if not items or len(items) != len(set(line_ids)):
            raise UserError(
                self.env._(
                    "Choose open invoices of this customer: what is paid or a credit "
                    "cannot be promised."
                )
            )
        return items

    def _get_due_items(self):
        """Overdue items that may be promised, ``{currency: items}``, in sudo."""
        items = (
            self.env["recouvrement.open.item"]
            .sudo()
            .search(
                [
                    ("debtor_id", "=", self.id),
                    ("amount_residual_currency", ">", 0),
                    ("days_overdue", ">", 0),
                ]
            )
        )
        chased = items.filtered(lambda i: self._get_item_status(i) in CHASED)
        return chased.grouped("currency_id")

    @api.model
    def _get_item_status(self, item):
        """Status of an open item today: a mark lapses after its day."""
        until = item.move_line_id.collection_until
        if until and until < fields.Date.context_today(self):
            return "to_chase"
        return item.collection_status or "to_chase"

    def _check_promise_status(self, items):
        labels = dict(
            items._fields["collection_status"]._description_selection(self.env)
        )
        barred = [
            f"{item.name} ({labels[status]})"
            for item in items
            if (status := self._get_item_status(item)) not in CHASED
        ]
        if barred:
            raise UserError(
                self.env._(
                    "These items cannot be promised in their present state: %s. Change "
                    "their status first.",
                    ", ".join(barred),
                )
            )

    def _check_promise_day(self, day):
        today = fields.Date.context_today(self)
        if not day or day < today:
            raise UserError(self.env._("A promise is for today or a later day."))
        most = self.company_id.recouvrement_promise_max_days
        if (day - today).days > most and not self.env.user.has_group(
            "recouvrement.group_manager"
        ):
            raise UserError(
                self.env._(
                    "A promise is for %(last)s at the latest (%(days)s days). Agree on "
                    "a payment plan, or ask a credit manager.",
                    last=format_date(self.env, fields.Date.add(today, days=most)),
                    days=most,
                )
            )

    def _check_promise_amount(self, amount, items):
        currency = items.currency_id
        owed = currency.round(sum(items.mapped("amount_residual_currency")))
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("A promise is for an amount above zero."))
        if currency.compare_amounts(amount, owed) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than these items owe: %(owed)s.",
                    amount=format_amount(self.env, amount, currency),
                    owed=format_amount(self.env, owed, currency),
                )
            )

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def action_promise(self, line_ids=None):
        """Ask for the promise of one debtor on some items, or all that is overdue."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise to Pay"),
            "res_model": "recouvrement.promise.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                "promise_line_ids": line_ids or False,
                "default_interaction_id": self.env.context.get("promise_contact_id"),
            },
        }

    def action_promise_all(self, day=None):
        """Promise of each of these debtors for all that it has overdue, in one click.

        :param day: promised day; None: the delay that the company proposes.
        :return: a notification; its ``promise_ids`` are the new promises.
        """
        promises = self.env["recouvrement.promise"]
        for debtor in self:
            promised_for = fields.Date.to_date(day) or debtor._get_promise_day()
            by_currency = debtor._get_due_items()
            if not by_currency:
                raise UserError(
                    self.env._("%s has nothing overdue.", debtor.display_name)
                )
            for items in by_currency.values():
                promises |= debtor._make_promise(
                    sum(items.mapped("amount_residual_currency")),
                    promised_for,
                    items.move_line_id,
                )
        return promises._get_notification()

    def _get_promise_day(self):
        """Day proposed for a promise made today."""
        return fields.Date.add(
            fields.Date.context_today(self),
            days=self.company_id.recouvrement_promise_default_days,
        )


class RecouvrementPromise(models.Model):
    _inherit = "recouvrement.promise"

    def _take_items(self, lines):
        """Attach the items to a new promise, as they are now."""
        self.ensure_one()
        self._replace_open(lines)
        matches = self.env["recouvrement.open.item"]._get_matches(lines.ids)
        self.write(
            {
                "item_count": len(lines),
                "line_ids": [
                    fields.Command.create(
                        self._prepare_line_vals(line, matches.get(line.id, []))
                    )
                    for line in lines
                ],
            }
        )
        self._suspend_items(self.deadline)
        self._log_made()
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    def _prepare_line_vals(self, line, matches):
        base, later = snapshot(matches, self.deadline)
        return {
            "move_line_id": line.id,
            "base_residual": line.amount_residual_currency,
            "base_received": float(base.received),
            "base_otherwise": float(base.otherwise),
            "base_later": float(later),
            "is_live": True,
        }

    def _replace_open(self, lines):
        """Promises that were open on these items are postponed to this one."""
        replaced = self.search(self._get_live_domain(lines.ids)) - self
        if not replaced:
            return
        replaced.line_ids.write({"is_live": False})
        replaced.write(
            {"state": "replaced", "replaced_by_id": self.id, "missing_amount": 0}
        )
        self.env.flush_all()
        self.postponement_count = 1 + max(replaced.mapped("postponement_count"))
        replaced._release_items(self.env._("Promise postponed"))

    def _log_made(self):
        values = {"promise": self.display_name, "rank": self.postponement_count}
        summary = (
            self.env._("Promise postponed (no. %(rank)s): %(promise)s", **values)
            if self.postponement_count
            else self.env._("Promise made: %(promise)s", **values)
        )
        self._log(summary, "\n".join(filter(None, self._get_made_details())))

    def _get_made_details(self):
        """Who promised and how, the documents, and the note."""
        sources = dict(self._fields["source"]._description_selection(self.env))
        names = self.line_ids.move_id.mapped("name")
        more = "…" if len(names) > DOCUMENTS_TOLD else ""
        return [
            f"{self.partner_id.name} ({sources[self.source]})",
            ", ".join(filter(None, names[:DOCUMENTS_TOLD])) + more,
            self.note,
        ]

    def _get_notification(self):
        """Tell which promises were made; the page reads itself again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Promise taken"),
                "message": ", ".join(self.mapped("display_name")),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
            "promise_ids": self.ids,
        }
