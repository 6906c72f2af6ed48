"""Where money or identity is at stake a second person approves a request."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

APPROVALS = [
    ("none", "Not Submitted"),
    ("to_approve", "To Approve"),
    ("approved", "Approved"),
]
# What may still change while somebody else decides.
OPEN_WHILE_SUBMITTED = {
    "answer",
    "answer_file_ids",
    "user_id",
    "date_due",
    "piece_ids",
    "activity_ids",
    "message_ids",
    "message_follower_ids",
}


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    approval_state = fields.Selection(
        APPROVALS, required=True, readonly=True, default="none", copy=False, index=True
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    can_approve = fields.Boolean(compute="_compute_can_approve")
    entered_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Colleague who wrote the request down; empty for a customer's own.",
    )
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_submitted = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_approved = fields.Datetime(readonly=True, copy=False)
    sent_back_reason = fields.Char(readonly=True, copy=False)

    _two_people = models.Constraint(
        "CHECK (approved_by_id IS NULL OR ("
        "approved_by_id IS DISTINCT FROM submitted_by_id "
        "AND approved_by_id IS DISTINCT FROM entered_by_id))",
        "A request is approved by a second person.",
    )
    _approved_by = models.Constraint(
        "CHECK (approval_state <> 'approved' OR approved_by_id IS NOT NULL)",
        "An approval has its author.",
    )

    @api.depends("type_id.approver_role")
    def _compute_needs_approval(self):
        for request in self:
            role = request.type_id.approver_role
            request.needs_approval = role in ("accountant", "manager")

    @api.depends("approval_state", "submitted_by_id", "entered_by_id", "state")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for request in self:
            request.can_approve = (
                request.state == "new"
                and request.approval_state == "to_approve"
                and not request._get_approval_obstacle()
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        if self.env.user._is_internal():
            own = requests.sudo().filtered(lambda r: r.source != "portal")
            own.write({"entered_by_id": self.env.uid})
        return requests

    # EXTENDS 'recouvrement'
    def _check_editable(self, vals):
        result = super()._check_editable(vals)
        changed = vals.keys() - OPEN_WHILE_SUBMITTED
        if changed and any(r.approval_state == "to_approve" for r in self):
            raise UserError(
                self.env._(
                    "This request waits for an approval: send it back before you "
                    "change it."
                )
            )
        return result

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def action_accept(self):
        """Requests that a second person approves are submitted first; accepting a
        submitted one is approving it."""
        first = self.filtered(
            lambda r: r.needs_approval and r.approval_state != "to_approve"
        )
        action = first._submit() if first else True
        second = self - first
        if not second:
            return action
        second._check_waiting()
        second.filtered("needs_approval")._approve()
        accepted = super(RecouvrementRequest, second).action_accept()
        return accepted if accepted is not True else action

    def action_submit(self):
        """Hand the request over to who approves it."""
        return self._submit()

    def _submit(self):
        self._check_waiting()
        for request in self:
            obstacle = request._prepare_decision()
            if obstacle:
                return obstacle
            request.piece_ids._check_complete("missing")
        self.sudo().write(
            {
                "approval_state": "to_approve",
                "submitted_by_id": self.env.uid,
                "date_submitted": fields.Datetime.now(),
                "sent_back_reason": False,
            }
        )
        self._log(self.env._("submitted for approval"))
        self._ask_approval()
        return True

    def _prepare_decision(self):
        """Check what a decision on this kind needs: ``_prepare_<kind>``.

        :raise UserError: when something is missing.
        :return: an action that comes first, or None.
        """
        self.ensure_one()
        prepare = getattr(self, f"_prepare_{self.kind}", None)
        return prepare() if prepare else None

    def _approve(self):
        """The second person decides; what was checked is checked again."""
        for request in self:
            obstacle = request._get_approval_obstacle()
            if obstacle:
                raise AccessError(obstacle)
            request.piece_ids._check_complete("missing", "received")
            if request._prepare_decision():
                raise UserError(
                    self.env._("Something is not ready any more: send it back.")
                )
        self.sudo().write(
            {
                "approval_state": "approved",
                "approved_by_id": self.env.uid,
                "date_approved": fields.Datetime.now(),
            }
        )
        self.flush_recordset()
        self.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == self._get_approval_activity()
        )._action_done()
        self._log(self.env._("approved"))

    def _get_approval_obstacle(self):
        """Why the user may not approve, or False."""
        self.ensure_one()
        user = self.env.user
        request = self.sudo()
        if user in request.submitted_by_id | request.entered_by_id:
            return self.env._(
                "You entered or submitted %s: a second person approves it.",
                request.name or "",
            )
        roles = ["manager"]
        if request.type_id.approver_role == "accountant":
            roles.append("accountant")
        if not any(user.has_group(f"recouvrement.group_{role}") for role in roles):
            return self.env._(
                "%(number)s is approved by: %(role)s.",
                number=request.name or "",
                role=request.type_id._fields["approver_role"].convert_to_export(
                    request.type_id.approver_role, request.type_id
                )
                or "",
            )
        return False

    def action_send_back(self, reason=None):
        """Give a submitted request back to who prepared it."""
        self.check_access("write")
        self.lock_for_update()
        if any(r.approval_state != "to_approve" or r.state != "new" for r in self):
            raise UserError(self.env._("This request does not wait for an approval."))
        self.sudo().write(
            {"approval_state": "none", "sent_back_reason": (reason or "").strip()}
        )
        self.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == self._get_approval_activity()
        ).unlink()
        self._log(self.env._("sent back"), detail=reason)
        return True

    # ------------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------------

    def _get_approval_activity(self):
        return self.env.ref("recouvrement_litige.activity_approve_request")

    def _ask_approval(self):
        """An activity for somebody who may approve."""
        for request in self:
            user = request._find_approver()
            if user:
                request.sudo().activity_schedule(
                    "recouvrement_litige.activity_approve_request",
                    user_id=user.id,
                    date_deadline=request.date_due or fields.Date.context_today(self),
                    summary=request.type_id.display_name,
                )

    def _find_approver(self):
        """First user of the role who is none of the first persons, in sudo."""
        self.ensure_one()
        request = self.sudo()
        role = request.type_id.approver_role
        group = self.env.ref(f"recouvrement.group_{role}")
        authors = request.submitted_by_id | request.entered_by_id
        users = self.env["res.users"].sudo()
        return users.search(
            Domain("all_group_ids", "in", group.ids)
            & Domain("company_ids", "in", request.company_id.ids)
            & Domain("id", "not in", authors.ids)
            & Domain("share", "=", False),
            order="id",
            limit=1,
        )
