"""The commentary of a pack: sentences made from the records of the month, nothing
else. Each amount it names is a figure that opens what it is about."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools.pack import cell, change_cell, change_unit
from ..tools.period import Period

NAMED = 5  # receipts, disputes, promises… that are named one by one


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _make_facts(self, section, known):
        self._tell_movements(section, known)
        self._tell_receipts(section, known)
        self._tell_disputes(section)
        self._tell_promises(section)
        self._tell_plans(section)
        self._tell_losses(section)
        self._tell_limits(section, known)

    def _money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def _in_month(self, name):
        period = self._get_period()
        return Domain(name, ">=", period.start) & Domain(name, "<=", period.end)

    def _is_mine(self):
        return Domain("company_id", "in", self.env.companies.ids)

    def _say(self, section, title, sentences, none):
        """A paragraph; ``none`` says that there is nothing to say."""
        section.text(title, sentences or [none])

    # ------------------------------------------------------------------
    # RECEIVABLES AND OVERDUE
    # ------------------------------------------------------------------

    def _tell_movements(self, section, known):
        """What changed as a whole, then the ten customers in and the ten out."""
        movers = self._get_movers()
        kpis = self._get_shown_kpis()
        sentences = [
            self._tell_change(kpis[code], known)
            for code in ("receivables", "overdue", "dso_countback", "overdue_pct")
            if code in kpis and known.now[code].value is not None
        ]
        self._say(section, self.env._("The month in short"), sentences, "")
        titles = {
            "receivables": (
                self.env._("Receivables: ten customers that added most"),
                self.env._("Receivables: ten customers that took off most"),
            ),
            "overdue": (
                self.env._("Overdue: ten customers in"),
                self.env._("Overdue: ten customers out"),
            ),
        }
        for measure, sides in movers.items():
            for title, side in zip(titles[measure], sides, strict=True):
                self._list_movers(section, measure, title, side)

    def _tell_change(self, kpi, known):
        value, before = known.now[kpi.code].value, known.before[kpi.code].value
        args = kpi.unit, kpi.decimals, self.currency_id
        values = {"figure": kpi.name, "value": self._show(value, *args)}
        if before is None:
            return self.env._("%(figure)s: %(value)s.", **values)
        values["before"] = self._show(before, *args)
        change = round(value, kpi.decimals) - round(before, kpi.decimals)
        values["change"] = self._show(abs(change), change_unit(kpi.unit), *args[1:])
        if change > 0:
            return self.env._(
                "%(figure)s: %(value)s against %(before)s a month before, "
                "up by %(change)s.",
                **values,
            )
        if change < 0:
            return self.env._(
                "%(figure)s: %(value)s against %(before)s a month before, "
                "down by %(change)s.",
                **values,
            )
        return self.env._("%(figure)s: %(value)s, as a month before.", **values)

    def _list_movers(self, section, measure, title, movers):
        """A table of customers, with why: what came in, what went, what was paid."""
        source = self._kpi_source(measure, self._get_period(), measure=measure)
        rows = []
        for one in movers:
            now = section.number(
                f"{title}: {one.name}",
                one.now,
                one.before,
                **source,
                partner=one.partner_id or False,
            )
            paid = section.number(
                self.env._("Received in the month: %s", one.name),
                one.collected,
                **self._kpi_source("collected", self._get_period()),
                partner=one.partner_id or False,
            )
            change = change_cell(one.now, one.before)
            flows = [cell(one.entered), cell(-one.left)]
            rows.append([one.name, now, cell(one.before), change, *flows, paid])
        section.table(
            title,
            [
                self.env._("Customer"),
                self._month_label(self._get_period()),
                self._month_label(Period.month(self._get_period().eve)),
                self.env._("Change"),
                self.env._("New items"),
                self.env._("Items gone"),
                self.env._("Received"),
            ],
            rows,
            empty=self.env._("None."),
            sentences=[self._tell_mover(one) for one in movers],
        )

    def _tell_mover(self, one):
        """What became of a customer's part of a figure, and why."""
        parts = []
        if one.entered:
            amount = self._money(one.entered)
            parts.append(self.env._("%s of new items", amount))
        if one.left:
            amount = self._money(one.left)
            parts.append(self.env._("%s of items gone", amount))
        if one.collected:
            amount = self._money(one.collected)
            parts.append(self.env._("%s received in the month", amount))
        values = {
            "customer": one.name,
            "change": self._show_change(one.change, currency=self.currency_id),
            "before": self._money(one.before),
            "now": self._money(one.now),
        }
        if not parts:
            return self.env._(
                "%(customer)s: %(change)s, from %(before)s to %(now)s.", **values
            )
        return self.env._(
            "%(customer)s: %(change)s, from %(before)s to %(now)s (%(why)s).",
            why=", ".join(parts),
            **values,
        )

    # ------------------------------------------------------------------
    # MONEY
    # ------------------------------------------------------------------

    def _tell_receipts(self, section, known):
        period = self._get_period()
        lines = self.env["recouvrement.kpi.line"].with_context(
            kpi_lines={
                "measure": "collected",
                "start": period.start.isoformat(),
                "end": period.end.isoformat(),
            }
        )
        biggest = lines.search([("value", ">", 0)], limit=NAMED)
        sentences = [
            self.env._(
                "%(customer)s: %(amount)s received on %(day)s (%(document)s).",
                customer=line.partner_id.display_name or self.env._("No customer"),
                amount=self._money(line.value),
                day=self._day(line.date),
                document=line.name,
            )
            for line in biggest
        ]
        total = known.now["collected"].value or Decimal(0)
        if biggest and total > 0:
            part = sum((self._amount(line.value) for line in biggest), Decimal(0))
            share = self._show(part * 100 / total, "percent", 1)
            sentences.append(
                self.env._(
                    "These %(count)s receipts make %(share)s of the %(total)s "
                    "received in the month.",
                    count=len(biggest),
                    share=share,
                    total=self._money(total),
                )
            )
        none = self.env._("Nothing was received in the month.")
        self._say(section, self.env._("Biggest receipts"), sentences, none)
        for line in biggest:
            section.number(
                self.env._(
                    "Receipt: %s", line.partner_id.display_name or line.name or ""
                ),
                self._amount(line.value),
                kind="records",
                model="account.move",
                ids=line.move_id.ids,
            )

    def _day(self, day):
        return self.env["recouvrement.aged.balance"]._describe_day(day)

    # ------------------------------------------------------------------
    # DISPUTES, PROMISES, PLANS
    # ------------------------------------------------------------------

    def _tell_disputes(self, section):
        disputes = self.env["recouvrement.dispute.period"].search(
            self._is_mine() & self._in_month("date_from")
        )
        disputes = disputes.sorted(lambda one: -one.move_line_id.balance)
        sentences = [
            self.env._(
                "%(customer)s: %(document)s, %(amount)s, disputed since %(day)s.",
                customer=one.move_line_id.partner_id.commercial_partner_id.display_name,
                document=one.move_line_id.move_id.name,
                amount=self._money(one.move_line_id.balance),
                day=self._day(one.date_from),
            )
            for one in disputes[:NAMED]
        ]
        self._say_more(section, sentences, disputes)
        none = self.env._("No dispute began in the month.")
        self._say(section, self.env._("New disputes"), sentences, none)

    def _say_more(self, section, sentences, records):
        """How many were not named."""
        left = len(records) - NAMED
        if left > 0:
            sentences.append(self.env._("And %s more.", left))

    def _tell_promises(self, section):
        """Promises that the ledger found broken in the month."""
        promises = self.env["recouvrement.promise"].search(
            self._is_mine()
            & Domain("state", "in", ("broken", "partly"))
            & self._in_month("date_decided"),
            order="amount_company desc, id",
        )
        sentences = [
            self.env._(
                "%(customer)s: %(amount)s promised for %(day)s, %(paid)s received in "
                "time.",
                customer=one.debtor_id.partner_id.display_name,
                amount=self._own_money(one.required_amount, one.currency_id),
                day=self._day(one.date),
                paid=self._own_money(one.paid_in_time, one.currency_id),
            )
            for one in promises[:NAMED]
        ]
        self._say_more(section, sentences, promises)
        none = self.env._("No promise was broken in the month.")
        self._say(section, self.env._("Promises not kept"), sentences, none)
        self._count(section, self.env._("Promises not kept in the month"), promises)

    def _own_money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    def _count(self, section, label, records):
        section.number(
            label,
            len(records),
            unit="count",
            decimals=0,
            kind="records",
            model=records._name,
            ids=records.ids,
        )

    def _tell_plans(self, section):
        plans = self.env["recouvrement.payment.plan"].search(
            self._is_mine()
            & Domain("state", "in", ("done", "defaulted"))
            & self._in_month("date_closed"),
            order="date_closed, id",
        )
        states = dict(plans._fields["state"]._description_selection(self.env))
        sentences = [
            self.env._(
                "%(customer)s: plan %(plan)s, %(state)s on %(day)s.",
                customer=one.debtor_id.partner_id.display_name,
                plan=one.name,
                state=states[one.state],
                day=self._day(one.date_closed),
            )
            for one in plans[:NAMED]
        ]
        self._say_more(section, sentences, plans)
        none = self.env._("No instalment plan ended in the month.")
        self._say(section, self.env._("Instalment plans ended"), sentences, none)
        self._count(section, self.env._("Instalment plans ended in the month"), plans)

    # ------------------------------------------------------------------
    # LOSSES AND LIMITS
    # ------------------------------------------------------------------

    def _tell_losses(self, section):
        write_offs = self.env["recouvrement.write.off"].search(
            self._is_mine() & Domain("state", "=", "posted") & self._in_month("date"),
            order="amount desc, id",
        )
        sentences = [
            self.env._(
                "%(customer)s: %(amount)s written off on %(day)s (%(ground)s).",
                customer=one.partner_id.display_name,
                amount=self._money(one.amount),
                day=self._day(one.date),
                ground=one.ground_id.name,
            )
            for one in write_offs[:NAMED]
        ]
        self._say_more(section, sentences, write_offs)
        none = self.env._("Nothing was written off in the month.")
        self._say(section, self.env._("Write-offs"), sentences, none)
        section.number(
            self.env._("Written off in the month"),
            sum((self._amount(one.amount) for one in write_offs), Decimal(0)),
            kind="records",
            model=write_offs._name,
            ids=write_offs.ids,
        )

    def _tell_limits(self, section, known):
        """Key figures that are bad by the limits that the credit manager set."""
        sentences = []
        for code, kpi in self._get_shown_kpis().items():
            value = known.now[code].value
            if kpi._judge(value) != "bad":
                continue
            args = kpi.unit, kpi.decimals, self.currency_id
            sentences.append(
                self.env._(
                    "%(figure)s: %(value)s, for a limit of %(limit)s.",
                    figure=kpi.name,
                    value=self._show(value, *args),
                    limit=self._show(Decimal(str(kpi.bad_limit)), *args),
                )
            )
        none = self.env._("No key figure is beyond the limits that were set.")
        self._say(section, self.env._("Points of attention"), sentences, none)
