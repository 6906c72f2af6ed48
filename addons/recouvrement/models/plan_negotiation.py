"""Making a plan from open items: what the ledger owes, shared over instalments."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import plan as rules


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    @api.model
    def _create_plan(self, debtor, lines, **terms):
        """The draft of a plan on items of a debtor.

        sudo: nobody enters plans by hand; the right on the debtor is checked.

        :param lines: ``account.move.line`` records, in one currency.
        :param terms: see ``_prepare_plan_vals``.
        :raise UserError: when the items or the terms allow no plan.
        """
        debtor.check_access("write")
        vals = self._prepare_plan_vals(debtor, lines, **terms)
        plan = self.sudo().create({"user_id": self.env.uid, **vals})
        return plan.with_env(self.env)

    def _change_plan(self, lines, **terms):
        """Other items or terms for a draft."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._check_state("draft")
        vals = self._prepare_plan_vals(self.debtor_id, lines, **terms)
        self.sudo().write(vals)

    @api.model
    def _prepare_plan_vals(
        self,
        debtor,
        lines,
        *,
        first_date,
        number=None,
        each=None,
        first=None,
        interval="month",
        interest_mode="keep",
        partner=None,
        note=False,
    ):
        """Values of a plan.

        :param date first_date: day of the first instalment.
        :param int number: how many instalments; or ``each``: the amount of one.
        :param first: amount of the first one when it is not like the others.
        :param partner: who signs; default the addressee of the debtor.
        """
        self._check_items(debtor, lines)
        if partner and partner != debtor.contact_id:
            debtor._check_person(partner)
        currency = lines.sudo().currency_id
        plan = self._simulate(lines, first_date, number, each, first, interval)
        waived = Decimal(0)
        if interest_mode == "waive":
            waived = self._estimate_interest(debtor, lines, plan)
        company = debtor.company_id
        return {
            "debtor_id": debtor.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "partner_id": (partner or debtor.contact_id or debtor.partner_id).id,
            "interval": interval,
            "interest_mode": interest_mode,
            "waived_interest": float(waived),
            "grace_days": company._get_plan_days("grace"),
            "forfeit_days": company._get_plan_days("forfeit"),
            "excess": False,
            "note": note,
            "line_ids": [
                fields.Command.clear(),
                *map(fields.Command.create, self._prepare_lines_vals(lines)),
            ],
            **self._prepare_schedule_vals(plan),
        }

    @api.model
    def _prepare_lines_vals(self, lines):
        items = self.env["recouvrement.open.item"].sudo().browse(lines.ids)
        return [
            {
                "move_line_id": item.id,
                "name": item.name,
                "document_date": item.document_date,
                "date_due": item.date_due,
                "base_residual": item.amount_residual_currency,
                "amount_remaining": item.amount_residual_currency,
            }
            for item in items
        ]

    @api.model
    def _simulate(self, lines, first_date, number, each, first, interval):
        """The instalments that the terms give.

        :return: list of ``tools.plan.Instalment``.
        :raise UserError: saying what is wrong with the terms.
        """
        lines = lines.sudo()
        quantum = Decimal(1).scaleb(-lines.currency_id.decimal_places)

        def decimal(amount):
            return Decimal(str(amount)).quantize(quantum) if amount else None

        if not first_date or first_date < fields.Date.context_today(self):
            raise UserError(self.env._("The first instalment is today or later."))
        try:
            return rules.schedule(
                sum(map(self._get_open, lines), Decimal(0)),
                first_date,
                number=number,
                each=None if each is None else decimal(each) or Decimal(0),
                first=decimal(first),
                interval=interval,
                quantum=quantum,
            )
        except rules.PlanError as error:
            raise UserError(self._explain(error.code)) from error

    @api.model
    def _explain(self, code):
        """A reason of ``tools.plan.PlanError`` as a sentence."""
        return {
            "nothing_owed": self.env._("These items owe nothing."),
            "no_amount": self.env._("Give the amount of an instalment."),
            "too_few": self.env._("More instalments are needed for this amount."),
            "too_many": self.env._("That makes too many instalments."),
            "first_above_total": self.env._("The first payment is above the total."),
        }[code]

    @api.model
    def _check_items(self, debtor, lines):
        """Only open debits of the debtor, in one currency, that nothing else holds.

        :raise UserError: naming the first item that is not.
        """
        if not lines:
            raise UserError(self.env._("Choose at least one item for the plan."))
        items = self.env["recouvrement.open.item"].browse(lines.ids)
        items.invalidate_model(flush=False)
        if items.exists() != items:
            raise UserError(
                self.env._("Some of these items are no longer open: reload the list.")
            )
        items.check_access("read")
        for item in items:
            if item.debtor_id != debtor or item.amount_residual_currency <= 0:
                raise UserError(
                    self.env._(
                        "%(item)s is nothing that %(debtor)s owes.",
                        item=item.name,
                        debtor=debtor.display_name,
                    )
                )
        if len(items.currency_id) > 1:
            raise UserError(self.env._("A plan is in one currency: make two."))
        self._check_statuses(lines)

    @api.model
    def _get_default_lines(self, debtor):
        """What is overdue and nothing else holds, in the currency that owes most."""
        items = self.env["recouvrement.open.item"].search(
            [
                ("debtor_id", "=", debtor.id),
                ("amount_residual_currency", ">", 0),
                ("date_due", "<", fields.Date.context_today(self)),
                ("collection_status", "in", ("to_chase", "promised")),
            ]
        )
        groups = items.grouped("currency_id").values()
        most = max(
            groups,
            key=lambda group: sum(group.mapped("amount_residual")),
            default=items,
        )
        return most.move_line_id
