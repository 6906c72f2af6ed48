"""What the buyer's platform answers to an e-invoice, and the dispute it opens.

Codes of the life cycle of invoices as the French platforms exchange them.
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

STATUSES = [
    ("200", "200 Deposited"),
    ("202", "202 Received"),
    ("203", "203 Made Available"),
    ("204", "204 Taken in Charge"),
    ("205", "205 Approved"),
    ("206", "206 Approved in Part"),
    ("207", "207 In Dispute"),
    ("208", "208 Suspended"),
    ("209", "209 Completed"),
    ("210", "210 Refused"),
    ("211", "211 Payment Sent"),
    ("212", "212 Cashed"),
    ("213", "213 Rejected"),
]
# What opens a dispute, and of which category when the reason code says nothing.
DISPUTES = {"206": None, "207": None, "208": "missing_piece", "210": "invoice_error"}
ENDS = {"205", "209"}


class AccountMove(models.Model):
    _inherit = "account.move"

    einvoice_status = fields.Selection(
        STATUSES,
        string="E-invoice Status",
        readonly=True,
        copy=False,
        help="Last answer of the buyer's platform.",
    )
    einvoice_date = fields.Date(string="Status On", readonly=True, copy=False)
    einvoice_reason = fields.Char(
        string="Reason of the Status", readonly=True, copy=False
    )
    open_dispute_count = fields.Integer(compute="_compute_open_dispute_count")

    def _compute_open_dispute_count(self):
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT l.move_id, COUNT(DISTINCT x.dispute_id)
                         FROM recouvrement_dispute_line x
                         JOIN account_move_line l ON l.id = x.move_line_id
                        WHERE x.is_live AND l.move_id = ANY(%s) GROUP BY l.move_id""",
                    self.ids,
                )
            )
            if self.ids
            else ()
        )
        for move in self:
            move.open_dispute_count = counts.get(move.id, 0)

    def action_view_disputes(self):
        """The disputes about an invoice."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_litige.recouvrement_dispute_action"
        )
        action["domain"] = [("line_ids.move_line_id.move_id", "=", self.id)]
        action["context"] = {}
        return action

    def _take_einvoice_status(self, status, day, code=False, text=False, amount=None):
        """Keep a status of the buyer's platform; a dispute, refusal or suspension opens
        a dispute, what ends it closes the one that the platform opened.

        The same status of the same day counts once.

        :param str status: a code of ``STATUSES``.
        :param date day: of the status.
        :param str code: reason code of the platform.
        :param amount: not approved, with taxes, for 206.
        :return: the dispute, or an empty record.
        :raise UserError: on what is no posted customer invoice, or an unknown status.
        """
        self.ensure_one()
        disputes = self.env["recouvrement.dispute"]
        if status not in dict(STATUSES):
            raise UserError(self.env._("“%s” is no e-invoice status.", status))
        move = self.sudo()
        if move.move_type != "out_invoice" or move.state != "posted":
            raise UserError(
                self.env._("%s is no posted customer invoice.", move.display_name)
            )
        debtor = move._get_einvoice_debtor()
        debtor.check_access("write")
        if (move.einvoice_status, move.einvoice_date) == (status, day):
            return disputes
        if move.einvoice_date and day < move.einvoice_date:
            return disputes
        reason = " – ".join(filter(None, (code, text)))
        move.with_context(skip_invoice_sync=True).write(
            {
                "einvoice_status": status,
                "einvoice_date": day,
                "einvoice_reason": reason[:500],
            }
        )
        if status in ENDS:
            move._end_einvoice_disputes(status)
        if status not in DISPUTES:
            return disputes
        return move._open_einvoice_dispute(debtor, status, code, reason, amount)

    def _get_einvoice_debtor(self):
        company = self.company_id.root_id
        debtors = self.env["recouvrement.debtor"].sudo()
        partner = self.commercial_partner_id
        debtor = debtors.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        ) or debtors._get_or_create_debtor(partner, company)
        return debtor.with_env(self.env).sudo(False)

    def _open_einvoice_dispute(self, debtor, status, code, reason, amount):
        items = self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
                and line.amount_residual_currency > 0
            )
        )
        pairs = debtor._share_disputed(items, amount if status == "206" else None)
        if not pairs:
            return self.env["recouvrement.dispute"]
        categories = self.env["recouvrement.dispute.category"]
        category = categories._by_reason_code(code)
        if category == categories._by_code(None):
            category = categories._by_code(DISPUTES[status])
        labels = dict(self._fields["einvoice_status"]._description_selection(self.env))
        return debtor._open_dispute(
            pairs,
            category.code,
            "\n".join(filter(None, (labels[status], reason))),
            "einvoice",
        )

    def _end_einvoice_disputes(self, status):
        """The buyer approved, or got what was missing."""
        labels = dict(self._fields["einvoice_status"]._description_selection(self.env))
        disputes = self.env["recouvrement.dispute"].search(
            [
                ("state", "=", "open"),
                ("source", "=", "einvoice"),
                ("outcome", "=", False),
                ("line_ids.move_line_id.move_id", "=", self.id),
            ]
        )
        disputes.write({"outcome_reason": labels[status]})
        disputes._close("abandoned")
