"""Customer requests seen from the debtor account, and the way in for all of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .selections import REQUEST_SOURCES


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    request_ids = fields.One2many("recouvrement.request", "debtor_id")
    request_count = fields.Integer(
        string="Requests to Handle", readonly=True, aggregator="sum"
    )

    def _declare(
        self,
        kind,
        *,
        source,
        text=False,
        lines=None,
        amount=0,
        day=None,
        partner=None,
        attachments=(),
        **vals,
    ):
        """Note down what a customer asks or declares, for a person to validate.

        The same request made twice while the first one waits is the first one.

        :param str kind: a value of ``recouvrement.request.kind``.
        :param str source: ``portal``, ``email``, ``call`` or ``other``.
        :param str text: words of the customer, plain text.
        :param lines: ``account.move.line`` records of this debtor.
        :param amount: in the currency of the items, else of the company.
        :param date day: promised day, or day of the payment to verify.
        :param partner: who asks; default the contact of the debtor.
        :param attachments: ``ir.attachment`` records, or pairs ``(name, bytes)``.
        :param vals: other fields of the request (``iban``, ``contact_email``…).
        :raise UserError: on items of somebody else, or a negative amount.
        :return: the request.
        """
        self.ensure_one()
        if not self.env.su:
            self.check_access("write")
        debtor = self.sudo()
        debtor._check_declaration(source, lines, amount, partner)
        values = {
            "kind": kind,
            "source": source,
            "debtor_id": self.id,
            "company_id": debtor.company_id.id,
            "partner_id": (partner or debtor.contact_id or debtor.partner_id).id,
            "text": (text or "").strip() or False,
            "move_line_ids": [fields.Command.set(lines.ids if lines else [])],
            "amount": amount or 0,
            "date_promised": day,
            **vals,
        }
        requests = self.env["recouvrement.request"].sudo()
        twin = requests._find_twin(values)
        if twin:
            return twin.sudo(self.env.su)
        values["attachment_ids"] = [
            fields.Command.set(requests._make_attachments(attachments).ids)
        ]
        request = requests.with_company(debtor.company_id).create(values)
        request._log(self.env._("received"), detail=request.text)
        return request.sudo(self.env.su)

    def _dispute(self, lines, text, *, source, request=None):
        """Take items of this debtor out of the reminders because the customer, or a
        bank, disputes them: a hook. The rights on the debtor were checked.

        :param lines: open ``account.move.line`` records, in sudo.
        :param str text: why, in the words of who says so.
        :param str source: ``portal``, ``email``, ``call``, ``return``…
        :param request: the customer's request that it comes from.
        :return: the action that goes on with it, or None.
        """
        lines._set_collection_status("disputed", text)

    def _withdraw_dispute(self, lines, reason, *, source):
        """Give up what ``_dispute`` did, because of the same source: a hook."""
        lines.filtered(
            lambda line: line.collection_mark == "disputed"
        )._set_collection_status("to_chase", reason)

    def _check_declaration(self, source, lines, amount, partner):
        if source not in dict(REQUEST_SOURCES):
            raise UserError(self.env._("Say how the customer asked."))
        if amount and amount < 0:
            raise UserError(self.env._("An amount cannot be negative."))
        if lines:
            self._check_own_lines(lines)
        if partner:
            self._check_person(partner)

    @api.model
    def _get_total_fields(self):
        return [
            *super()._get_total_fields(),
            "request_count",
        ]

    @api.model
    def _refresh_statements(self, condition):
        requests = self.env["recouvrement.request"]
        requests.flush_model(["debtor_id", "state"])
        return [
            *super()._refresh_statements(condition),
            requests._request_counts_sql(condition),
        ]

    def action_view_requests(self):
        """The requests of the debtor, those to handle first."""
        action = self._action_related(
            "recouvrement_request_action", search_default_to_handle=1
        )
        if len(self) == 1:
            action["context"]["default_debtor_id"] = self.id
        return action
