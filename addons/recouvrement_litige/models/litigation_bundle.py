"""The court file: one PDF and one archive of the numbered pieces, kept with their
fingerprints. A large one is made in the background, piece after piece."""

import io
import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.bundle import (
    Binder,
    NotPrintable,
    Part,
    piece_name,
    text_page,
    to_pdf,
    write_zip,
)

STATES = [
    ("queued", "Being Made"),
    ("ready", "Ready"),
    ("failed", "Failed"),
]
# Made at once up to so many pieces, and so many of them to print.
AT_ONCE, PRINTED_AT_ONCE = 25, 6
SPOOLED = 8 * 1024 * 1024
LIMIT_PARAMETER = "recouvrement_litige.court_file_megabytes"
LIMIT = 150
MEGABYTE = 1024 * 1024
FIRST_ROWS, ROWS = 34, 42  # of the list of pieces, by page


class RecouvrementLitigationBundle(models.Model):
    _name = "recouvrement.litigation.bundle"
    _description = "Court File"
    _inherit = ["recouvrement.guarded", "recouvrement.kept.document"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    litigation_id = fields.Many2one(
        "recouvrement.litigation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="queued", index=True
    )
    user_id = fields.Many2one("res.users", string="Asked By", readonly=True)
    asked_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    made_on = fields.Datetime(readonly=True)
    done_count = fields.Integer(string="Pieces Printed", readonly=True)
    piece_count = fields.Integer(string="Pieces", readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    problem = fields.Text(readonly=True)
    pdf_id = fields.Many2one("ir.attachment", string="PDF", readonly=True)
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    zip_id = fields.Many2one("ir.attachment", string="ZIP", readonly=True)
    zip_sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True)
    lang = fields.Char(compute="_compute_lang")

    _one_live = models.UniqueIndex(
        "(litigation_id) WHERE state = 'queued'",
        "The court file is being made already.",
    )

    @api.depends("litigation_id")
    def _compute_lang(self):
        for bundle in self:
            bundle.lang = bundle.litigation_id._get_court_lang()

    # ------------------------------------------------------------------
    # DOWNLOAD
    # ------------------------------------------------------------------

    def action_download_pdf(self):
        self.ensure_one()
        self.check_access("read")
        return self._download_kept("pdf")

    def action_download_zip(self):
        self.ensure_one()
        self.check_access("read")
        return self._download_kept("zip")

    # ------------------------------------------------------------------
    # BACKGROUND
    # ------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Go on with the court files asked for: one piece, one commit."""
        domain = Domain("state", "=", "queued")
        cron = self.env["ir.cron"]
        bundles = self.search(domain, order="id")
        cron._commit_progress(remaining=len(bundles))
        for bundle in bundles:
            while True:
                bundle = bundle.try_lock_for_update().filtered_domain(domain)
                if not bundle:
                    break
                finished = bundle._step()
                if not cron._commit_progress(1 if finished else 0):
                    return
                if finished:
                    break

    def _step(self):
        """Print one piece, or bind the file when all are printed.

        :return: whether it is finished.
        """
        self.ensure_one()
        bundle = self.sudo().with_context(lang=self.lang)
        pieces = bundle._get_pieces()
        waiting = pieces.filtered(lambda piece: piece._is_to_make(bundle))
        if waiting:
            waiting[0]._make_content(bundle)
            bundle.done_count = len(pieces) - len(waiting) + 1
            return False
        bundle._bind()
        return True

    def _run(self):
        """Make it within this transaction: few pieces."""
        while not self._step():
            continue

    # ------------------------------------------------------------------
    # BINDING
    # ------------------------------------------------------------------

    def _get_pieces(self):
        return self.litigation_id.piece_ids.filtered(
            lambda piece: piece.state == "present"
        ).sorted("number")

    def _bind(self):
        """Make the PDF and the archive of what is present; sudo."""
        problem = self._check_size()
        if problem:
            self._fail(problem)
            return
        pieces = self._get_pieces()
        parts = self._count_pages(pieces)
        content, pages = self._make_pdf(parts)
        name = self._get_file_name()
        self._keep_document("pdf", f"{name}.pdf", content)
        self._keep_document(
            "zip", f"{name}.zip", self._make_zip(pieces, content), "application/zip"
        )
        self.write(
            {
                "state": "ready",
                "made_on": fields.Datetime.now(),
                "piece_count": len(pieces),
                "page_count": pages,
                "problem": self._list_problems(pieces),
            }
        )
        self._tell()

    def _check_size(self):
        """Why the pieces are too large for one file, or False: memory is bounded."""
        attachments = self._get_pieces().attachment_id
        size = sum(attachments.mapped("file_size"))
        text = self.env["ir.config_parameter"].get_param(LIMIT_PARAMETER) or ""
        limit = int(text) if text.isdigit() else LIMIT
        if size <= limit * MEGABYTE:
            return False
        return self.env._(
            "The pieces have %(size)s MB, the court file at most %(limit)s MB: leave "
            "out what is not needed, or raise the parameter %(name)s.",
            size=-(-size // MEGABYTE),
            limit=limit,
            name=LIMIT_PARAMETER,
        )

    def _fail(self, problem):
        self.write({"state": "failed", "problem": problem})
        self._tell()

    def _list_problems(self, pieces):
        return "\n".join(
            f"{piece.number}. {piece.name}: {piece.problem}"
            for piece in pieces
            if piece.problem
        ) or False  # fmt: skip

    def _count_pages(self, pieces):
        """``(piece, pages)``; what cannot be printed has one page that says so."""
        found = []
        for piece in pieces:
            _content, count, problem = self._get_pages(piece)
            if piece.problem != problem and (problem or piece.attachment_id):
                piece.problem = problem
            found.append((piece, count))
        return found

    def _get_pages(self, piece):
        """PDF of a piece, its number of pages, and why it is not the piece itself."""
        problem = piece.problem
        attachment = piece.attachment_id
        if attachment:
            try:
                content, count = to_pdf(attachment.raw or b"")
                return content, count, False
            except NotPrintable as error:
                problem = self._explain(error.reason)
            finally:
                attachment.invalidate_recordset(["raw", "datas"])
        problem = problem or self.env._("This piece has no content.")
        lines = [
            self.env._("Piece no. %s", piece.number),
            piece.name,
            "",
            problem,
        ]
        if attachment:
            lines += [
                self.env._("It is in the archive as it came: %s", attachment.name),
                f"SHA-1 {attachment.checksum}",
            ]
        return text_page(lines), 1, problem

    @api.model
    def _explain(self, reason):
        return {
            "kind": self.env._("This kind of file cannot be printed here."),
            "damaged": self.env._("The file is damaged and cannot be printed."),
            "locked": self.env._("The file is locked by a password."),
            "large": self.env._("The file is too large to be printed."),
        }[reason]

    def _make_pdf(self, parts):
        """The whole file.

        :param parts: ``(piece, pages)``.
        :return: ``(bytes, pages)``.
        """
        front_pages = 1 + self._count_list_pages(len(parts))
        front = self._print_front(parts, front_pages)
        actual = to_pdf(front)[1]
        if actual != front_pages:
            front_pages = actual
            front = self._print_front(parts, front_pages)
        total = front_pages + sum(count for _piece, count in parts)
        binder = Binder(total, info=self._get_info())
        binder.add(Part("", self.env._("List of pieces"), front))
        for piece, _count in parts:
            content, _pages, _problem = self._get_pages(piece)
            label = self.env._("Piece no. %s", piece.number)
            binder.add(Part(label, f"{piece.number}. {piece.name}", content))
        stream = io.BytesIO()
        binder.save(stream)
        return stream.getvalue(), total

    @api.model
    def _count_list_pages(self, count):
        return 1 + max(0, -(-(count - FIRST_ROWS) // ROWS))

    def _get_info(self):
        litigation = self.litigation_id
        return {
            "/Title": f"{litigation.name} {litigation.customer_id.name}",
            "/Author": self.company_id.name,
        }

    def _print_front(self, parts, front_pages):
        """Cover and list of the pieces with the pages where they begin."""
        page, rows = front_pages + 1, []
        for piece, count in parts:
            rows.append([piece.id, page, count])
            page += count
        self.env.flush_all()
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(lang=self.lang, court_file_rows=rows)
            ._render_qweb_pdf("recouvrement_litige.report_court_file", res_ids=self.ids)
        )
        return content

    def _get_front_pages(self):
        """Rows of the list, page by page: an unpatched wkhtmltopdf cuts rows in two."""
        pieces = self.env["recouvrement.litigation.piece"]
        rows = [
            {"piece": pieces.browse(piece_id), "page": page, "pages": count}
            for piece_id, page, count in self.env.context.get("court_file_rows", ())
        ]
        pages, start, size = [], 0, FIRST_ROWS
        while start < len(rows) or not pages:
            pages.append(rows[start : start + size])
            start, size = start + size, ROWS
        return pages

    def _get_day(self):
        return fields.Date.context_today(self)

    def _make_zip(self, pieces, bordereau):
        """All pieces as they came, the bound file, and the fingerprints."""
        width = max(2, len(str(len(pieces))))

        def files():
            name = piece_name(0, self.env._("Court file"), "pdf", width)
            yield name, bordereau
            for piece in pieces.filtered("attachment_id"):
                attachment = piece.attachment_id
                extension = (attachment.name or "").rpartition(".")[2]
                name = piece_name(piece.number, piece.name, extension, width)
                yield name, attachment.raw or b""
                attachment.invalidate_recordset(["raw", "datas"])

        with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as stream:
            write_zip(stream, files(), "SHA256.txt")
            stream.seek(0)
            return stream.read()

    def _get_file_name(self):
        env = self.with_context(lang=self.lang).env
        return env._(
            "Court file %(file)s %(date)s",
            file=self.litigation_id.name.replace("/", "-"),
            date=fields.Date.context_today(self),
        )

    def _tell(self):
        """Whoever asked is told in the file."""
        text = self.env._("Court file ready: %s pages", self.page_count)
        if self.state == "failed":
            text = self.env._("The court file could not be made.")
        self.litigation_id._message_log(body=text)
        if self.state == "ready":
            self.debtor_id._log_event(
                "litigation",
                self.env._("%s: court file made", self.litigation_id.name),
            )


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    bundle_ids = fields.One2many("recouvrement.litigation.bundle", "litigation_id")
    bundle_id = fields.Many2one(
        "recouvrement.litigation.bundle",
        string="Court File",
        compute="_compute_bundle_id",
    )
    bundle_state = fields.Selection(related="bundle_id.state", string="Court File Is")
    bundle_done = fields.Integer(related="bundle_id.done_count")
    bundle_problem = fields.Text(related="bundle_id.problem")
    bundle_made_on = fields.Datetime(related="bundle_id.made_on", string="Made On")
    bundle_pages = fields.Integer(related="bundle_id.page_count")

    @api.depends("bundle_ids.state")
    def _compute_bundle_id(self):
        """The last one asked for."""
        for litigation in self:
            litigation.bundle_id = litigation.bundle_ids.sorted("id")[-1:]

    def action_make_court_file(self):
        """One PDF and one archive of the pieces: at once when they are few, else in
        the background."""
        self.ensure_one()
        self.check_access("write")
        litigation = self.sudo()
        litigation.lock_for_update()
        if not litigation.piece_ids:
            litigation._collect_pieces()
        if litigation.bundle_ids.filtered(lambda one: one.state == "queued"):
            raise UserError(self.env._("The court file is being made already."))
        pieces = litigation.piece_ids.filtered(lambda one: one.state == "present")
        if not pieces:
            raise UserError(self.env._("The file has no piece yet."))
        bundles = litigation.env["recouvrement.litigation.bundle"]
        bundles.flush_model(["state"])
        bundle = bundles.create(
            {
                "litigation_id": litigation.id,
                "name": f"{litigation.name} {fields.Date.context_today(self)}",
                "user_id": self.env.uid,
                "piece_count": len(pieces),
            }
        )
        printed = pieces.filtered(lambda piece: piece._is_to_make(bundle))
        if len(pieces) <= AT_ONCE and len(printed) <= PRINTED_AT_ONCE:
            bundle._run()
            return True
        self.env.ref("recouvrement_litige.ir_cron_court_files").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The court file is made in the background: %s pieces.", len(pieces)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_download_court_file(self):
        self.ensure_one()
        return self._get_ready_bundle().action_download_pdf()

    def action_download_archive(self):
        self.ensure_one()
        return self._get_ready_bundle().action_download_zip()

    def _get_ready_bundle(self):
        ready = self.bundle_ids.filtered(lambda one: one.state == "ready").sorted("id")
        if not ready:
            raise UserError(self.env._("The court file is not made yet."))
        return ready[-1]
