"""Pieces of a customer file: missing, received, checked, expired; by whom, when."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

STATES = [
    ("missing", "Missing"),
    ("received", "Received"),
    ("checked", "Checked"),
    ("expired", "Expired"),
]
# What was checked is checked again once one of these is changed.
CHECKED = {"document", "document_name", "date_expiry"}


class RecouvrementCreditPiece(models.Model):
    _name = "recouvrement.credit.piece"
    _description = "Piece of a Customer File"
    _inherit = ["recouvrement.guarded"]
    _order = "file_id, sequence, id"
    _rec_name = "kind_id"

    file_id = fields.Many2one(
        "recouvrement.credit.file",
        string="Customer File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="file_id.debtor_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="file_id.company_id", store=True, index=True, precompute=True
    )
    kind_id = fields.Many2one(
        "recouvrement.credit.piece.kind",
        string="Piece",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="kind_id.sequence", store=True, precompute=True)
    guidance = fields.Text(related="kind_id.note", string="What to Look At")
    is_required = fields.Boolean(string="Required", readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="missing", index=True
    )
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    date_expiry = fields.Date(string="Valid Until", index="btree_not_null")
    date_received = fields.Date(string="Received On", readonly=True)
    received_by_id = fields.Many2one("res.users", readonly=True)
    date_checked = fields.Date(string="Checked On", readonly=True)
    checked_by_id = fields.Many2one("res.users", readonly=True)
    note = fields.Char(string="Remark")

    _once = models.UniqueIndex(
        "(file_id, kind_id)", "This piece is in the file already."
    )

    def write(self, vals):
        """A document or a day that changes is checked again."""
        result = super().write(vals)
        if not self.env.su and CHECKED & set(vals):
            self.filtered(lambda one: one.state in ("checked", "expired"))._set(
                "received", date_checked=False, checked_by_id=False
            )
        return result

    def _set(self, state, **vals):
        """sudo: states are guarded; the rights of the user were checked."""
        self.sudo().write({"state": state, **vals})

    def _today(self):
        return fields.Date.context_today(self)

    def action_receive(self):
        """Note that these pieces came in, today, at the hands of the user.

        :raise UserError: when the document itself is asked for and not there.
        """
        self.check_access("write")
        for piece in self:
            if piece.kind_id.needs_document and not piece.document:
                raise UserError(
                    self.env._(
                        "%s: add the document before you mark it as received.",
                        piece.kind_id.name,
                    )
                )
            months = piece.kind_id.validity_months
            expiry = piece.date_expiry
            if months and (not expiry or expiry < self._today()):
                expiry = self._today() + relativedelta(months=months)
            piece._set(
                "received",
                date_expiry=expiry,
                date_received=self._today(),
                received_by_id=self.env.uid,
                date_checked=False,
                checked_by_id=False,
            )
        return True

    def action_check(self):
        """Note that the user looked at these pieces and found them right.

        :raise UserError: on what was not received, or has no last day and needs one.
        """
        self.check_access("write")
        for piece in self:
            piece._check_ready()
        self._set("checked", date_checked=self._today(), checked_by_id=self.env.uid)
        return True

    def _check_ready(self):
        if self.state != "received":
            raise UserError(
                self.env._("%s: only a piece received is checked.", self.kind_id.name)
            )
        if self.kind_id.needs_expiry and not self.date_expiry:
            raise UserError(
                self.env._("%s: enter until when it is valid.", self.kind_id.name)
            )
        if self.date_expiry and self.date_expiry < self._today():
            raise UserError(
                self.env._(
                    "%(piece)s: it expired on %(day)s.",
                    piece=self.kind_id.name,
                    day=format_date(self.env, self.date_expiry),
                )
            )

    def action_ask_again(self):
        """Take pieces as missing again: wrong, unreadable, or of another customer. The
        document stays until another takes its place."""
        self.check_access("write")
        self._set(
            "missing",
            date_received=False,
            received_by_id=False,
            date_checked=False,
            checked_by_id=False,
        )
        return True

    def action_switch_required(self):
        """Ask one customer for a piece, or do without it: credit managers only."""
        self.check_access("write")
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(
                self.env._("Credit managers decide which pieces a customer may leave.")
            )
        for piece in self:
            piece.sudo().is_required = not piece.is_required
            text = (
                self.env._("Piece asked for: %s")
                if piece.is_required
                else self.env._("Piece not asked for: %s")
            )
            piece.debtor_id._log_event("note", text % piece.kind_id.name)
        return True

    @api.model
    def _expire(self):
        """Mark what expired before today.

        :return: the pieces that expired just now.
        """
        expired = self.sudo().search(
            [
                ("state", "in", ("received", "checked")),
                ("date_expiry", "<", self._today()),
            ]
        )
        expired._set("expired")
        return expired
