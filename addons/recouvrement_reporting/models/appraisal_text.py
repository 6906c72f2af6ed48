"""The words of an appraisal: facts in sentences, in the language of the company."""

from decimal import ROUND_HALF_UP, Decimal

from odoo import api, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..tools import appraisal as tools
from .appraisal_facts import AGES, YEAR

ZERO = Decimal(0)
NAME, LINE, WORD = 70, 90, 40  # most signs that fit
BAR = 46  # pixels


class RecouvrementAppraisal(models.AbstractModel):
    _inherit = "recouvrement.appraisal"

    # ------------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------------

    @api.model
    def _money(self, amount, company):
        return format_amount(self.env, float(amount), company.currency_id)

    @api.model
    def _whole(self, amount, unit=1):
        """An amount of a month: no decimals, perhaps in thousands."""
        value = (amount / unit).to_integral_value(ROUND_HALF_UP)
        return formatLang(self.env, float(value), digits=0)

    @api.model
    def _days(self, days):
        value = days.to_integral_value(ROUND_HALF_UP)
        return formatLang(self.env, float(value), digits=0)

    @api.model
    def _day(self, day):
        return format_date(self.env, day)

    # ------------------------------------------------------------------
    # BLOCKS
    # ------------------------------------------------------------------

    @api.model
    def _get_identity(self, partner, facts):
        """``(label, text, warning)`` of each line about who it is."""
        country = partner.country_id.code
        registry = tools.check_registry(partner.company_registry, country)
        vat = tools.check_vat(partner.vat, country)
        lines = [(self.env._("Address"), tools.cut(self._get_place(partner), LINE), "")]
        if not self._is_natural_person(partner):
            label = (
                self.env._("SIREN / SIRET")
                if country == "FR"
                else self.env._("Company ID")
            )
            lines.append((label, *self._describe_number(registry)))
            lines.append((self.env._("VAT Number"), *self._describe_number(vat)))
            if tools.do_numbers_agree(registry, vat) is False:
                warning = self.env._("the VAT number holds another SIREN")
                lines[-1] = (*lines[-1][:2], warning)
        debtor = facts["debtor"]
        salesperson = debtor.salesperson_id or partner.user_id
        terms = partner.property_payment_term_id.name
        since = facts["first"] and self._day(facts["first"])
        return lines + [
            (self.env._("Customer Since"), since or self.env._("no entry yet"), ""),
            (self.env._("Payment Terms"), tools.cut(terms, WORD) or "–", ""),
            (self.env._("Salesperson"), tools.cut(salesperson.name, WORD) or "–", ""),
        ]

    @api.model
    def _get_place(self, partner):
        town = " ".join(filter(None, (partner.zip, partner.city)))
        return ", ".join(filter(None, (partner.street, town, partner.country_id.name)))

    @api.model
    def _describe_number(self, number):
        """``(text, warning)``."""
        text = tools.cut(number.text, WORD)
        if number.state == tools.MISSING:
            return "–", self.env._("not given")
        if number.state == tools.WRONG:
            return text, self.env._("wrong: its check digits do not match")
        if number.state == tools.VALID:
            return " – ".join((text, self.env._("valid check digits"))), ""
        return text, ""

    @api.model
    def _get_sales_block(self, facts, company, months):
        """Sales of each month, the older year first when there are two.

        :return: dict ``unit`` and ``years``: lists of dicts ``label, amount, net,
            height``.
        """
        sales, net = facts["sales"][-months:], facts["sales_net"][-months:]
        unit = tools.unit_of(sales)
        heights = tools.bar_heights(sales, BAR)
        cells = [
            {
                "label": format_date(self.env, month.start, date_format="MMM yy"),
                "amount": self._whole(amount, unit),
                "net": self._whole(untaxed, unit),
                "height": height,
            }
            for month, amount, untaxed, height in zip(
                facts["months"][-months:], sales, net, heights, strict=True
            )
        ]
        years = [cells[n : n + YEAR] for n in range(0, len(cells), YEAR)]
        name = company.currency_id.name
        return {"unit": name if unit == 1 else f"k{name}", "years": years, "bar": BAR}

    @api.model
    def _get_ages_block(self, facts, company):
        """``(label, amount, share)`` of each age, then credits and balance."""
        labels = (
            self.env._("Not due"),
            self.env._("1–30 days"),
            self.env._("31–60 days"),
            self.env._("61–90 days"),
            self.env._("> 90 days"),
        )
        found = facts["open"]
        columns = [
            (label, self._money(found[name], company), self._share(found, name))
            for label, name in zip(labels, AGES, strict=True)
        ]
        return [
            *columns,
            (self.env._("Credits"), self._money(-found["credits"], company), ""),
            (self.env._("Net balance"), self._money(found["balance"], company), ""),
        ]

    @api.model
    def _share(self, found, name):
        if found["debits"] <= ZERO:
            return ""
        return f"{self._days(found[name] * 100 / found['debits'])} %"

    @api.model
    def _get_habits(self, facts, company):
        """``(label, text)`` of what is known of its payments."""
        debtor = facts["debtor"]
        kept = debtor.promise_kept_count, debtor.promise_decided_count
        lines = [
            (self.env._("Days beyond terms, 12 months"), self._gap(facts["delay"])),
            (self.env._("The 12 months before"), self._gap(facts["delay_before"])),
            (self.env._("Last 3 months"), self._gap(facts["delay_quarter"])),
            (self.env._("Received, 12 months"), self._money(facts["paid"], company)),
            (
                self.env._("Promises kept"),
                f"{kept[0]} / {kept[1]}" if kept[1] else "–",
            ),
            (self.env._("Disputed"), self._money(facts["open"]["disputed"], company)),
            (self.env._("Reminders, 12 months"), str(facts["reminders"][0])),
            (self.env._("Lost, 24 months"), self._money(facts["losses"], company)),
        ]
        if debtor.insured_share:
            share = f"{formatLang(self.env, debtor.insured_share, digits=0)} %"
            lines.append((self.env._("Insured share"), share))
        if facts["returned"] is not None:
            lines.append(
                (self.env._("Unpaid direct debits"), str(facts["returned"][0]))
            )
        return lines

    @api.model
    def _gap(self, days):
        return "–" if days is None else self.env._("%s d", self._days(days))

    # ------------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------------

    @api.model
    def _get_sentences(self, facts, company):
        """What the figures say: facts only, the same for everybody."""
        if not facts["first"]:
            return [
                self.env._(
                    "No entry in our ledger: nothing can be said of its payments."
                )
            ]
        return list(
            filter(
                None,
                (
                    self._say_sales(facts, company),
                    self._say_open(facts, company),
                    self._say_delay(facts),
                    self._say_promises(facts, company),
                    self._say_disputes(facts, company),
                    self._say_reminders(facts),
                    self._say_plans(facts),
                    self._say_doubt(facts, company),
                ),
            )
        )

    @api.model
    def _say_sales(self, facts, company):
        sales = sum(facts["sales"][YEAR:], ZERO)
        before = sum(facts["sales"][:YEAR], ZERO)
        change = tools.percent_change(sales, before)
        values = {
            "amount": self._money(sales, company),
            "net": self._money(sum(facts["sales_net"][YEAR:], ZERO), company),
            "before": self._money(before, company),
        }
        if change is None:
            return self.env._(
                "Sales of the last 12 months: %(amount)s including tax, %(net)s "
                "excluding tax; none in the 12 months before.",
                **values,
            )
        return self.env._(
            "Sales of the last 12 months: %(amount)s including tax, %(net)s excluding "
            "tax; %(before)s including tax in the 12 months before (%(change)s %%).",
            change=f"{change:+d}",
            **values,
        )

    @api.model
    def _say_open(self, facts, company):
        found = facts["open"]
        if not found["debits"]:
            return self.env._("No invoice is open.")
        amount = self._money(found["debits"], company)
        if not found["overdue"]:
            return self.env._("Open invoices: %s, none overdue.", amount)
        return self.env._(
            "Open invoices: %(amount)s, of which %(overdue)s overdue (%(share)s %%), "
            "the oldest since %(day)s.",
            amount=amount,
            overdue=self._money(found["overdue"], company),
            share=self._days(found["overdue"] * 100 / found["debits"]),
            day=self._day(found["oldest"]),
        )

    @api.model
    def _say_delay(self, facts):
        days, before = facts["delay"], facts["delay_before"]
        if days is None:
            return self.env._("No payment was matched in the last 12 months.")
        change = tools.change_in_days(days, before)
        text = self._describe_gap(days)
        if change is None:
            return self.env._("In the last 12 months it paid %s.", text)
        trend = {
            "slower": self.env._("slower than the 12 months before"),
            "faster": self.env._("faster than the 12 months before"),
            "same": self.env._("as in the 12 months before"),
        }[change]
        return self.env._(
            "In the last 12 months it paid %(delay)s, %(trend)s (%(before)s).",
            delay=text,
            trend=trend,
            before=self._gap(before),
        )

    @api.model
    def _describe_gap(self, days):
        whole = days.to_integral_value(ROUND_HALF_UP)
        if not whole:
            return self.env._("on the due date on average, weighted by amount")
        if whole > 0:
            return self.env._(
                "%s d after the due date on average, weighted by amount",
                self._days(whole),
            )
        return self.env._(
            "%s d before the due date on average, weighted by amount",
            self._days(-whole),
        )

    @api.model
    def _say_promises(self, facts, company):
        debtor = facts["debtor"]
        if not debtor.promise_decided_count:
            return ""
        return self.env._(
            "Promises of payment of the last 12 months: %(kept)s kept out of %(all)s "
            "(%(paid)s received in time of %(amount)s).",
            kept=debtor.promise_kept_count,
            all=debtor.promise_decided_count,
            paid=self._money(debtor.promise_kept_amount, company),
            amount=self._money(debtor.promise_decided_amount, company),
        )

    @api.model
    def _say_disputes(self, facts, company):
        count, still = facts["disputes"]
        if not count:
            return self.env._("No dispute in the last 12 months.")
        return self.env._(
            "Items disputed in the last 12 months: %(count)s, of which %(still)s today "
            "(%(amount)s).",
            count=count,
            still=still,
            amount=self._money(facts["open"]["disputed"], company),
        )

    @api.model
    def _say_reminders(self, facts):
        count, highest = facts["reminders"]
        if not count:
            return self.env._("No reminder in the last 12 months.")
        return self.env._(
            "Reminders sent in the last 12 months: %(count)s; the highest level: "
            "%(level)s, on %(day)s.",
            count=count,
            level=tools.cut(highest.level_id.name, WORD),
            day=self._day(highest.date_sent),
        )

    @api.model
    def _say_plans(self, facts):
        plans = facts["plans"]
        if not plans:
            return ""
        return self.env._(
            "Instalment plans: %(running)s under way, %(late)s late, %(done)s "
            "completed, %(failed)s forfeited.",
            running=plans.get("accepted", 0),
            late=plans.get("late", 0),
            done=plans.get("done", 0),
            failed=plans.get("defaulted", 0),
        )

    @api.model
    def _say_doubt(self, facts, company):
        debtor = facts["debtor"]
        if debtor.doubtful_reason_id:
            return self.env._(
                "Doubtful since %(day)s: %(reason)s.",
                day=self._day(debtor.doubtful_date),
                reason=tools.cut(debtor.doubtful_reason_id.name, WORD),
            )
        if facts["open"]["doubtful"]:
            return self.env._(
                "Items marked as doubtful: %s.",
                self._money(facts["open"]["doubtful"], company),
            )
        return ""
