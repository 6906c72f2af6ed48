"""A file that a bank sent: kept as it came, loaded once."""

import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.bank import SIZE_LIMIT, BankFileError
from .bank_file_report import Report

STATES = [
    ("read", "To Load"),
    ("loaded", "Taken In"),
    ("failed", "Refused"),
    ("undone", "Undone"),
]
KINDS = [
    ("camt.053", "Statement (camt.053)"),
    ("camt.054", "Notification (camt.054)"),
    ("camt.052", "Intraday Report (camt.052)"),
    ("pain.002", "Status Report (pain.002)"),
    ("cfonb120", "Statement (CFONB 120)"),
    ("several", "Several Kinds"),
]
LIMIT_PARAMETER = "recouvrement_sepa.bank_file_megabytes"
MEGABYTE = 1024 * 1024


class RecouvrementBankFile(models.Model):
    _name = "recouvrement.bank.file"
    _description = "Bank File"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Content", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (Bytes)", readonly=True, aggregator=None)
    kind = fields.Selection(KINDS, readonly=True)
    versions = fields.Char(readonly=True)
    state = fields.Selection(
        STATES, default="read", required=True, readonly=True, tracking=True, index=True
    )
    date_loaded = fields.Datetime(readonly=True)
    journal_ids = fields.Many2many(
        "account.journal", string="Bank Journals", readonly=True
    )
    statement_ids = fields.One2many(
        "account.bank.statement", "bank_file_id", readonly=True
    )
    issue_ids = fields.One2many(
        "recouvrement.bank.file.issue", "bank_file_id", readonly=True
    )
    date_start = fields.Date(string="From", readonly=True)
    date_end = fields.Date(string="To", readonly=True)
    document_count = fields.Integer(string="Documents in the File", readonly=True)
    line_count = fields.Integer(string="Statement Lines", readonly=True)
    event_count = fields.Integer(
        string="Messages on Direct Debits",
        readonly=True,
        help="Rejects, returns and refunds of our direct debits that the file tells.",
    )
    collection_count = fields.Integer(
        string="Collections Credited",
        readonly=True,
        help="Lines by which the bank credits our direct debits.",
    )
    settled_count = fields.Integer(string="Collections Matched", readonly=True)
    partner_count = fields.Integer(
        string="Customers Found",
        readonly=True,
        help="Lines whose IBAN is that of one customer only.",
    )
    problem_count = fields.Integer(string="Problems", readonly=True)
    return_count = fields.Integer(string="Returns", compute="_compute_return_count")
    can_undo = fields.Boolean(compute="_compute_can_undo")

    _sha256_unique = models.UniqueIndex(
        "(company_id, sha256) WHERE state IN ('read', 'loaded')",
        "This file was loaded before.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_can_undo(self):
        for file in self:
            file.can_undo = file.state == "loaded" and not file._get_undo_obstacle()

    def _compute_return_count(self):
        groups = self.env["recouvrement.sepa.return"]._read_group(
            [("bank_file_id", "in", self.ids)], ["bank_file_id"], ["__count"]
        )
        counts = {file.id: count for file, count in groups}
        for file in self:
            file.return_count = counts.get(file.id, 0)

    # ------------------------------------------------------------------
    # TAKING FILES IN
    # ------------------------------------------------------------------

    @api.model
    def _take_attachments(self, attachments):
        """Load attachments, each on its own: one that is refused stops no other.

        :param attachments: ``ir.attachment`` uploaded by the user.
        :return: the files, loaded or not; those that were here before are in.
        """
        self.check_access("create")
        files = self.browse()
        company = self.env.company.root_id
        for attachment in attachments.sudo():
            content = attachment.raw or b""
            first = self._get_first(hashlib.sha256(content).hexdigest(), company)
            if first and len(attachments) > 1:
                files |= first.with_env(self.env)
            else:
                files |= self._take_content(attachment.name, content)
        attachments.sudo().filtered(lambda one: not one.res_id).unlink()
        return files

    @api.model
    def _get_first(self, digest, company):
        """The file of that content that was loaded before, if any."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("sha256", "=", digest),
                ("state", "in", ["read", "loaded"]),
            ],
            limit=1,
        )

    @api.model
    def _take_content(self, name, content):
        """Keep a content as a file and load it.

        :raise UserError: when it was loaded before: the first one is named.
        """
        self.check_access("create")
        company = self.env.company.root_id
        digest = hashlib.sha256(content).hexdigest()
        self._check_new(name, digest, company)
        file = self.sudo().create(
            {
                "name": name,
                "company_id": company.id,
                "sha256": digest,
                "size": len(content),
            }
        )
        if len(content) <= self._get_size_limit():
            file.attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": "application/octet-stream",
                        "res_model": self._name,
                        "res_id": file.id,
                    }
                )
            )
        file._load(content)
        return self.browse(file.id)

    @api.model
    def _check_new(self, name, digest, company):
        first = self._get_first(digest, company)
        if first:
            raise UserError(
                self.env._(
                    "“%(name)s” was loaded before, as “%(first)s”, by %(user)s on "
                    "%(date)s. Nothing was loaded again.",
                    name=name,
                    first=first.name,
                    user=first.create_uid.name,
                    date=fields.Datetime.context_timestamp(self, first.create_date)
                    .date()
                    .strftime("%d/%m/%Y"),
                )
            )

    @api.model
    def _get_size_limit(self):
        """Bytes above which a file is refused."""
        parameters = self.env["ir.config_parameter"].sudo()
        text = parameters.get_param(LIMIT_PARAMETER) or ""
        return int(text) * MEGABYTE if text.isdigit() else SIZE_LIMIT

    def _load(self, content):
        """Read the file and write what it holds, or nothing at all.

        A file that is refused keeps its reasons; it can be loaded again once their
        cause is gone.
        """
        self.ensure_one()
        self.issue_ids.unlink()
        report = Report()
        try:
            with self.env.cr.savepoint():
                self._load_content(io.BytesIO(content), report)
        except BankFileError as error:
            self.env.invalidate_all(flush=False)
            self._refuse(error, report)

    def _refuse(self, error, report):
        issues = self.env["recouvrement.bank.file.issue"]
        issues._add(self, error.code, error.where, error.params, level="error")
        self.write(
            {
                "state": "failed",
                "kind": report.kind,
                "versions": ", ".join(sorted(report.versions)),
                "problem_count": len(self.issue_ids),
            }
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_load_again(self):
        """Try again a file that was refused, or that was undone."""
        self.check_access("write")
        for file in self.sudo():
            if file.state not in ("failed", "undone") or not file.attachment_id:
                raise UserError(self.env._("This file cannot be loaded again."))
            self._check_new(file.name, file.sha256, file.company_id)
            file._load(file.attachment_id.raw)
        return True

    def action_download(self):
        """The file as the bank sent it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    def action_open_lines(self):
        """Lines of the statements that came with the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines of %s", self.name),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "domain": [("statement_id.bank_file_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_open_returns(self):
        """Returns that the file told."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns of %s", self.name),
            "res_model": "recouvrement.sepa.return",
            "view_mode": "list,form",
            "domain": [("bank_file_id", "=", self.id)],
        }

    @api.model
    def create_document_from_attachment(self, attachment_ids=None):
        """Load files that were dropped on the list.

        :return: action that shows them.
        """
        attachments = self.env["ir.attachment"].browse(attachment_ids or [])
        attachments.check_access("write")
        own = attachments.filtered(
            lambda one: not one.res_model and one.create_uid == self.env.user
        )
        if not own or own != attachments:
            raise UserError(self.env._("No file was sent."))
        return self._take_attachments(own)._get_action()

    def _get_action(self):
        """Show these files."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_sepa.recouvrement_bank_file_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "target": "current"}
