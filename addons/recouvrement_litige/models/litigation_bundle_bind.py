"""Binding a court file: pages and archive go to temporary files, one piece after
another; memory holds one piece, or what is kept at the end."""

import tempfile
from contextlib import contextmanager

from odoo import api, fields, models

from ..tools.bundle import (
    Binder,
    NotPrintable,
    Part,
    piece_name,
    text_page,
    to_pdf,
    write_zip,
)

SPOOLED = 8 * 1024 * 1024
LIMIT_PARAMETER = "recouvrement_litige.court_file_megabytes"
LIMIT = 150
MEGABYTE = 1024 * 1024
FIRST_ROWS, ROWS = 34, 42  # of the list of pieces, by page


class RecouvrementLitigationBundle(models.Model):
    _inherit = "recouvrement.litigation.bundle"

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
        name = self._get_file_name()
        with self._make_pdf(parts) as (bound, pages):
            self._keep_file("pdf", f"{name}.pdf", bound)
            with self._make_zip(pieces, bound) as archive:
                self._keep_file("zip", f"{name}.zip", archive, "application/zip")
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

    def _keep_file(self, field, name, stream, mimetype="application/pdf"):
        """Keep what a temporary file has, and let go of its bytes."""
        stream.seek(0)
        self._keep_document(field, name, stream.read(), mimetype)
        self[f"{field}_id"].invalidate_recordset(["raw", "datas"])

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

    @contextmanager
    def _make_pdf(self, parts):
        """The whole file, as ``(temporary file, pages)``.

        :param parts: ``(piece, pages)``.
        """
        front = self._make_front(parts)
        total = to_pdf(front)[1] + sum(count for _piece, count in parts)
        with (
            Binder(total, info=self._get_info()) as binder,
            tempfile.SpooledTemporaryFile(max_size=SPOOLED) as stream,
        ):
            binder.add(Part("", self.env._("List of pieces"), front))
            for piece, _count in parts:
                content, _pages, _problem = self._get_pages(piece)
                label = self.env._("Piece no. %s", piece.number)
                binder.add(Part(label, f"{piece.number}. {piece.name}", content))
            binder.save(stream)
            yield stream, total

    def _make_front(self, parts):
        """Cover and list: printed again when they have more pages than was thought."""
        expected = 1 + self._count_list_pages(len(parts))
        front = self._print_front(parts, expected)
        actual = to_pdf(front)[1]
        return front if actual == expected else self._print_front(parts, actual)

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

    @contextmanager
    def _make_zip(self, pieces, bound):
        """All pieces as they came, the bound file, and the fingerprints, as a temporary
        file."""
        width = max(2, len(str(len(pieces))))

        def files():
            name = piece_name(0, self.env._("Court file"), "pdf", width)
            bound.seek(0)
            yield name, bound.read()
            for piece in pieces.filtered("attachment_id"):
                attachment = piece.attachment_id
                extension = (attachment.name or "").rpartition(".")[2]
                name = piece_name(piece.number, piece.name, extension, width)
                yield name, attachment.raw or b""
                attachment.invalidate_recordset(["raw", "datas"])

        with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as stream:
            write_zip(stream, files(), "SHA256.txt")
            yield stream

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
