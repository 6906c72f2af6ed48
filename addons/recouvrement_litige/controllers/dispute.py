"""The page on which a person without an Odoo user answers about a dispute."""

from decimal import Decimal, InvalidOperation

from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date, formatLang

from odoo.addons.recouvrement.controllers.portal_form import describe_upload_error
from odoo.addons.recouvrement.controllers.relay import HEADERS, MAX_BODY_BYTES, MAX_USES
from odoo.addons.recouvrement.tools.upload import (
    FILE_BYTES_MAX,
    FILES_MAX,
    MEGABYTE,
    SIGNATURES,
    UploadError,
    check_uploads,
)

from ..models.dispute_answer import PROPOSALS

MAX_TEXT = 4000
MAX_AMOUNT = Decimal(10) ** 12


class DisputeController(http.Controller):
    @http.route(
        "/recouvrement/dispute/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=True,
        max_content_length=MAX_BODY_BYTES,
    )
    def dispute(self, token, **post):
        """Show the question; record the answer when the form was sent.

        sudo: the signature of the token proves the right to this one question.
        """
        answer = self._find(token)
        if not answer:
            links = request.env["recouvrement.access.link"]
            asked = links._find_signed("dispute", token).partner_id
            request.update_context(lang=asked.lang or request.env.lang)
            return self._render("recouvrement.relay_closed", {}, status=404)
        request.update_context(lang=answer.lang)
        answer = answer.with_context(lang=answer.lang)
        error = False
        if request.httprequest.method == "POST" and self._is_open(answer):
            error = self._receive(answer, post)
        return self._render(
            "recouvrement_litige.portal_dispute_page",
            self._prepare_values(answer, post, error),
            status=400 if error else 200,
        )

    def _find(self, token):
        link = request.env["recouvrement.access.link"].sudo()._open("dispute", token)
        if not link or link.use_count > MAX_USES:
            return None
        answers = link.with_user(SUPERUSER_ID).env["recouvrement.dispute.answer"]
        answer = answers.browse(link.res_id).exists()
        return answer.filtered(
            lambda one: (
                one.debtor_id.id == link.debtor_id.id
                and one.link_id.id == link.id
                and one.state != "cancelled"
                and one.partner_id.active
            )
        )

    def _is_open(self, answer):
        return answer.state == "asked" and answer.dispute_id.state == "open"

    # ------------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------------

    def _receive(self, answer, post):
        """Record what the form carries.

        :return: what is wrong with it, or False.
        """
        text = (post.get("answer") or "").replace("\0", "")[:MAX_TEXT]
        try:
            amount = self._read_amount(post.get("amount"))
        except InvalidOperation:
            return answer.env._("This amount is not valid.")
        try:
            files = self._read_files()
        except UploadError as error:
            return describe_upload_error(error)
        try:
            with request.env.cr.savepoint():
                answer._answer(
                    post.get("proposal"), text, amount, self._attach(answer, files)
                )
        except UserError as error:
            answer.invalidate_recordset()
            return str(error)
        return False

    def _read_amount(self, value):
        value = (value or "").strip().replace(",", ".")
        if not value:
            return 0
        amount = Decimal(value)
        if not amount.is_finite() or not 0 <= amount < MAX_AMOUNT:
            raise InvalidOperation
        return float(amount)

    def _read_files(self):
        """Documents sent with the form.

        :raise UploadError: when one is not taken.
        """
        sent = request.httprequest.files.getlist("files")
        sent = [upload for upload in sent if upload.filename]
        if len(sent) > FILES_MAX:
            raise UploadError("count")
        return check_uploads(
            [(upload.filename, upload.read(FILE_BYTES_MAX + 1)) for upload in sent]
        )

    def _attach(self, answer, files):
        return answer.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "res_model": "recouvrement.dispute",
                    "res_id": answer.dispute_id.id,
                }
                for file in files
            ]
        )

    # ------------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------------

    def _prepare_values(self, answer, post, error):
        env = answer.env
        facts = answer._get_facts()
        dispute = facts["dispute"]
        proposals = answer._fields["proposal"]._description_selection(env)
        return {
            "answer": answer,
            "dispute": dispute,
            "company": answer.company_id,
            "items": [self._describe_item(env, item) for item in facts["items"]],
            "history": facts["history"],
            "labels": dict(proposals),
            "proposals": [one for one in proposals if one[0] in dict(PROPOSALS)],
            "date_due": format_date(env, answer.date_due),
            "date_open": format_date(env, dispute.date_open),
            "is_open": self._is_open(answer),
            "error": error,
            "post": post,
            "max_files": FILES_MAX,
            "max_megabytes": FILE_BYTES_MAX // MEGABYTE,
            "accept": ",".join(f".{extension}" for extension in SIGNATURES),
        }

    def _describe_item(self, env, item):
        def money(amount):
            return formatLang(env, amount, currency_obj=item.currency_id)

        move = item.move_line_id.move_id
        return {
            "name": move.name,
            "date": format_date(env, move.invoice_date or move.date),
            "due": format_date(env, item.date_due),
            "amount": money(item.move_line_id.amount_currency),
            "disputed": money(item.amount_open or item.amount),
        }

    def _render(self, template, values, status=200):
        response = request.render(template, values)
        response.status_code = status
        response.headers.update(HEADERS)
        return response
