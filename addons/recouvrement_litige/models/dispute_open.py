"""Opening disputes: from the desk, a request, a relay, a receipt, an e-invoice."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

from ..tools.procedural_calendar import add_working_days, place_of

# Reasons of the customer page that are not categories: see ``portal_texts.py``.
REASONS = {
    "amount": "price",
    "service": "service_not_done",
    "quality": "service_badly_done",
    "order": "contract",
    "credit": "invoice_error",
    "addressee": "invoice_error",
}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    dispute_ids = fields.One2many("recouvrement.dispute", "debtor_id")
    dispute_count = fields.Integer(compute="_compute_dispute_count")

    def _compute_dispute_count(self):
        counts = dict(
            self.env["recouvrement.dispute"]._read_group(
                [("debtor_id", "in", self.ids), ("state", "=", "open")],
                ["debtor_id"],
                ["__count"],
            )
        )
        for debtor in self:
            debtor.dispute_count = counts.get(debtor, 0)

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    def _open_dispute(
        self,
        lines_with_amounts,
        category_code=None,
        text=False,
        source="manual",
        **vals,
    ):
        """Open a dispute on items of this debtor.

        :param lines_with_amounts: pairs ``(account.move.line, amount)``; the amount
            is the part disputed, in the currency of the item; None: the whole item.
        :param str category_code: code of a ``recouvrement.dispute.category``.
        :param str text: words of the customer.
        :param str source: a value of ``source`` of the dispute.
        :param vals: other fields of the dispute (``request_id``, ``user_id``…).
        :return: the dispute.
        :raise UserError: on items that are settled, or disputed already.
        """
        self.ensure_one()
        if not self.env.su:
            self.check_access("write")
        debtor = self.sudo()
        pairs = [(line.sudo(), amount) for line, amount in lines_with_amounts]
        debtor._check_own_lines(debtor._get_pair_lines(pairs))
        category = self.env["recouvrement.dispute.category"]._by_code(category_code)
        disputes = self.env["recouvrement.dispute"].sudo()
        values = disputes._prepare_vals(debtor, category, text, source, **vals)
        values["line_ids"] = [
            Command.create(one) for one in debtor._prepare_dispute_lines(pairs)
        ]
        dispute = disputes.create(values)
        dispute._begin()
        return dispute.sudo(self.env.su)

    @api.model
    def _get_pair_lines(self, pairs):
        return self.env["account.move.line"].union(*(line for line, _part in pairs))

    def _prepare_dispute_lines(self, pairs):
        """Values of the lines of a new dispute, checked.

        :raise UserError: on items that are settled, or disputed already.
        """
        if not pairs:
            raise UserError(self.env._("Choose the items that are disputed."))
        items = self._get_pair_lines(pairs)
        if len(items) != len(pairs):
            raise UserError(self.env._("An item is disputed once at a time."))
        taken = self._get_disputed_parts(items)
        bases = self.env["recouvrement.dispute.line"]._get_free_credits(items)
        return [
            self._prepare_dispute_line(line, amount, taken[line.id], bases[line.id])
            for line, amount in pairs
        ]

    @api.model
    def _get_disputed_parts(self, items):
        """``{item id: Decimal}`` of what is in dispute already."""
        parts = defaultdict(Decimal)
        lines = self.env["recouvrement.dispute.line"].sudo()
        for line in lines.search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        ):
            parts[line.move_line_id.id] += line._exact(line.amount_open)
        return parts

    def _prepare_dispute_line(self, item, amount, taken, base):
        currency = item.currency_id
        left = Decimal(str(currency.round(item.amount_residual_currency))) - taken
        if left <= 0:
            raise UserError(
                self.env._("%s is disputed as a whole already.", item.move_id.name)
                if taken
                else self.env._("%s is settled.", item.move_id.name)
            )
        if amount is not None:
            amount = currency.round(amount)
            if currency.compare_amounts(amount, 0) <= 0 or Decimal(str(amount)) > left:
                raise UserError(
                    self.env._(
                        "The disputed part of %(document)s is between 0 and %(most)s.",
                        document=item.move_id.name,
                        most=format_amount(self.env, float(left), currency),
                    )
                )
        exact = left if amount is None else Decimal(str(amount))
        whole = exact == left and not taken
        rate = self.env["recouvrement.dispute.line"]._get_rate(item)
        return {
            "move_line_id": item.id,
            "currency_id": currency.id,
            "is_whole": whole,
            "amount": float(exact),
            "amount_company": self.currency_id.round(float(exact) * rate),
            "base_credited": float(base),
        }

    # ------------------------------------------------------------------
    # WAYS IN
    # ------------------------------------------------------------------

    # OVERRIDES 'recouvrement'
    def _dispute(self, lines, text, *, source, request=None):
        """A dispute with an owner and a date instead of a mark."""
        pairs = self._share_disputed(lines, request and request.sudo().amount)
        if not pairs:
            return None
        values = {}
        if request:
            values["request_id"] = request.id
        code = request and request.sudo().reason_code
        sources = dict(self.env["recouvrement.dispute"]._fields["source"].selection)
        dispute = self._open_dispute(
            pairs,
            REASONS.get(code, code),
            text,
            source if source in sources else "manual",
            **values,
        )
        if request:
            dispute._take_documents(request.sudo().attachment_ids)
        return None

    def _share_disputed(self, lines, amount):
        """Items with the part of them that is disputed; those in dispute already as a
        whole are left out.

        :param amount: disputed in all, on the oldest items first; 0 or None: whole.
        """
        taken = self._get_disputed_parts(lines)
        rest = Decimal(str(amount)) if amount else None
        pairs = []
        for line in lines.sorted(lambda one: (one.date_maturity or one.date, one.id)):
            currency = line.currency_id
            left = Decimal(str(currency.round(line.amount_residual_currency)))
            left -= taken[line.id]
            part = left if rest is None else min(left, rest)
            if part > 0:
                pairs.append((line, None if part == left else float(part)))
                rest = None if rest is None else rest - part
        return pairs

    # EXTENDS 'recouvrement'
    def _withdraw_dispute(self, lines, reason, *, source):
        disputes = self.env["recouvrement.dispute"].sudo()
        found = disputes.search(
            [
                ("line_ids.move_line_id", "in", lines.ids),
                ("source", "=", source),
                ("state", "=", "open"),
            ]
        )
        found.write({"outcome_reason": reason})
        found._close("abandoned")
        held = lines.filtered(lambda line: line.collection_mark == "disputed")
        return super()._withdraw_dispute(
            held.filtered(lambda line: line.id not in held._get_commitments()),
            reason,
            source=source,
        )

    # OVERRIDES 'recouvrement'
    def action_desk_dispute(self, line_ids):
        """The dialog that opens a dispute on the items ticked."""
        lines = self._get_desk_lines(line_ids)
        self.check_access("write")
        return self._action_dispute_wizard(lines, stay_on_desk=True)

    def _action_dispute_wizard(self, lines, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open a Dispute"),
            "res_model": "recouvrement.dispute.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                "dispute_line_ids": lines.ids,
                **context,
            },
        }

    def action_view_disputes(self):
        """The disputes of the debtor, those that are open first."""
        return self._action_related(
            "recouvrement_litige.recouvrement_dispute_action", search_default_open=1
        )


class RecouvrementDispute(models.Model):
    _inherit = "recouvrement.dispute"

    @api.model
    def _prepare_vals(self, debtor, category, text, source, **vals):
        """Values of a new dispute: a hook. In sudo."""
        today = fields.Date.context_today(self)
        role = vals.get("role") or category.role
        if "user_id" not in vals:
            rules = self.env["recouvrement.dispute.rule"]
            [owner] = rules._find_owners([(debtor, category, role)])
            vals["user_id"] = owner.id
        return {
            "debtor_id": debtor.id,
            "category_id": category.id,
            "role": role,
            "priority": category.priority,
            "text": (text or "").strip() or False,
            "source": source,
            "date_open": today,
            "date_due": self._get_due_day(debtor.company_id, category, today),
            **vals,
        }

    @api.model
    def _get_due_day(self, company, category, start):
        """Day before which a dispute must be settled: working days of the place of
        the company."""
        place = place_of(company.country_id.code, company.zip)
        return add_working_days(start, category.sla_days, place)

    def _begin(self):
        """What a new dispute does at once: amounts, marks, history, activity."""
        for dispute in self:
            dispute.amount_company = dispute.currency_id.round(
                sum(dispute.line_ids.mapped("amount_company"))
            )
        self._judge()
        for dispute in self:
            dispute._log(
                self.env._(
                    "opened on %(documents)s: %(category)s",
                    documents=dispute.item_names,
                    category=dispute.category_id.name,
                ),
                dispute.text,
            )
        self._follow_owner()

    def _take_documents(self, attachments):
        """Copies of documents that came along, on the dispute."""
        for attachment in attachments:
            attachment.copy({"res_model": self._name, "res_id": self.id})


class RecouvrementDisputeLine(models.Model):
    _inherit = "recouvrement.dispute.line"

    @api.model
    def _get_free_credits(self, items):
        """``{item id: Decimal}`` matched with credit notes of no dispute so far."""
        free, _own = self.sudo()._read_credits(items)
        return free
