"""Late interest of the items of a plan: it runs on, or it is waived once the plan was
kept to its end, with the same waivers as everywhere else."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.interest import PAYMENT, InterestError, Movement, accrue


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    waiver_due = fields.Boolean(
        compute="_compute_waiver_due",
        store=True,
        help="The plan was kept: its interest is still to be waived.",
    )
    waiver_ids = fields.Many2many(
        "recouvrement.interest.statement",
        "recouvrement_payment_plan_waiver_rel",
        "plan_id",
        "statement_id",
        string="Waivers",
        readonly=True,
    )
    waiver_done = fields.Boolean(readonly=True)

    @api.depends("state", "interest_mode", "waiver_done")
    def _compute_waiver_due(self):
        for plan in self:
            plan.waiver_due = (
                plan.state == "done"
                and plan.interest_mode == "waive"
                and not plan.waiver_done
            )

    # ------------------------------------------------------------------
    # ESTIMATE
    # ------------------------------------------------------------------

    @api.model
    def _estimate_interest(self, debtor, lines, instalments):
        """Interest that a plan would waive: what its items bear up to the last
        instalment, if each one is paid on its day.

        Rates of half-years to come are often not known yet: then what the items bear
        today stands for it.

        :param lines: ``account.move.line`` records.
        :param instalments: list of ``tools.plan.Instalment``.
        :return: Decimal in the currency of the items.
        """
        feed = self.env["recouvrement.interest"].sudo()
        last = instalments[-1].day
        payments = self._share_instalments(lines, instalments)
        items = feed._get_debtor_items(debtor, until=last, line_ids=lines.ids)
        total, unknown = Decimal(0), []
        for item in items:
            if not item.claim or item.error:
                unknown.append(item.line_id)
                continue
            paid = tuple(
                Movement(day, amount, PAYMENT)
                for day, amount in payments.get(item.line_id, ())
            )
            item.claim = item.claim._replace(movements=item.claim.movements + paid)
            try:
                item.accrual = accrue(item.claim, item.terms, last)
            except InterestError:
                unknown.append(item.line_id)
                continue
            total += item.due
        if unknown:
            today = feed._get_debtor_items(debtor, line_ids=unknown)
            total += sum((item.due for item in today), Decimal(0))
        return total

    @api.model
    def _share_instalments(self, lines, instalments):
        """Instalments as payments of the items, the oldest due first.

        :return: ``{line id: [(day, Decimal)]}``.
        """
        lines = lines.sudo()
        queue = [
            [line.id, self._get_open(line)]
            for line in lines.sorted(
                lambda one: (one.date_maturity or one.date, one.id)
            )
        ]
        shared = {}
        for one in instalments:
            left = one.amount
            while left and queue:
                line_id, is_open = queue[0]
                part = min(left, is_open)
                if part:
                    shared.setdefault(line_id, []).append((one.day, part))
                queue[0][1] -= part
                left -= part
                if not queue[0][1]:
                    queue.pop(0)
        return shared

    # ------------------------------------------------------------------
    # WAIVING
    # ------------------------------------------------------------------

    def _waive_due(self):
        """Waive the interest of plans that were kept to the end.

        Whoever offered the plan agreed to it within the margin, so that the limit of
        the scheduler is not asked.
        """
        statements = self.env["recouvrement.interest.statement"].sudo()
        today = fields.Date.context_today(self)
        for plan in self.filtered("waiver_due"):
            branches = plan.line_ids.move_line_id.company_id | plan.company_id
            statements = statements.with_context(allowed_company_ids=branches.ids)
            claims = statements._get_claims(
                plan.debtor_id,
                today,
                plan.line_ids.move_line_id.ids,
                ("interest",),
            )
            waivers = statements._propose_claims(
                claims,
                today,
                "waived",
                reason_id=self.env.ref("recouvrement.waiver_reason_plan").id,
                reason=plan.name,
            )
            try:
                with self.env.cr.savepoint():
                    waivers._set_done()
            except UserError as error:
                plan._log(self.env._("interest not waived"), detail=str(error))
                waivers.write({"state": "cancelled"})
                waivers = waivers.browse()
            plan.write(
                {
                    "waiver_done": True,
                    "waiver_ids": [fields.Command.set(waivers.ids)],
                }
            )

    def _take_waivers_back(self):
        """A payment was undone: the plan is not kept, its interest is due again."""
        waivers = self.waiver_ids.filtered(lambda one: one.state == "done")
        if waivers:
            waivers.write({"state": "cancelled"})
            waivers._log(self.env._("Penalty statement cancelled: %(total)s"))
        self.write({"waiver_done": False, "waiver_ids": [fields.Command.clear()]})
