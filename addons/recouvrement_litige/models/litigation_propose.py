"""Which court and procedure for a claim, with the reasons: facts from the ledger, rules
from ``tools/procedures.py``, words here. The user qualifies and decides."""

from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..tools import procedural_calendar as calendar
from ..tools import procedures as rules
from ..tools import timeline

NATURES = {
    "b2b": rules.COMMERCIAL,
    "intragroup": rules.COMMERCIAL,
    "public": rules.PUBLIC,
    "consumer": rules.CONSUMER,
    "non_professional": rules.CIVIL,
}


class Proposed(NamedTuple):
    """A procedure for a claim, in the words of the user.

    ``court``: the court found, else none; ``courts``: labels of the kinds of court;
    ``reasons``, ``warnings``, ``obstacles``: sentences; ``costs``: of the data, with
    ``cost`` their sum in euros; ``next_deadline``: ``(day, name)`` of the first step
    once started, else none.
    """

    procedure: object
    court: object
    courts: list
    reasons: list
    warnings: list
    obstacles: list
    lawyer: bool
    costs: object
    cost: float
    next_deadline: tuple | None

    @property
    def is_open(self):
        return not self.obstacles


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    @api.model
    def _propose(self, debtor, lines, day=None, litigation=None):
        """What may be done with items of a debtor, the best fit first.

        :param lines: ``account.move.line`` of the debtor.
        :param litigation: their file, when there is one: its title, what was tried.
        :return: list of ``Proposed``.
        """
        day = day or fields.Date.context_today(self)
        claim = self._get_claim_facts(debtor, lines, day, litigation)
        procedures = self.env["recouvrement.procedure"].search(
            Domain("active", "=", True)
        )
        by_code = {one.code: one for one in procedures}
        found = rules.propose(claim, [one._get_rules() for one in procedures])
        commercial = claim.nature == rules.COMMERCIAL
        costs = self.env["recouvrement.procedure.cost"]._get_valid(
            procedures, commercial, day
        )
        courts = {
            kinds: self.env["recouvrement.jurisdiction"]._find_for(
                kinds, debtor.partner_id.zip
            )
            for kinds in {one.courts for one in found}
        }
        return [
            self._put_in_words(
                one, by_code[one.procedure.code], courts[one.courts], costs, day
            )
            for one in found
        ]

    @api.model
    def _put_in_words(self, proposal, procedure, court, costs, day):
        costs = costs.filtered(lambda one: one.procedure_id == procedure)
        labels = dict(
            self.env["recouvrement.jurisdiction"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return Proposed(
            procedure,
            court,
            [labels[kind] for kind in proposal.courts],
            [self._say(one) for one in proposal.reasons],
            [self._say(one) for one in proposal.warnings],
            [self._say(one) for one in proposal.obstacles],
            proposal.lawyer,
            costs,
            self.env.ref("base.EUR").round(sum(costs.mapped("amount"))),
            self._get_first_day(procedure, day),
        )

    @api.model
    def _get_first_day(self, procedure, day):
        """First day of a procedure that is started that day: ``(day, name)``."""
        days = timeline.due_days(
            [one._get_rule() for one in procedure.step_ids], {}, day
        )
        known = [
            (days[step.code], step.name)
            for step in procedure.step_ids
            if days[step.code] and not step.is_optional
        ]
        return min(known, default=None)

    # ------------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------------

    @api.model
    def _get_claim_facts(self, debtor, lines, day, litigation=None):
        """The facts of a claim, as ``tools/procedures.py`` takes them."""
        lines = lines.sudo()
        partner = debtor.partner_id
        done = litigation.step_ids.filtered("date_done") if litigation else ()
        tried = {step.procedure_id.code for step in done if step.code == "refused"}
        limits = [line.limit_date for line in lines if line.limit_date]
        return rules.Claim(
            amount=self._get_claimed_euros(debtor, lines, day),
            nature=debtor._get_claim_nature(),
            day=day,
            scope=self._get_scope(debtor),
            country=partner.country_id.code or "FR",
            contested=self._is_contested(lines),
            has_title=bool(litigation and litigation.title_id),
            notice_done=self._is_noticed(lines),
            is_person=not partner.is_company,
            insolvency="insolvency" in lines.mapped("collection_status"),
            tried=tuple(sorted(tried)),
            limit=min(limits, default=None),
        )

    @api.model
    def _get_claimed_euros(self, debtor, lines, day):
        """Principal and interest in euros: what the ceilings are about."""
        euro = self.env.ref("base.EUR")
        total = Decimal(0)
        for currency, claim in debtor.sudo()._get_claim(lines, day).items():
            amount = float(claim["principal"] + claim["interest"])
            converted = currency._convert(amount, euro, debtor.company_id, day)
            total += Decimal(str(euro.round(converted)))
        return total

    @api.model
    def _get_scope(self, debtor):
        """Where the debtor lives, seen from the creditor."""
        country = debtor.partner_id.country_id
        if self._get_place(debtor.partner_id) != calendar.ABROAD:
            return rules.DOMESTIC
        europe = self.env.ref("base.europe").country_ids
        return rules.EU if country in europe else rules.ABROAD

    @api.model
    def _is_contested(self, lines):
        """Whether one of the items is disputed, wholly or in part."""
        if "disputed" in lines.mapped("collection_mark"):
            return True
        if "recouvrement.dispute.line" not in self.env:
            return False
        return bool(
            self.env["recouvrement.dispute.line"]
            .sudo()
            .search_count(
                [("move_line_id", "in", lines.ids), ("is_live", "=", True)], limit=1
            )
        )

    @api.model
    def _is_noticed(self, lines):
        """Whether a formal notice was sent for all the items."""
        noticed = self.env["recouvrement.interest"]._read_notices(lines.ids)
        return all(line.id in noticed or line.formal_notice_date for line in lines)

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    @api.model
    def _say(self, remark):
        """A remark of ``tools/procedures.py`` as a sentence."""
        value = remark.value
        if hasattr(value, "year"):
            value = format_date(self.env, value)
        elif isinstance(value, Decimal):
            value = format_amount(self.env, float(value), self.env.ref("base.EUR"))
        return self._get_sentences()[remark.code] % {"value": value}

    @api.model
    def _get_sentences(self):
        """Sentence per code of ``tools/procedures.py``."""
        return {
            **self._get_reason_sentences(),
            **self._get_warning_sentences(),
            **self._get_obstacle_sentences(),
        }

    @api.model
    def _get_reason_sentences(self):
        return {
            "court_commercial": self.env._(
                "Claim between merchants: commercial court."
            ),
            "court_civil": self.env._("Civil debtor: judicial court."),
            "court_consumer": self.env._(
                "Consumer: judicial court; the protection judge for a lease or "
                "consumer credit."
            ),
            "court_public": self.env._("Public body: administrative court."),
            "below_ceiling": self.env._("Not above the ceiling of %(value)s."),
            "not_contested": self.env._("Nothing is disputed."),
            "cross_border": self.env._(
                "The debtor is in another country of the Union."
            ),
            "has_title": self.env._("There is an enforceable title."),
            "notice_done": self.env._("A formal notice was sent for all the items."),
            "notice_first": self.env._(
                "No formal notice was sent for all the items yet."
            ),
            "regime_of_order": self.env._(
                "The date of the order decides on the delays (change on %(value)s)."
            ),
            "conciliation_dispensed": self.env._(
                "The simplified procedure failed: no other attempt at an agreement is "
                "needed."
            ),
        }

    @api.model
    def _get_warning_sentences(self):
        return {
            "agreement_needed": self.env._("The debtor must agree."),
            "notice_missing": self.env._("A formal notice comes first."),
            "conciliation_first": self.env._(
                "Up to %(value)s before a civil court, an attempt at an agreement "
                "comes first."
            ),
            "lawyer_needed": self.env._("Above %(value)s a lawyer is needed."),
            "competence_to_check": self.env._(
                "The debtor is abroad: check which court is competent."
            ),
            "merchants_to_check": self.env._(
                "Check that both are merchants: not a profession, not an association."
            ),
            "limit_passed": self.env._(
                "The limit date of an item is over: %(value)s. Look at the events that "
                "may have moved it."
            ),
            "confidence_L": self.env._("Rules found in one source: check them."),
            "confidence_NV": self.env._("Rules not verified: do not rely on them."),
            "title_exists": self.env._("There is an enforceable title already."),
        }

    @api.model
    def _get_obstacle_sentences(self):
        return {
            "insolvency": self.env._("The customer is in insolvency proceedings."),
            "not_yet": self.env._("Not before %(value)s."),
            "no_longer": self.env._("Not after %(value)s."),
            "not_for_commercial": self.env._("Not between merchants."),
            "not_for_civil": self.env._("Not for a civil debtor."),
            "not_for_consumer": self.env._("Not for a consumer."),
            "not_for_public": self.env._("Not for a public body."),
            "not_between_merchants": self.env._(
                "Not between merchants any more (until %(value)s)."
            ),
            "above_ceiling": self.env._("Above the ceiling of %(value)s."),
            "debtor_abroad": self.env._("The debtor is abroad."),
            "not_cross_border": self.env._("Only across borders in the Union."),
            "country_excluded": self.env._("Not in the country of the debtor."),
            "title_missing": self.env._("An enforceable title is needed."),
            "contested": self.env._("An item is disputed."),
            "persons_only": self.env._("Only for a natural person."),
            "other_regime": self.env._(
                "Another regime applies to orders of this time (%(value)s)."
            ),
        }


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_claim_nature(self):
        """Nature of a claim on this debtor: its segment, else its regime, else whether
        it is a company. One of ``tools.procedures.NATURES``."""
        self.ensure_one()
        kind = self.segment_id.regime or self.sudo().regime_id.customer_kind
        if kind in NATURES:
            return NATURES[kind]
        return rules.COMMERCIAL if self.partner_id.is_company else rules.CONSUMER
