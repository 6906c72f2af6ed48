from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

MAIL_BYTES_MAX = 20_000_000


class RecouvrementCounselMail(models.TransientModel):
    """A message to a lawyer, an officer or an agency: instructions with the file, then
    questions. Answers come back to the thread of the litigation file."""

    _name = "recouvrement.counsel.mail"
    _description = "Message to Counsel"

    assignment_id = fields.Many2one(
        "recouvrement.counsel.assignment", required=True, ondelete="cascade"
    )
    litigation_id = fields.Many2one(related="assignment_id.litigation_id")
    bundle_id = fields.Many2one(related="litigation_id.bundle_id")
    email = fields.Char(related="assignment_id.counsel_id.email")
    is_first = fields.Boolean(compute="_compute_is_first")
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False)
    body = fields.Html(compute="_compute_body", store=True, readonly=False)
    with_claim = fields.Boolean(
        string="Claim (PDF)", compute="_compute_with_claim", store=True, readonly=False
    )
    with_pdf = fields.Boolean(
        string="Court File (PDF)",
        compute="_compute_with_pdf",
        store=True,
        readonly=False,
    )
    with_zip = fields.Boolean(string="Court File (ZIP)")
    obstacle = fields.Char(compute="_compute_obstacle")
    remarks = fields.Text(compute="_compute_obstacle", string="To Check")

    @api.depends("assignment_id.state")
    def _compute_is_first(self):
        for wizard in self:
            wizard.is_first = wizard.assignment_id.state == "draft"

    @api.depends("assignment_id")
    def _compute_subject(self):
        for wizard in self:
            assignment = wizard.assignment_id
            wizard.subject = assignment and assignment._get_default_subject()

    @api.depends("assignment_id")
    def _compute_with_claim(self):
        for wizard in self:
            wizard.with_claim = wizard.is_first and bool(wizard.litigation_id.claim_id)

    @api.depends("assignment_id")
    def _compute_with_pdf(self):
        for wizard in self:
            wizard.with_pdf = wizard.is_first and bool(wizard.bundle_id.pdf_id)

    @api.depends("assignment_id")
    def _compute_body(self):
        feed = self.env["recouvrement.interest"]
        for wizard in self:
            name = "counsel_instructions" if wizard.is_first else "counsel_news"
            wizard.body = wizard.assignment_id and self.env["ir.qweb"]._render(
                f"recouvrement_litige.{name}",
                {
                    "assignment": wizard.assignment_id,
                    "litigation": wizard.litigation_id,
                    "claim": wizard.litigation_id.claim_id,
                    "money": feed._format_money,
                    "day": feed._format_day,
                    "user": self.env.user,
                },
            )

    @api.depends("assignment_id")
    def _compute_obstacle(self):
        for wizard in self:
            assignment = wizard.assignment_id
            wizard.obstacle = assignment and assignment._get_mail_obstacle()
            wizard.remarks = assignment.counsel_id.obstacles

    def action_send(self):
        """Send, and move the assignment on when these are its instructions."""
        self.ensure_one()
        assignment = self.assignment_id
        assignment.check_access("write")
        if is_html_empty(self.body) or not (self.subject or "").strip():
            raise UserError(self.env._("Write a subject and a text."))
        attachments = self._get_attachments()
        if sum(attachments.mapped("file_size")) > MAIL_BYTES_MAX:
            raise UserError(
                self.env._(
                    "The files are too large for an e-mail: export them, and send them "
                    "another way."
                )
            )
        assignment._queue_mail(self.subject, self.body, attachments)
        if assignment.state == "draft":
            assignment.sudo().instructions = self.body
            assignment._mark_sent()
        return {"type": "ir.actions.act_window_close"}

    def _get_attachments(self):
        found = self.env["ir.attachment"].sudo()
        litigation = self.litigation_id.sudo()
        if self.with_claim and litigation.claim_id:
            found |= litigation.claim_id._get_file()
        bundle = litigation.bundle_id
        if self.with_pdf:
            found |= bundle.pdf_id
        if self.with_zip:
            found |= bundle.zip_id
        return found
