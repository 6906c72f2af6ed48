"""The pieces of a court file: what is there, what is missing, what is not needed."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("present", "Present"),
    ("missing", "Missing"),
    ("not_needed", "Not Needed"),
]
SOURCES = [
    ("ledger", "Ledger"),
    ("attachment", "Attachment"),
    ("reminder", "Reminder"),
    ("message", "Message"),
    ("computed", "Computed Here"),
    ("upload", "Added by Hand"),
    ("checklist", "Checklist"),
]
RENDERS = [
    ("invoice", "Invoice"),
    ("statement", "Statement of Account"),
    ("claim", "Claim"),
    ("reminder", "Reminder"),
    ("message", "Message"),
]
# Printed anew for each court file: they say how things stand on its day.
VOLATILE = ("statement", "claim")
UPLOAD_MAX = 30 * 1024 * 1024
RANK = 1000


class RecouvrementLitigationPiece(models.Model):
    _name = "recouvrement.litigation.piece"
    _description = "Piece of a Court File"
    _inherit = ["recouvrement.guarded"]
    _order = "litigation_id, sequence, id"

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(
        default=0, help="Order of the pieces; drag them to change it."
    )
    number = fields.Integer(readonly=True, aggregator=None)
    kind_id = fields.Many2one(
        "recouvrement.litigation.piece.kind",
        required=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Description", required=True)
    date = fields.Date()
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="present",
        index=True,
    )
    source = fields.Selection(SOURCES, required=True, readonly=True, default="upload")
    source_key = fields.Char(readonly=True)
    render = fields.Selection(RENDERS, readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    mimetype = fields.Char(related="attachment_id.mimetype", string="Format")
    file = fields.Binary(compute="_compute_file", inverse="_inverse_file")
    filename = fields.Char(
        string="File Name", compute="_compute_file", inverse="_inverse_filename"
    )
    made_for_id = fields.Many2one(
        "recouvrement.litigation.bundle", readonly=True, ondelete="set null"
    )
    problem = fields.Char(
        readonly=True, help="Why it could not be made, or be printed."
    )
    note = fields.Char()
    help_text = fields.Char(related="kind_id.help_text")
    is_internal = fields.Boolean(related="kind_id.is_internal")

    _source_uniq = models.UniqueIndex(
        "(litigation_id, source_key) WHERE source_key IS NOT NULL",
        "This piece is in the file already.",
    )

    # ------------------------------------------------------------------
    # FILE
    # ------------------------------------------------------------------

    @api.depends("attachment_id")
    def _compute_file(self):
        """The content is never sent with the record: the button downloads it."""
        self.file = False
        for piece in self:
            piece.filename = piece.attachment_id.sudo().name

    def _inverse_filename(self):
        """The name goes with the file."""

    def _inverse_file(self):
        for piece in self.filtered("file"):
            content = base64.b64decode(piece.file)
            if len(content) > UPLOAD_MAX:
                raise UserError(self.env._("A piece is at most 30 MB."))
            piece._set_file(piece.filename or piece.name, content)

    def _set_file(self, name, content):
        """The content of a piece, in place of what it had."""
        self.ensure_one()
        self.sudo().write(
            {
                "attachment_id": self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": name.replace("/", "-"),
                        "raw": content,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                )
                .id,
                "state": self.state if self.is_internal else "present",
                "problem": False,
                **({"source": "upload"} if self.source == "checklist" else {}),
            }
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        kinds = self.env["recouvrement.litigation.piece.kind"]
        for vals in vals_list:
            if not vals.get("sequence") and vals.get("kind_id"):
                kind = kinds.browse(vals["kind_id"])
                vals["sequence"] = kind.sequence * RANK + RANK - 1
        pieces = super().create(vals_list)
        if not self.env.su:
            pieces.litigation_id.check_access("write")
        pieces._leave_out_internal()
        pieces.litigation_id._renumber_pieces()
        return pieces

    def _leave_out_internal(self):
        """Internal pieces are in the court file only when somebody puts them in."""
        internal = self.filtered(lambda one: one.is_internal and one.state == "present")
        if internal:
            internal.sudo().write({"state": "not_needed"})

    def write(self, vals):
        result = super().write(vals)
        if "litigation_id" in vals and not self.env.su:
            self.litigation_id.check_access("write")
        if "kind_id" in vals:
            self._leave_out_internal()
        if {"sequence", "state", "kind_id"} & vals.keys():
            self.litigation_id._renumber_pieces()
        return result

    def unlink(self):
        files = self.litigation_id
        result = super().unlink()
        files._renumber_pieces()
        return result

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_not_needed(self):
        """This file does without it; what was collected stays out of it."""
        self._set_state("not_needed")

    def action_needed(self):
        """Back in the file, or missing when it has no content."""
        self.check_access("write")
        for piece in self.sudo():
            has_content = piece.attachment_id or piece.render
            piece.state = "present" if has_content else "missing"

    def _set_state(self, state):
        self.check_access("write")
        self.sudo().write({"state": state})

    def action_open_file(self):
        """Download the piece; what is not printed yet is printed."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id and self.render:
            self.sudo()._make_content()
        if not self.attachment_id:
            raise UserError(self.problem or self.env._("This piece has no file yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._get_readable().id}?download=true",
            "target": "download",
        }

    def _get_readable(self):
        """The attachment as who reads the file may read it: one that belongs to
        another record is copied to the piece."""
        attachment = self.sudo().attachment_id
        if attachment.res_model != self._name or attachment.res_field:
            attachment = attachment.copy(
                {"res_model": self._name, "res_id": self.id, "res_field": False}
            )
            self.sudo().attachment_id = attachment
        return attachment


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    piece_ids = fields.One2many(
        "recouvrement.litigation.piece", "litigation_id", string="Pieces"
    )
    piece_count = fields.Integer(compute="_compute_piece_counts", string="Pieces in It")
    missing_count = fields.Integer(
        compute="_compute_piece_counts", string="Missing Pieces"
    )

    @api.depends("piece_ids.state")
    def _compute_piece_counts(self):
        rows = self.env["recouvrement.litigation.piece"]._read_group(
            Domain("litigation_id", "in", self.ids),
            ["litigation_id", "state"],
            ["__count"],
        )
        counts = {(file.id, state): count for file, state, count in rows}
        for litigation in self:
            litigation.piece_count = counts.get((litigation.id, "present"), 0)
            litigation.missing_count = counts.get((litigation.id, "missing"), 0)

    def _renumber_pieces(self):
        """Number what is present from 1 on, in order."""
        for litigation in self.sudo():
            number = 0
            for piece in litigation.piece_ids.sorted(
                lambda one: (one.sequence, one.id)
            ):
                present = piece.state == "present"
                number += present
                wanted = number if present else 0
                if piece.number != wanted:
                    piece.number = wanted
