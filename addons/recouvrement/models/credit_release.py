from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("requested", "Requested"),
    ("released", "Released"),
    ("refused", "Refused"),
    ("used", "Used"),
]
VALID_DAYS = 7


class RecouvrementCreditRelease(models.Model):
    """A document above the credit limit of its customer that somebody lets pass, once,
    for its amount."""

    _name = "recouvrement.credit.release"
    _description = "Release of a Blocked Document"
    _inherit = ["recouvrement.guarded"]
    _order = "id desc"
    _rec_name = "document_name"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    document_name = fields.Char(
        string="Document", compute="_compute_document_name", compute_sudo=True
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    exposure_amount = fields.Monetary(string="Exposure", readonly=True, aggregator=None)
    credit_limit = fields.Monetary(readonly=True, aggregator=None)
    excess = fields.Monetary(string="Above the Limit", readonly=True, aggregator=None)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="requested", index=True
    )
    requested_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Datetime(readonly=True)
    date_valid = fields.Date(string="Valid Until", readonly=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _waiting_uniq = models.UniqueIndex(
        "(move_id) WHERE state IN ('requested', 'released')",
        "A release of this document was asked for already.",
    )

    @api.depends("move_id")
    def _compute_document_name(self):
        for release in self:
            release.document_name = release.move_id.display_name

    @api.depends("excess", "state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        authority = self.env["recouvrement.authority"]
        for release in self:
            release.may_decide = release.state == "requested" and authority._allows(
                "release_credit", release.excess, release.company_id
            )

    @api.model
    def _request(self, move, reason):
        """Ask for the release of a draft; who has the authority releases it at once.

        :raise UserError: without a reason, or when nothing blocks the document.
        """
        reason = self._check_reason(reason)
        move.check_access("write")
        excess = move._get_excesses().get(move._get_debtor_key())
        if move.state != "draft" or not excess or move._is_released():
            raise UserError(self.env._("Nothing blocks this document any more."))
        return self._ask(
            excess,
            {
                "move_id": move.id,
                "amount": move.amount_total_signed,
                "excess": move._get_excess_to_release(excess),
                "reason": reason,
            },
        )

    @api.model
    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this document should pass."))
        return reason.strip()

    @api.model
    def _ask(self, excess, vals, decide=True):
        """Enter the request; who may decide it does so at once."""
        release = self.sudo().create(
            {
                "debtor_id": excess.debtor.id,
                "exposure_amount": excess.exposure,
                "credit_limit": excess.limit,
                "requested_by_id": self.env.uid,
                **vals,
            }
        )
        release._log(self.env._("Release asked for: %s"), release.reason)
        own = release.sudo(False)
        if decide and own.may_decide:
            own._decide("released")
        return own

    def action_release(self):
        """Let the documents pass, within the authority of the user."""
        self._check_waiting()
        for release in self:
            self.env["recouvrement.authority"]._check(
                "release_credit", release.excess, release.company_id
            )
        self._decide("released")
        return True

    def action_refuse(self):
        self._check_waiting()
        if not all(release.may_decide for release in self):
            raise UserError(self.env._("Who may release a document may refuse it."))
        self._decide("refused")
        return True

    def _check_waiting(self):
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if any(release.state != "requested" for release in self):
            raise UserError(self.env._("This was decided already."))

    def _decide(self, state):
        valid = fields.Date.context_today(self) + timedelta(days=VALID_DAYS)
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
                "date_valid": valid if state == "released" else False,
            }
        )
        texts = {
            "released": self.env._("Released: %s"),
            "refused": self.env._("Release refused: %s"),
        }
        self._log(texts[state], False)

    def _use(self):
        """The documents are posted: their release serves once. In sudo."""
        self.write({"state": "used"})

    def _log(self, text, detail):
        for release in self.sudo():
            release.debtor_id.with_user(self.env.user).sudo()._log_event(
                "limit",
                text % release.document_name,
                detail=detail,
                amount=release.amount,
                currency_id=release.currency_id.id,
            )
