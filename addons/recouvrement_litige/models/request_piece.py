"""The check list of documents of a request or of a change of property manager."""

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("missing", "Missing"),
    ("received", "Received"),
    ("checked", "Checked"),
    ("void", "Not Needed"),
]


class RecouvrementRequestPiece(models.Model):
    """A document that is missing, received, or read by somebody."""

    _name = "recouvrement.request.piece"
    _description = "Piece of a Request"
    _inherit = ["recouvrement.guarded"]
    _order = "sequence, id"

    request_id = fields.Many2one(
        "recouvrement.request", index="btree_not_null", ondelete="cascade"
    )
    mutation_id = fields.Many2one(
        "recouvrement.mutation", index="btree_not_null", ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        compute="_compute_debtor_id",
        store=True,
        readonly=True,
        precompute=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_debtor_id",
        store=True,
        readonly=True,
        precompute=True,
    )
    sequence = fields.Integer(default=10)
    asked_id = fields.Many2one(
        "recouvrement.request.type.piece", readonly=True, index="btree_not_null"
    )
    own_name = fields.Char(string="Other Piece")
    name = fields.Char(string="Piece", compute="_compute_name", inverse="_inverse_name")
    help_text = fields.Char(related="asked_id.help_text")
    required = fields.Boolean(readonly=True)
    is_internal = fields.Boolean(
        string="Internal", help="Not named on what the customer gets."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="missing")
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_request_piece_attachment_rel", string="Files"
    )
    note = fields.Char()
    checked_by_id = fields.Many2one("res.users", readonly=True)
    date_checked = fields.Date(readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    _one_owner = models.Constraint(
        "CHECK ((request_id IS NULL) <> (mutation_id IS NULL))",
        "A piece belongs to one request or to one change of manager.",
    )

    @api.depends("request_id.debtor_id", "mutation_id.debtor_id")
    def _compute_debtor_id(self):
        for piece in self:
            owner = piece.request_id or piece.mutation_id
            piece.debtor_id = owner.debtor_id
            piece.company_id = owner.company_id

    @api.depends("asked_id.name", "own_name")
    def _compute_name(self):
        for piece in self:
            piece.name = piece.own_name or piece.asked_id.name

    def _inverse_name(self):
        for piece in self.filtered(lambda p: not p.asked_id):
            piece.own_name = piece.name

    @api.depends("request_id.state", "mutation_id.state")
    def _compute_is_open(self):
        for piece in self:
            if piece.request_id:
                piece.is_open = piece.request_id.state == "new"
            else:
                piece.is_open = piece.mutation_id.state in ("draft", "to_validate")

    @api.model_create_multi
    def create(self, vals_list):
        pieces = super().create(vals_list)
        if not self.env.su:
            (pieces.request_id.debtor_id | pieces.mutation_id.debtor_id).check_access(
                "write"
            )
            pieces._check_open()
        pieces._take_files()
        return pieces

    def write(self, vals):
        if not self.env.su:
            self._check_open()
            if {"request_id", "mutation_id"} & vals.keys():
                raise UserError(self.env._("A piece stays where it was filed."))
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._take_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if any(piece.asked_id or not piece.is_open for piece in self):
            raise UserError(
                self.env._(
                    "A piece that is asked for stays on the list: say it is not needed."
                )
            )

    def _take_files(self):
        """Files are read by whoever reads the piece; a missing piece with a file is
        received."""
        for piece in self.sudo():
            loose = piece.attachment_ids.filtered(lambda a: not a.res_id)
            loose.write({"res_model": self._name, "res_id": piece.id})
            if piece.attachment_ids and piece.state == "missing":
                piece.state = "received"

    def _check_open(self):
        if any(not piece.is_open for piece in self):
            raise UserError(self.env._("This file was decided on: it is a record."))

    def _set(self, state, **vals):
        self.check_access("write")
        self._check_open()
        self.sudo().write(
            {"state": state, "checked_by_id": False, "date_checked": False, **vals}
        )

    def action_receive(self):
        """The piece is there, on paper or elsewhere."""
        self._set("received")

    def action_check(self):
        """The user read the piece and it is what it should be."""
        if any(piece.state == "missing" for piece in self):
            raise UserError(self.env._("A piece is received before it is checked."))
        self._set(
            "checked",
            checked_by_id=self.env.uid,
            date_checked=fields.Date.context_today(self),
        )

    def action_void(self):
        """This piece is not needed here; the note says why."""
        for piece in self:
            if piece.required and not (piece.note or "").strip():
                raise UserError(
                    self.env._("Write in the note why “%s” is not needed.", piece.name)
                )
        self._set("void")

    def action_reset(self):
        self._set("missing")

    @api.model
    def _prepare_from_type(self, kind):
        """Commands that list the pieces of a type, all missing.

        :param kind: ``recouvrement.request.type`` record.
        """
        return [
            fields.Command.create(
                {
                    "asked_id": asked.id,
                    "sequence": asked.sequence,
                    "required": asked.required,
                    "is_internal": asked.is_internal,
                }
            )
            for asked in kind.piece_ids
        ]

    def _get_shown(self):
        """What may be told and given to the customer and to third parties."""
        return self.filtered(lambda piece: not piece.is_internal)

    def _get_blocking(self, *states):
        """Pieces that are required and in one of these states."""
        return self.sudo().filtered(lambda p: p.required and p.state in states)

    def _check_complete(self, *blocking):
        """:raise UserError: naming the required pieces in these states."""
        lacking = self._get_blocking(*blocking)
        if lacking:
            raise UserError(
                self.env._(
                    "These pieces are still to be received or checked: %s.",
                    ", ".join(lacking.mapped("name")),
                )
            )
