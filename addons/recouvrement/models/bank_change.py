"""New bank details of a customer: what a fraud would like to be easy."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from ..tools.bank_account import BankAccountError, phone_key, read_iban
from .selections import REQUEST_SOURCES

STATES = [
    ("to_call", "To Call Back"),
    ("to_approve", "To Approve"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
]
ASKED = {"iban", "account_holder", "requester", "requester_email", "source", "reason"}


class RecouvrementBankChange(models.Model):
    """Bank details asked for, called back on a number known before, then approved by
    a second person; only then written on the customer, the old ones archived.

    to_call → to_approve → approved, or rejected with a reason.
    """

    _name = "recouvrement.bank.change"
    _description = "Change of Bank Details"
    _inherit = ["recouvrement.guarded"]
    _order = "state, id desc"
    _rec_name = "iban"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    request_id = fields.Many2one(
        "recouvrement.request", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="to_call",
        index=True,
        copy=False,
        group_expand=True,
    )
    date_asked = fields.Datetime(
        readonly=True,
    )
    known_phones = fields.Text(
        string="Numbers to Call",
        readonly=True,
        help="On the file of the customer when the change was asked; what was entered "
        "later is not among them.",
    )

    # == What is asked, and by whom ==
    iban = fields.Char(string="New IBAN", required=True)
    account_holder = fields.Char(
        required=True, help="Name on the account, as the customer gave it."
    )
    bic = fields.Char(string="BIC", compute="_compute_bank", store=True)
    bank_name = fields.Char(string="Bank", compute="_compute_bank", store=True)
    source = fields.Selection(
        REQUEST_SOURCES, string="How", required=True, default="email"
    )
    requester = fields.Char(string="Asked By", required=True)
    requester_email = fields.Char(string="E-mail of Who Asked")
    reason = fields.Text(string="Reason Given")
    old_bank_ids = fields.Many2many(
        "res.partner.bank",
        "recouvrement_bank_change_old_rel",
        string="Accounts Replaced",
        context={"active_test": False},
        help="Archived when the change is approved. Remove those that stay in use.",
    )
    warning = fields.Text(string="To Look At", compute="_compute_warning")

    # == Call back ==
    called_phone = fields.Char(readonly=True)
    called_person = fields.Char(readonly=True)
    call_date = fields.Datetime(readonly=True)
    call_note = fields.Text(readonly=True)
    call_user_id = fields.Many2one("res.users", string="Called By", readonly=True)

    # == Decision ==
    asked_user_id = fields.Many2one("res.users", string="Entered By", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Datetime(readonly=True)
    reject_reason = fields.Text(readonly=True)
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account Written",
        readonly=True,
        index="btree_not_null",
        context={"active_test": False},
    )

    _one_waiting = models.UniqueIndex(
        "(debtor_id) WHERE state IN ('to_call', 'to_approve')",
        "Another change of the bank details of this customer is waiting.",
    )
    _two_people = models.Constraint(
        "CHECK (state <> 'approved' OR (decided_by_id IS NOT NULL "
        "AND call_user_id IS NOT NULL AND decided_by_id <> asked_user_id "
        "AND decided_by_id <> call_user_id))",
        "New bank details are approved by a second person.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("iban")
    def _compute_bank(self):
        for change in self:
            try:
                account = read_iban(change.iban)
            except BankAccountError:
                change.bic = change.bank_name = False
            else:
                change.bic, change.bank_name = account.bic, account.bank

    @api.depends("iban", "account_holder", "requester_email", "debtor_id", "state")
    def _compute_warning(self):
        for change in self:
            change.warning = "\n".join(change._get_warnings()) or False

    @api.onchange("debtor_id")
    def _onchange_debtor_id(self):
        for change in self:
            change.old_bank_ids = change._get_current_banks()
            change.account_holder = change.account_holder or change.customer_id.name

    @api.onchange("iban")
    def _onchange_iban(self):
        for change in self.filtered("iban"):
            change.iban = self._format_iban(change.iban)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.constrains("iban")
    def _check_iban(self):
        for change in self:
            try:
                read_iban(change.iban)
            except BankAccountError as error:
                raise ValidationError(
                    self.env._(
                        "“%(iban)s” is no valid IBAN: %(error)s",
                        iban=change.iban,
                        error=self._describe_error(error),
                    )
                ) from error

    @api.constrains("old_bank_ids", "debtor_id")
    def _check_old_banks(self):
        for change in self.sudo():
            if change.old_bank_ids.partner_id - change.debtor_id.partner_id:
                raise ValidationError(
                    self.env._("Only accounts of this customer can be replaced.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        for change in changes.sudo():
            request = change.request_id
            phones = request.known_phones or change._get_phones_on_file()
            change.write(
                {
                    "iban": change.iban,
                    "asked_user_id": self.env.uid,
                    "date_asked": request.create_date or change.create_date,
                    "known_phones": phones,
                }
            )
            change._log_bank(self.env._("asked by %s", change.requester))
        return changes

    def write(self, vals):
        if not self.env.su:
            if any(change.state != "to_call" for change in self):
                raise UserError(
                    self.env._(
                        "These bank details were checked: what was asked is a record."
                    )
                )
            if ASKED & vals.keys() and any(c.request_id for c in self):
                raise UserError(
                    self.env._("What the customer asked is a record: reject it.")
                )
            if "debtor_id" in vals:
                raise UserError(self.env._("Enter the change on the other debtor."))
        if vals.get("iban"):
            vals = {**vals, "iban": self._format_iban(vals["iban"])}
        return super().write(vals)

    @api.model
    def _format_iban(self, iban):
        """In groups of four; what is no IBAN stays for the constraint to refuse."""
        try:
            return read_iban(iban).formatted
        except BankAccountError:
            return iban

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A change of bank details is a record: reject it."))

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _check_step(self, *states):
        """Take the change for a step.

        :raise UserError: when it is past that step.
        """
        self.ensure_one()
        self.check_access("write")
        self.debtor_id.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            raise UserError(
                self.env._("This change of bank details is past that step.")
            )

    def action_call(self):
        """Write down the call back."""
        return self._open_wizard("call", self.env._("Call Back"))

    def action_reject(self, reason=None):
        """Refuse with a reason, kept; without one, ask for it."""
        reason = (reason or "").strip()
        if not reason:
            return self._open_wizard("reject", self.env._("Reject"))
        self._check_step("to_call", "to_approve")
        self._decide("rejected", reject_reason=reason)
        self._log_bank(self.env._("rejected"), reason)
        if self.request_id.state == "new":
            self.request_id._refuse_bank_change()
        return True

    def _open_wizard(self, mode, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recouvrement.bank.call",
            "view_mode": "form",
            "target": "new",
            "context": {"default_change_id": self.id, "default_mode": mode},
        }

    def _confirm_call(self, phone, person, note, moment=None):
        """Somebody of the customer confirmed the details on a number known before.

        :param str phone: number called.
        :raise UserError: on a number that was not known when the change was asked.
        """
        self._check_step("to_call")
        if not (person or "").strip():
            raise UserError(self.env._("Write the name of the person you talked to."))
        now = fields.Datetime.now()
        if moment and not self.date_asked <= moment <= now:
            raise UserError(
                self.env._("The call comes after the request, and not later than now.")
            )
        key = phone_key(phone)
        if not key or key not in map(phone_key, (self.known_phones or "").split("\n")):
            raise UserError(
                self.env._(
                    "Call a number that was known before the change was asked: %s is "
                    "not on the file of the customer, or came later.",
                    phone or "",
                )
            )
        self.sudo().write(
            {
                "state": "to_approve",
                "called_phone": phone,
                "called_person": person.strip(),
                "call_date": moment or now,
                "call_note": note,
                "call_user_id": self.env.uid,
            }
        )
        self._log_bank(
            self.env._("called back %s", phone),
            self.env._(
                "%(person)s, %(moment)s. %(note)s",
                person=person.strip(),
                moment=format_datetime(self.env, self.call_date),
                note=note or "",
            ),
        )

    def action_approve(self):
        """A second person approves: the account is written, the old ones archived."""
        self._check_step("to_approve")
        self._check_approver()
        bank = self._write_bank()
        self._decide("approved", bank_id=bank.id)
        self._log_bank(self.env._("approved"), self.warning)
        if self.request_id.state == "new":
            self.request_id._close("done")
        return True

    def _check_approver(self):
        """An accountant or a credit manager who neither entered it nor called.

        :raise AccessError: for anybody else.
        """
        user = self.env.user
        roles = ("recouvrement.group_accountant", "recouvrement.group_manager")
        if user in self.sudo().asked_user_id | self.sudo().call_user_id:
            raise AccessError(
                self.env._(
                    "You entered these bank details or called back: a second person "
                    "approves them."
                )
            )
        if not any(map(user.has_group, roles)):
            raise AccessError(
                self.env._(
                    "New bank details are approved by an accountant or a credit "
                    "manager."
                )
            )

    def _decide(self, state, **vals):
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
                **vals,
            }
        )
        self.flush_recordset()

    def _write_bank(self):
        """The account on the customer, in sudo: both people were checked. It is not
        trusted for outgoing payments: Odoo's own right decides on that.

        :return: ``res.partner.bank``.
        """
        self.ensure_one()
        change = self.sudo()
        account = read_iban(change.iban)
        banks = change.env["res.partner.bank"].with_context(active_test=False)
        bank = banks.search(
            [
                ("partner_id", "=", change.customer_id.id),
                ("sanitized_acc_number", "=", account.iban),
            ],
            limit=1,
        )
        values = {"active": True, "acc_holder_name": change.account_holder}
        if bank:
            if not bank.active:
                values["allow_out_payment"] = False
            bank.write(values)
        else:
            bank = banks.create(
                {
                    "partner_id": change.customer_id.id,
                    "acc_number": account.formatted,
                    "bank_id": change._get_bank(account).id,
                    **values,
                }
            )
        (change.old_bank_ids - bank).filtered("active").write({"active": False})
        return bank

    def _get_bank(self, account):
        """The bank of an account, opened when its BIC is new."""
        banks = self.env["res.bank"].sudo()
        if not account.bic:
            return banks
        found = banks.search([("bic", "=", account.bic)], limit=1)
        country = self.env["res.country"].search([("code", "=", account.country)])
        return found or banks.create(
            {
                "name": account.bank or account.bic,
                "bic": account.bic,
                "country": country.id,
            }
        )

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _log_bank(self, what, detail=False):
        """In the history the account is told by its country and last digits."""
        for change in self:
            iban = "".join((change.iban or "").split())
            change.debtor_id._log_event(
                "bank",
                self.env._(
                    "Bank details %(country)s…%(end)s: %(what)s",
                    country=iban[:2],
                    end=iban[-4:],
                    what=what,
                ),
                detail=detail or False,
            )
