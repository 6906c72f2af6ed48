"""Asking somebody whom the customer knows to pass the demand on."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .selections import RELAY_ROLES

ROLES = [*RELAY_ROLES, ("other", "Other Person")]
OUTCOMES = [
    ("passed_on", "Passed On to the Customer"),
    ("will_pay", "The Customer Will Pay"),
    ("dispute", "The Customer Disputes"),
    ("technical", "Technical Problem"),
    ("cannot_help", "Cannot Help"),
    ("by_mail", "Answered by E-mail"),
]
WAITING = ("asked", "returned")
# Overdue items shown when none was chosen.
ITEMS_SHOWN = 50


class RecouvrementRelay(models.Model):
    """A question to a salesperson, a branch manager, a technical manager or anybody
    else, with or without an Odoo user.

    asked → answered; without an answer in time → returned to the collector, who may
    still receive a late answer; or cancelled.
    """

    _name = "recouvrement.relay"
    _description = "Insider Relay"
    _inherit = ["recouvrement.guarded"]
    _order = "date_asked desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    role = fields.Selection(ROLES, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked User", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Asked Person",
        readonly=True,
        index="btree_not_null",
        help="Somebody without an Odoo user: answers through a signed link.",
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Asked To",
        compute="_compute_person_id",
        compute_sudo=True,
    )
    lang = fields.Char(compute="_compute_lang", compute_sudo=True)
    asked_by_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
    )
    date_asked = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    date_due = fields.Date(
        string="Answer Before", required=True, readonly=True, index=True
    )
    date_reminded = fields.Date(readonly=True)
    date_returned = fields.Date(readonly=True)
    question = fields.Text(required=True, readonly=True)
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_relay_line_rel",
        "relay_id",
        "line_id",
        string="Items",
        readonly=True,
        help="Items it is about; empty: what is overdue.",
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("returned", "Returned, No Answer"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="asked",
        index=True,
        group_expand=True,
    )
    is_handled = fields.Boolean(
        string="Handled",
        readonly=True,
        help="The collector has dealt with the answer, or with its absence.",
    )
    is_test = fields.Boolean(string="Test", readonly=True)

    item_names = fields.Char(
        string="Documents", compute="_compute_item_names", compute_sudo=True
    )

    # == Answer ==
    answer = fields.Text(readonly=True)
    answer_outcome = fields.Selection(OUTCOMES, readonly=True)
    answer_date = fields.Date(
        string="Payment Announced For", readonly=True, help="As the customer said."
    )
    answered_on = fields.Datetime(readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_relay_attachment_rel", readonly=True
    )
    return_reason = fields.Char(readonly=True)
    cancel_reason = fields.Char(readonly=True)

    # == Technical ==
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    notice_activity_id = fields.Many2one(
        "mail.activity",
        string="Activity of the Collector",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    link_id = fields.Many2one(
        "recouvrement.access.link", readonly=True, ondelete="set null"
    )
    reminder_id = fields.Many2one(
        "recouvrement.reminder",
        readonly=True,
        index="btree_not_null",
        help="The reminder that this relay carries; its answer is the proof.",
    )

    _person_check = models.Constraint(
        "CHECK ((user_id IS NULL) <> (partner_id IS NULL))",
        "A relay is asked to a user or to a person without a user, not both.",
    )
    _waiting_idx = models.Index("(date_due) WHERE state = 'asked'")
    _to_handle_idx = models.Index(
        "(debtor_id) WHERE is_handled IS NOT TRUE AND state IN ('answered', 'returned')"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_id", "person_id")
    def _compute_display_name(self):
        for relay in self:
            relay.display_name = self.env._(
                "%(person)s about %(customer)s",
                person=relay.person_id.name or "",
                customer=relay.debtor_id.display_name,
            )

    @api.depends("user_id", "partner_id")
    def _compute_person_id(self):
        for relay in self:
            relay.person_id = relay.partner_id or relay.user_id.partner_id

    @api.depends("user_id.lang", "partner_id.lang")
    def _compute_lang(self):
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for relay in self:
            candidates = (
                relay.person_id.lang,
                relay.company_id.partner_id.lang,
                self.env.lang,
            )
            relay.lang = next(
                (lang for lang in candidates if lang in installed), installed[0]
            )

    @api.depends("move_line_ids.move_id.name")
    def _compute_item_names(self):
        """For who may not read journal items."""
        for relay in self:
            relay.item_names = ", ".join(relay.move_line_ids.move_id.mapped("name"))

    # ------------------------------------------------------------------
    # WHAT IT IS ABOUT
    # ------------------------------------------------------------------

    def _get_items_domain(self):
        self.ensure_one()
        domain = [("debtor_id", "=", self.debtor_id.id)]
        if self.move_line_ids:
            return [*domain, ("id", "in", self.move_line_ids.ids)]
        return [*domain, ("days_overdue", ">", 0), ("amount_residual_currency", ">", 0)]

    def _get_items(self):
        """What is still open of the items it is about, oldest first, and of how many.

        :return: ``recouvrement.open.item`` records, and their whole number.
        """
        items = self.env["recouvrement.open.item"].sudo()
        domain = self._get_items_domain()
        found = items.search(domain, order="date_due, id", limit=ITEMS_SHOWN)
        count = len(found)
        if count == ITEMS_SHOWN:
            count = items.search_count(domain)
        return found, count

    def _get_totals(self):
        """What is still open of all these items: ``(currency, amount)`` pairs."""
        return (
            self.env["recouvrement.open.item"]
            .sudo()
            ._read_group(
                self._get_items_domain(),
                ["currency_id"],
                ["amount_residual_currency:sum"],
            )
        )

    def _get_history(self):
        """Steps of the relay for its page: day and sentence, oldest first."""
        self.ensure_one()
        steps = [
            (
                self._get_asked_day(),
                self.env._("Asked by %s", self.asked_by_id.name),
            )
        ]
        if self.date_reminded:
            steps.append((self.date_reminded, self.env._("Reminded")))
        if self.date_returned:
            steps.append((self.date_returned, self.env._("No answer in time")))
        if self.answered_on:
            answered = fields.Datetime.context_timestamp(self, self.answered_on).date()
            steps.append((answered, self.env._("Answered")))
        return [(format_date(self.env, day), text) for day, text in steps]

    def _get_asked_day(self):
        return fields.Datetime.context_timestamp(self, self.date_asked).date()

    # ------------------------------------------------------------------
    # RECORD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A relay is kept. Cancel it instead."))

    def _check_answerer(self):
        """The person asked, or whoever follows the debtor.

        :raise AccessError: to others.
        """
        others = self.filtered(lambda relay: relay.sudo().user_id.id != self.env.uid)
        if others:
            others.check_access("write")

    def action_answer(self):
        """The dialog with the answer."""
        self.ensure_one()
        self._check_answerer()
        if self.state not in WAITING:
            raise UserError(self.env._("This relay waits for no answer."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "recouvrement.relay.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_relay_id": self.id},
        }

    def action_handle(self):
        """The collector has dealt with the answer or with its absence."""
        self.check_access("write")
        waiting = self.filtered(
            lambda relay: relay.state in ("answered", "returned")
        ).sudo()
        waiting._set_handled()
        waiting.notice_activity_id.filtered("active")._action_done()

    def _set_handled(self):
        self.sudo().write({"is_handled": True})
        self.sudo().debtor_id._refresh_relay_counts()

    def action_cancel(self):
        """Withdraw questions: their links open nothing any more."""
        self.check_access("write")
        self._cancel(self.env._("Withdrawn by %s", self.env.user.name))

    def action_open_debtor(self):
        self.ensure_one()
        return self.debtor_id.get_formview_action()

    def action_copy_link(self):
        """Show the address of the answer page, to be handed over by other means.

        :raise AccessError: to who may not follow the debtor.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_groups(
            "recouvrement.group_collector,recouvrement.group_accountant"
        ):
            raise AccessError(self.env._("Only who follows the debtor hands it over."))
        if self.state not in WAITING:
            raise UserError(self.env._("This relay waits for no answer."))
        return {
            "type": "ir.actions.act_url",
            "url": self.sudo().link_id._get_url(),
            "target": "new",
        }
