from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementSendWizard(models.TransientModel):
    """Duplicates of invoices and statement of account, by e-mail or to download."""

    _name = "recouvrement.send.wizard"
    _description = "Send Documents"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    test_mode = fields.Boolean(related="debtor_id.test_mode")
    move_line_ids = fields.Many2many(
        "account.move.line", "recouvrement_send_wizard_line_rel", string="Items"
    )
    with_duplicates = fields.Boolean(string="Duplicates of the Invoices")
    with_statement = fields.Boolean(string="Statement of Account")
    partner_id = fields.Many2one(
        "res.partner",
        string="Recipient",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    email = fields.Char(related="partner_id.email")
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    body = fields.Html(
        compute="_compute_text", store=True, readonly=False, sanitize_style=True
    )
    copy_count = fields.Integer(compute="_compute_copies")
    left_count = fields.Integer(compute="_compute_copies")
    other_count = fields.Integer(compute="_compute_copies")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_id")
    def _compute_partner_id(self):
        for wizard in self:
            debtor = wizard.debtor_id
            wizard.partner_id = debtor.contact_id or debtor.partner_id

    @api.depends("partner_id")
    def _compute_lang(self):
        for wizard in self:
            wizard.lang = wizard.debtor_id and wizard.debtor_id._get_mail_lang(
                wizard.partner_id
            )

    @api.depends("debtor_id", "lang", "with_statement", "move_line_ids")
    def _compute_text(self):
        for wizard in self:
            wizard.subject = wizard.body = False
            if wizard.debtor_id and wizard.lang:
                debtor = wizard.debtor_id._origin
                wizard.subject, wizard.body = debtor._render_document_mail(
                    wizard.lang, **debtor._describe_documents(**wizard._get_choice())
                )

    @api.depends("debtor_id", "with_duplicates", "move_line_ids")
    def _compute_copies(self):
        for wizard in self:
            lines = wizard.move_line_ids._origin
            moves = left = lines.move_id.browse()
            if wizard.debtor_id and lines:
                moves, left = wizard.debtor_id._origin._get_duplicable_moves(lines)
            wizard.copy_count = len(moves)
            wizard.left_count = len(left)
            wizard.other_count = len(lines.sudo().move_id - moves - left)

    def _get_choice(self):
        """What is to be made, as arguments of ``debtor._make_documents``."""
        lines = self.move_line_ids._origin
        return {
            "duplicates": lines if self.with_duplicates and lines else None,
            "statement": self.with_statement,
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _make_documents(self):
        self.ensure_one()
        self.debtor_id.check_access("write")
        return self.debtor_id._make_documents(lang=self.lang, **self._get_choice())

    def action_send(self):
        """E-mail the documents now."""
        self.ensure_one()
        self.debtor_id.check_access("write")
        self._check_recipient()
        obstacle = self.debtor_id._get_mail_obstacle(self.partner_id)
        if obstacle:
            raise UserError(obstacle)
        self.debtor_id._send_documents(
            self.partner_id, self._make_documents(), self.subject, self.body
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_recipient(self):
        """Documents of a customer go to its own people only."""
        partner = self.partner_id
        if not partner:
            raise UserError(self.env._("Choose who gets the documents."))
        self.debtor_id._check_person(partner)

    def action_download(self):
        """The file itself, or all of them in one archive."""
        attachments = self._make_documents()
        if len(attachments) > 1:
            attachments = self.debtor_id._zip(attachments)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachments.id}?download=true",
            "target": "new",
        }
