"""The timeline of a file: procedures that are started, and their days kept up."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import procedural_calendar as calendar
from ..tools import timeline

COMMERCIAL_COURTS = ("tc", "tae")
SOON_DAYS = 14
# A procedure of these takes the place of the one before it.
MAIN = ("notice", "amicable", "order", "merits")


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    step_ids = fields.One2many("recouvrement.litigation.step", "litigation_id")
    late_count = fields.Integer(compute="_compute_late_count")

    @api.depends("step_ids.state")
    def _compute_late_count(self):
        counts = dict(
            self.env["recouvrement.deadline"]._read_group(
                [("litigation_id", "in", self.ids), ("state", "=", "late")],
                ["litigation_id"],
                ["__count"],
            )
        )
        for litigation in self:
            litigation.late_count = counts.get(litigation, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"jurisdiction_id", "user_id"} & vals.keys():
            self._recompute_steps()
        return result

    def _check_open(self):
        """:raise UserError: on a file that is closed."""
        for litigation in self.sudo():
            if litigation.state == "closed":
                raise UserError(
                    self.env._("%s is closed: open it again first.", litigation.name)
                )

    # ------------------------------------------------------------------
    # STARTING
    # ------------------------------------------------------------------

    def _start_procedure(self, procedure, day=None):
        """Add the steps of a procedure; it becomes that of the file.

        The steps of the procedure before that were not done have no object any more,
        but for measures and enforcement, which go on beside.

        :param date day: the day it is started; default today.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        day = day or fields.Date.context_today(self)
        litigation = self.sudo()
        litigation._end_steps_before(procedure, day)
        number = max(litigation.step_ids.filtered("code").mapped("round"), default=0)
        litigation._add_steps(procedure, number + 1, day)
        litigation.procedure_id = procedure
        litigation._advance(
            self._get_stage("formal_notice")
            if procedure.category == "notice"
            else self.env["recouvrement.litigation.stage"]
        )
        litigation._recompute_steps()
        self._log(self.env._("procedure started: %s", procedure.name))

    def _end_steps_before(self, procedure, day):
        """Close the steps that a new procedure takes the place of."""
        open_steps = self.step_ids.filtered(
            lambda step: step.code and step.state in ("todo", "late")
        )
        chosen = open_steps.filtered(lambda step: step.code == "next")
        chosen.write({"date_done": day, "done_by_id": self.env.uid})
        if procedure.category in MAIN:
            others = open_steps - chosen
            others.filtered(lambda step: step.procedure_id.category in MAIN).write(
                {"state": "void"}
            )

    def _add_steps(self, procedure, number, day, codes=None):
        """Copy the steps of a procedure that apply to this file.

        :param codes: only these; default all.
        """
        amount = self._get_amount_euros()
        templates = procedure.step_ids.filtered(
            lambda one: (
                one._applies_to(self._is_commercial(), amount)
                and (codes is None or one.code in codes)
            )
        )
        self.env["recouvrement.litigation.step"].create(
            [self._prepare_step(template, number, day) for template in templates]
        )

    def _prepare_step(self, template, number, day):
        return {
            "litigation_id": self.id,
            "procedure_id": template.procedure_id.id,
            "template_id": template.id,
            "round": number,
            "sequence": template.sequence,
            "code": template.code,
            "kind": template.kind,
            "who": template.who,
            "is_optional": template.is_optional,
            "date_start": day,
        }

    def _is_commercial(self):
        """Whether a commercial court is competent."""
        if self.jurisdiction_id.kind in ("tc", "tae", "tj", "jcp", "ta"):
            return self.jurisdiction_id.kind in COMMERCIAL_COURTS
        return self.debtor_id._get_claim_nature() == "commercial"

    def _get_amount_euros(self):
        euro = self.env.ref("base.EUR")
        return self.currency_id._convert(
            self.amount_open, euro, self.company_id, fields.Date.context_today(self)
        )

    # ------------------------------------------------------------------
    # REGIME OF THE ORDER
    # ------------------------------------------------------------------

    def _fit_regime(self):
        """The date of the order decides which regime applies: the steps follow.

        What was done stays, under the rule of the other regime.
        """
        self.ensure_one()
        wanted = self.procedure_id._get_regime(self.order_date)
        if wanted == self.procedure_id:
            return
        steps = self.step_ids.filtered(
            lambda step: step.procedure_id == self.procedure_id and step.code
        )
        templates = wanted.step_ids.grouped("code")
        for step in steps.filtered(lambda one: one.code in templates):
            template = templates[step.code]
            step.write(
                {
                    **self._prepare_step(template, step.round, step.date_start),
                    "litigation_id": step.litigation_id.id,
                }
            )
        steps.filtered(
            lambda one: one.code not in templates and not one.date_done
        ).unlink()
        missing = set(templates) - set(steps.exists().mapped("code"))
        number = max(steps.exists().mapped("round"))
        self._add_steps(wanted, number, steps[:1].date_start, missing)
        self.procedure_id = wanted
        self._log(self.env._("regime of the order: %s", wanted.name))

    # ------------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------------

    def _get_places(self):
        """Region of the court and months of distance of the debtor.

        Without a court, the one of the place where the debtor lives is meant; a
        debtor abroad is sued at home.
        """
        self.ensure_one()
        debtor = self._get_place(self.customer_id)
        court = self.jurisdiction_id.region
        if not court:
            abroad = debtor == calendar.ABROAD
            court = self._get_place(self.company_id.partner_id) if abroad else debtor
        return court, calendar.distance(court, debtor)

    @api.model
    def _get_place(self, partner):
        return calendar.place_of(partner.country_id.code, partner.zip)

    def _recompute_steps(self):
        """Work out the days of the steps again and write their deadlines.

        sudo: a consequence of what the user was allowed to change.
        """
        litigations = self.sudo().with_context(steps_recomputed=True)
        today = fields.Date.context_today(self)
        for litigation in litigations:
            places = litigation._get_places()
            steps = litigation.step_ids.sorted(lambda step: (step.round, step.sequence))
            for found in steps.grouped("round").values():
                found._recompute_round(places, today)
        litigations._sync_deadlines()

    def _sync_deadlines(self):
        """The deadlines of all steps, in the language of the desk."""
        deadlines = self.env["recouvrement.deadline"]
        for files in self._in_desk_languages():
            deadlines._put_all(
                [(step, "step", step._prepare_deadline()) for step in files.step_ids]
            )
        self._refresh_next()

    def _refresh_next(self):
        """Write the next day of these files and how near it is: one statement."""
        if self.ids:
            self._refresh_next_sql(SQL("f.id = ANY(%s)", self.ids))

    @api.model
    def _refresh_next_sql(self, condition):
        """:param SQL condition: on file ``f``."""
        self.env["recouvrement.deadline"].flush_model()
        self.flush_model(["next_date", "state", "urgency"])
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_litigation f
                      SET next_date = n.day, urgency = n.urgency
                     FROM (SELECT f.id, d.day,
                                  CASE WHEN d.day IS NULL THEN 'none'
                                       WHEN d.day < %(today)s THEN 'late'
                                       WHEN d.day <= %(soon)s THEN 'soon'
                                       ELSE 'calm' END AS urgency
                             FROM recouvrement_litigation f
                        LEFT JOIN (SELECT d.litigation_id, MIN(d.date_due) AS day
                                     FROM recouvrement_deadline d
                                    WHERE d.state IN ('todo', 'late')
                                      AND d.litigation_id IS NOT NULL
                                 GROUP BY d.litigation_id) d
                               ON d.litigation_id = f.id AND f.state = 'open'
                            WHERE %(condition)s) n
                    WHERE n.id = f.id
                      AND (f.next_date, f.urgency)
                          IS DISTINCT FROM (n.day, n.urgency)""",
                today=today,
                soon=fields.Date.add(today, days=SOON_DAYS),
                condition=condition,
            )
        )
        self.invalidate_model(["next_date", "urgency"], flush=False)

    def _advance(self, stage):
        """Move on to a stage; never back."""
        if stage and stage.sequence > self.stage_id.sequence:
            self.stage_id = stage

    def _log(self, summary, detail=False, **vals):
        """One event per file in the history of its debtor, and in its own thread."""
        for litigation in self:
            litigation.debtor_id._log_event(
                "litigation",
                self.env._(
                    "%(file)s: %(what)s", file=litigation.sudo().name, what=summary
                ),
                detail=detail,
                **vals,
            )
            litigation.sudo().message_post(
                body=f"{summary}\n{detail}" if detail else summary,
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )


class RecouvrementLitigationStep(models.Model):
    _inherit = "recouvrement.litigation.step"

    def _recompute_round(self, places, today):
        """Days of the steps of one procedure of one file."""
        region, distance = places
        rules = {step: step._get_rule() for step in self}
        days = timeline.due_days(
            rules.values(),
            {rules[step].key: step._get_fact() for step in self},
            self[:1].date_start or today,
            region,
            distance,
        )
        for step in self:
            step._store_day(days[rules[step].key], today)
