"""The page on which a person without an Odoo user answers a relay."""

import logging
from pathlib import PurePath

from odoo import SUPERUSER_ID, fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date, formatLang
from odoo.tools.mimetypes import guess_mimetype

from ..models.relay import OUTCOMES, WAITING

_logger = logging.getLogger(__name__)

MAX_FILES = 3
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_BODY_BYTES = MAX_FILES * MAX_FILE_BYTES + 256 * 1024
MAX_TEXT = 4000
# A person opens the page a few times; more is a machine.
MAX_USES = 300
FILE_TYPES = {
    ".pdf": {"application/pdf"},
    ".png": {"image/png"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".docx": {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
    },
    ".xlsx": {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
    },
    ".odt": {"application/vnd.oasis.opendocument.text", "application/zip"},
}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}


class RelayController(http.Controller):
    @http.route(
        "/recouvrement/relay/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=True,
        max_content_length=MAX_BODY_BYTES,
    )
    def relay(self, token, **post):
        """Show the question; record the answer when the form was sent.

        sudo: the signature of the token proves the right to this one relay.
        """
        relay = self._find(token)
        if not relay:
            return self._render("relay_closed", {}, status=404)
        request.update_context(lang=relay.lang)
        relay = relay.with_context(lang=relay.lang)
        error = False
        if request.httprequest.method == "POST" and relay.state in WAITING:
            error = self._receive(relay, post)
        return self._render(
            "relay_page",
            self._prepare_values(relay, post, error),
            status=400 if error else 200,
        )

    def _find(self, token):
        link = request.env["recouvrement.access.link"].sudo()._open("relay", token)
        if not link or link.use_count > MAX_USES:
            return None
        relay = link.with_user(SUPERUSER_ID).env["recouvrement.relay"]
        relay = relay.browse(link.res_id).exists()
        return relay.filtered(
            lambda r: r.debtor_id.id == link.debtor_id.id and r.state != "cancelled"
        )

    # ------------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------------

    def _receive(self, relay, post):
        """Record what the form carries.

        :return: what is wrong with it, or False.
        """
        outcome = post.get("outcome")
        if outcome not in dict(OUTCOMES[:-1]):
            return relay.env._("Choose an answer.")
        text = (post.get("answer") or "")[:MAX_TEXT]
        try:
            day = fields.Date.to_date(post.get("answer_date") or False)
        except ValueError:
            return relay.env._("This date is not valid.")
        uploads = request.httprequest.files.getlist("files")
        files, problem = self._read_files(relay, uploads)
        if problem:
            return problem
        try:
            with request.env.cr.savepoint():
                relay._answer(outcome, text, day, self._attach(relay, files))
        except UserError as error:
            relay.invalidate_recordset()
            return str(error)
        return False

    def _read_files(self, relay, uploads):
        """Contents of the files sent, unless one is not acceptable.

        :return: list of ``(name, bytes, mimetype)``, and what is wrong or False.
        """
        uploads = [upload for upload in uploads if upload.filename]
        if len(uploads) > MAX_FILES:
            return [], relay.env._("Attach %s files at most.", MAX_FILES)
        files = []
        for upload in uploads:
            name = PurePath(upload.filename.replace("\\", "/")).name[:120]
            content = upload.stream.read(MAX_FILE_BYTES + 1)
            if len(content) > MAX_FILE_BYTES:
                return [], relay.env._(
                    "%(name)s is larger than %(size)s MB.",
                    name=name,
                    size=MAX_FILE_BYTES // 1024 // 1024,
                )
            kind = guess_mimetype(content)
            if kind not in FILE_TYPES.get(PurePath(name).suffix.lower(), ()):
                return [], relay.env._(
                    "%(name)s is not accepted: send a PDF, a picture or a document.",
                    name=name,
                )
            files.append((name, content, kind))
        return files, False

    def _attach(self, relay, files):
        return relay.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": kind,
                    "res_model": relay._name,
                    "res_id": relay.id,
                }
                for name, content, kind in files
            ]
        )

    # ------------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------------

    def _prepare_values(self, relay, post, error):
        env = relay.env
        items, count = relay._get_items()
        outcomes = relay._fields["answer_outcome"]._description_selection(env)
        return {
            "relay": relay,
            "company": relay.company_id,
            "items": [self._describe_item(env, item) for item in items],
            "more": count - len(items),
            "history": relay._get_history(),
            "outcomes": [pair for pair in outcomes if pair[0] != "by_mail"],
            "outcome_label": dict(outcomes).get(relay.answer_outcome),
            "date_due": format_date(env, relay.date_due),
            "answer_date": format_date(env, relay.answer_date),
            "today": fields.Date.to_string(fields.Date.context_today(relay)),
            "is_open": relay.state in WAITING,
            "error": error,
            "post": post,
            "max_files": MAX_FILES,
            "max_megabytes": MAX_FILE_BYTES // 1024 // 1024,
            "accept": ",".join(FILE_TYPES),
        }

    def _describe_item(self, env, item):
        def money(amount):
            return formatLang(env, amount, currency_obj=item.currency_id)

        return {
            "name": item.name,
            "date": format_date(env, item.document_date),
            "due": format_date(env, item.date_due),
            "days": item.days_overdue,
            "amount": money(item.amount),
            "residual": money(item.amount_residual_currency),
        }

    def _render(self, template, values, status=200):
        response = request.render(f"recouvrement.{template}", values)
        response.status_code = status
        response.headers.update(HEADERS)
        return response
