"""Telling customers: by e-mail before one direct debit, or a schedule of several."""

from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.tools import format_date, formatLang

from ..tools.target_calendar import next_open

TEMPLATE = "recouvrement_sepa.template_prenotification"
AHEAD_DAYS = 7  # beyond the agreed delay: a run that fails has days to be repeated
BATCH = 500


class RecouvrementSepaPrenotification(models.Model):
    _inherit = "recouvrement.sepa.prenotification"

    # ------------------------------------------------------------------
    # WHO IS TO BE TOLD
    # ------------------------------------------------------------------

    @api.model
    def _cron_prenotify(self):
        """Tell customers of what falls due within the agreed delay, where the company
        wants a proof. What was told is not told again, so that a run that was stopped
        goes on."""
        companies = (
            self.env["res.company"]
            .sudo()
            .search(
                [("parent_id", "=", False), ("sepa_prenotification_proof", "=", "sent")]
            )
        )
        for company in companies:
            self.sudo().with_company(company)._tell_due(company)

    @api.model
    def _tell_due(self, company):
        rows = self._find_untold(company)
        groups = list(self._group_rows(rows, "email").values())
        for start in range(0, len(groups), BATCH):
            batch = [row for group in groups[start : start + BATCH] for row in group]
            self._announce(batch, "email")
            self.env["ir.cron"]._commit_progress(len(batch))

    @api.model
    def _find_untold(self, company, debtor_ids=None, until=None):
        """Items that a mandate collects and whose customer was not told in time.

        :param date until: items due later are left out; by default what the next
            direct debits will hold.
        :return: list of dicts as ``_announce`` takes.
        """
        today = fields.Date.context_today(self)
        days = company._get_sepa_days("prenotification")
        until = until or fields.Date.add(today, days=days + AHEAD_DAYS)
        candidates = (
            self.env["recouvrement.sepa.candidate"]
            .sudo()
            .with_context(
                sepa_company_id=company.id,
                sepa_until=until,
                sepa_date=next_open(until),
                sepa_untold=True,
            )
        )
        domain = [("reason", "=", "prenotice")]
        if debtor_ids is not None:
            domain.append(("debtor_id", "in", list(debtor_ids)))
        found = candidates.search(domain)
        tried = self._get_tried(found.move_line_id) if debtor_ids is None else set()
        return [
            {
                "company_id": company.id,
                "debtor_id": candidate.debtor_id.id,
                "mandate_id": candidate.mandate_id.id,
                "move_line_id": candidate.move_line_id.id,
                "installment_id": candidate.installment_id.id,
                "name": candidate.name,
                "amount": candidate.amount,
                "due_on": candidate.mandate_id._get_debit_day(candidate.date_due),
            }
            for candidate in found
            if (candidate.move_line_id.id, candidate.installment_id.id) not in tried
        ]

    @api.model
    def _get_tried(self, items):
        """What a message is about that is on its way, was a test, or could not be sent
        some days ago: the night does not send it once more.

        :return: set of (item id, instalment id).
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=AHEAD_DAYS)
        lines = (
            self.env["recouvrement.sepa.prenotification.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    "|",
                    ("prenotification_id.state", "=", "queued"),
                    "&",
                    ("prenotification_id.create_date", ">=", since),
                    "|",
                    ("prenotification_id.is_test", "=", True),
                    ("prenotification_id.state", "=", "failed"),
                ]
            )
        )
        return {(line.move_line_id.id, line.installment_id.id) for line in lines}

    # ------------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------------

    @api.model
    def _group_rows(self, rows, channel):
        """A message per mandate and day; a schedule holds all the days of a mandate."""
        groups = defaultdict(list)
        for row in rows:
            day = None if channel == "schedule" else row["due_on"]
            groups[row["mandate_id"], day].append(row)
        return groups

    @api.model
    def _announce(self, rows, channel, collection=None):
        """Tell customers of direct debits, one message per mandate and day.

        The messages go through Odoo's queue, under the test mode of the company. Who
        cannot be written to is listed as not told, with the reason.

        :param list rows: dicts ``company_id, debtor_id, mandate_id, move_line_id,
            installment_id, name, amount, due_on``; those of one customer may have
            several mandates.
        :param str channel: ``email`` or ``schedule``.
        :return: the notices.
        """
        if not rows:
            return self.browse()
        groups = self._group_rows(rows, channel)
        author = self.env.uid
        notices = self.sudo().create(
            [
                self._prepare_notice_vals(group, channel, collection, author)
                for group in groups.values()
            ]
        )
        notices._queue_mails()
        return notices

    @api.model
    def _prepare_notice_vals(self, rows, channel, collection, author):
        mandate = (
            self.env["recouvrement.sepa.mandate"].sudo().browse(rows[0]["mandate_id"])
        )
        debtor = mandate.debtor_id
        company = debtor.company_id
        return {
            "company_id": company.id,
            "debtor_id": debtor.id,
            "mandate_id": mandate.id,
            "partner_id": (mandate.signatory_id or debtor.contact_id).id
            or debtor.partner_id.id,
            "channel": channel,
            "is_test": company.recouvrement_test_mode,
            "days": mandate._get_prenotification_days(),
            "collection_id": collection.id if collection else False,
            "user_id": author,
            "line_ids": [
                Command.create(
                    {
                        key: row[key]
                        for key in (
                            "move_line_id",
                            "installment_id",
                            "name",
                            "amount",
                            "due_on",
                        )
                    }
                )
                for row in rows
            ],
        }

    def _queue_mails(self):
        """Hand the messages over to Odoo's queue: rendered and created in sets."""
        obstacles = {
            notice.id: notice.debtor_id._get_mail_obstacle(notice.partner_id)
            for notice in self
        }
        for notice in self:
            if obstacles[notice.id]:
                notice._mark_failed(obstacles[notice.id])
        ready = self.filtered(lambda notice: not obstacles[notice.id])
        if not ready:
            return
        template = self.env.ref(TEMPLATE).sudo()
        subjects = template._render_field("subject", ready.ids, compute_lang=True)
        bodies = template._render_field("body_html", ready.ids, compute_lang=True)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    notice.debtor_id._prepare_mail_vals(
                        notice.partner_id, subjects[notice.id], bodies[notice.id]
                    )
                    for notice in ready
                ]
            )
        )
        for notice, mail in zip(ready, mails, strict=True):
            notice.mail_message_id = mail.mail_message_id
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # ------------------------------------------------------------------
    # WHAT THE TEMPLATE SAYS
    # ------------------------------------------------------------------

    def _get_lang(self):
        """Language of the message."""
        return self.debtor_id._get_mail_lang(self.partner_id)

    def _get_contact(self):
        """Who signs the message, and how to reach them."""
        return self.mandate_id._get_contact()

    def _money(self, amount):
        return formatLang(
            self.with_context(lang=self._get_lang()).env,
            amount,
            currency_obj=self.currency_id,
        )

    def _day(self, day):
        return format_date(self.env, day, lang_code=self._get_lang())

    def _get_days(self):
        """What is debited on each day: ``[(day, amount, [names])]``."""
        found = defaultdict(list)
        for line in self.line_ids:
            found[line.due_on].append(line)
        currency = self.currency_id
        return [
            (
                day,
                currency.round(sum(line.amount for line in lines)),
                [line.name for line in lines if line.name],
            )
            for day, lines in sorted(found.items())
        ]

    def _get_account(self):
        """The account that is debited, its last digits only."""
        return self.mandate_id._get_masked_iban()

    def action_retry(self):
        """Send again what failed, as a new message with the items still to tell."""
        self.check_access("read")
        self.env["recouvrement.sepa.collection"].check_access("write")
        failed = self.sudo().filtered(lambda notice: notice.state == "failed")
        for channel, notices in failed.grouped("channel").items():
            for notice in notices:
                notice._announce(
                    notice._get_rows(),
                    "schedule" if channel == "schedule" else "email",
                    notice.collection_id,
                )

    def _get_rows(self):
        """What it was about, for another message; not what was settled since."""
        return [
            {
                "company_id": self.company_id.id,
                "debtor_id": self.debtor_id.id,
                "mandate_id": self.mandate_id.id,
                "move_line_id": line.move_line_id.id,
                "installment_id": line.installment_id.id,
                "name": line.name,
                "amount": line.amount,
                "due_on": max(line.due_on, self.mandate_id._get_debit_day(line.due_on)),
            }
            for line in self.line_ids
            if not line.move_line_id.reconciled
        ]


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    def _get_debit_day(self, due):
        """The first day on which something due is debited, when the customer is told
        today: an open day of TARGET, after the agreed delay."""
        today = fields.Date.context_today(self)
        earliest = fields.Date.add(today, days=self._get_prenotification_days())
        return next_open(max(due or today, earliest))

    def action_send_schedule(self):
        """Tell the customer of all that is to be collected in the year to come."""
        self.ensure_one()
        self.check_access("write")
        today = fields.Date.context_today(self)
        notices = self.env["recouvrement.sepa.prenotification"]
        rows = notices._find_untold(
            self.company_id,
            self.debtor_id.ids,
            fields.Date.add(today, years=1),
        )
        rows = [row for row in rows if row["mandate_id"] == self.id]
        if not rows:
            message = self.env._("There is nothing to announce under this mandate.")
            kind = "warning"
        else:
            notice = notices._announce(rows, "schedule")
            message = notice.outcome or self.env._("The schedule is on its way.")
            kind = "danger" if notice.outcome else "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }
