"""The page on which a person without an Odoo user answers a relay."""

from odoo import SUPERUSER_ID, fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date, formatLang

from ..models.relay import OUTCOMES, WAITING
from ..tools.upload import (
    FILE_BYTES_MAX,
    FILES_MAX,
    MEGABYTE,
    SIGNATURES,
    UploadError,
    check_uploads,
)
from .portal_form import describe_upload_error

MAX_BODY_BYTES = FILES_MAX * FILE_BYTES_MAX + MEGABYTE
# A longer list is folded, so that the form stays in sight.
ITEMS_UNFOLDED = 8
MAX_TEXT = 4000
DAYS_BACK, DAYS_AHEAD = 60, 400
# A person opens the page a few times; more is a machine.
MAX_USES = 300
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
            links = request.env["recouvrement.access.link"]
            asked = links._find_signed("relay", token).partner_id
            request.update_context(lang=asked.lang or request.env.lang)
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
            lambda r: (
                r.debtor_id.id == link.debtor_id.id
                and r.state != "cancelled"
                and r.person_id.active
            )
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
        text = (post.get("answer") or "").replace("\0", "")[:MAX_TEXT]
        try:
            day = fields.Date.to_date(post.get("answer_date") or False)
        except ValueError:
            return relay.env._("This date is not valid.")
        if day and not self._is_near(day):
            return relay.env._("This date is not valid.")
        try:
            files = self._read_files()
        except UploadError as error:
            return describe_upload_error(error)
        try:
            with request.env.cr.savepoint():
                relay._answer(outcome, text, day, self._attach(relay, files))
        except UserError as error:
            relay.invalidate_recordset()
            return str(error)
        return False

    def _is_near(self, day):
        """A payment is announced for the coming year or so, or was for a day of the
        last weeks."""
        days = (day - fields.Date.context_today(request.env.user)).days
        return -DAYS_BACK <= days <= DAYS_AHEAD

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

    def _attach(self, relay, files):
        return relay.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "res_model": relay._name,
                    "res_id": relay.id,
                }
                for file in files
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
            "folded": len(items) > ITEMS_UNFOLDED,
            "totals": [
                formatLang(env, amount, currency_obj=currency)
                for currency, amount in relay._get_totals()
            ],
            "history": relay._get_history(),
            "outcomes": [pair for pair in outcomes if pair[0] != "by_mail"],
            "outcome_label": dict(outcomes).get(relay.answer_outcome),
            "date_due": format_date(env, relay.date_due),
            "answer_date": format_date(env, relay.answer_date),
            "today": fields.Date.to_string(fields.Date.context_today(relay)),
            "is_open": relay.state in WAITING,
            "error": error,
            "post": post,
            "max_files": FILES_MAX,
            "max_megabytes": FILE_BYTES_MAX // MEGABYTE,
            "accept": ",".join(f".{extension}" for extension in SIGNATURES),
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
