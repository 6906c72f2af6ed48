import logging

from psycopg2 import OperationalError

from odoo import fields, models

_logger = logging.getLogger(__name__)

STATES = [
    ("pending", "To Send"),
    ("sent", "Sent"),
    ("skipped", "No Address"),
    ("failed", "Failed"),
]


class RecouvrementStatementRunLine(models.Model):
    """One customer of a mailing of statements."""

    _name = "recouvrement.statement.run.line"
    _description = "Statement of a Mailing"
    _inherit = ["recouvrement.guarded"]
    _order = "run_id, id"
    _rec_name = "debtor_id"

    run_id = fields.Many2one(
        "recouvrement.statement.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    email = fields.Char(related="debtor_id.email")
    balance = fields.Monetary(string="Closing Balance", readonly=True)
    overdue = fields.Monetary(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="pending")
    reason = fields.Char(string="Why Not", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Sent To", readonly=True)
    date_sent = fields.Datetime(readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_statement_run_file_rel", string="Files"
    )

    _once = models.UniqueIndex(
        "(run_id, debtor_id)", "A customer gets one statement in a mailing."
    )
    _pending_idx = models.Index("(run_id, id) WHERE state = 'pending'")

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def _send(self):
        """Make and e-mail the statement of each line; one that fails says why and
        keeps the others from nothing."""
        for line in self.sudo():
            try:
                with self.env.cr.savepoint():
                    line._send_one()
            except OperationalError:
                raise
            except Exception as error:
                _logger.exception("Statement of %s", line.debtor_id)
                line.write({"state": "failed", "reason": str(error)[:200]})

    def _send_one(self):
        run, debtor = self.run_id, self.debtor_id.with_user(self.run_id.user_id).sudo()
        partner = debtor.contact_id or debtor.partner_id
        # A rehearsal leaves out whom the mailing would leave out.
        obstacle = debtor._get_mail_obstacle(partner) or debtor._get_address_obstacle(
            partner
        )
        if obstacle:
            self.write({"state": "skipped", "reason": obstacle, "partner_id": False})
            return
        what = {"period": run._get_period(), "formats": run._get_formats()}
        lang = debtor._get_mail_lang(partner)
        attachments = debtor._make_documents(lang=lang, **what)
        subject, body = debtor._render_document_mail(
            lang, **debtor._describe_documents(**what)
        )
        debtor._send_documents(partner, attachments, subject, body)
        self.write(
            {
                "state": "sent",
                "reason": False,
                "partner_id": partner.id,
                "date_sent": fields.Datetime.now(),
                "attachment_ids": [fields.Command.set(attachments.ids)],
            }
        )

    def action_open_debtor(self):
        """The debtor account of a line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "view_mode": "form",
        }
