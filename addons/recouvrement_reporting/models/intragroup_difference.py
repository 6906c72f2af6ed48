from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.intragroup import AGREED

KINDS = [
    ("matched", "Matched"),
    ("exchange", "Matched, Other Value in the Books"),
    ("amount", "Amount Differs"),
    ("currency", "Other Currency"),
    ("in_transit", "Payment in Transit"),
    ("not_received", "Settled by the Creditor Only"),
    ("not_booked", "Not Booked by the Debtor"),
    ("draft", "Draft at the Debtor"),
    ("later", "Booked Later by the Debtor"),
    ("not_issued", "Not Booked by the Creditor"),
    ("unknown", "Unknown to the Creditor"),
    ("unallocated", "Payment or Entry to Allocate"),
]


class RecouvrementIntragroupDifference(models.Model):
    """A difference between two companies of the database that somebody looks after:
    its comment and owner stay from one reading to the next, until it is resolved."""

    _name = "recouvrement.intragroup.difference"
    _description = "Intragroup Difference"
    _inherit = ["mail.thread", "mail.activity.mixin", "recouvrement.guarded"]
    _order = "state, date_first desc, id desc"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    other_company_id = fields.Many2one(
        "res.company", string="Debtor Company", required=True, readonly=True, index=True
    )
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Document", required=True, readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Entry of the Creditor",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    other_move_id = fields.Many2one(
        "account.move",
        string="Entry of the Debtor",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    kind = fields.Selection(KINDS, string="Explanation", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        string="Difference",
        readonly=True,
        help="Claimed less owed, when it was last looked at.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="In Charge",
        tracking=True,
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
    )
    comment = fields.Text(tracking=True)
    state = fields.Selection(
        [("open", "To Resolve"), ("resolved", "Resolved")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    date_first = fields.Date(
        string="First Seen",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    date_resolved = fields.Date(string="Resolved On", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(company_id, other_company_id, key) WHERE state = 'open'",
        "Somebody already looks after this difference.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_resolved(self):
        if self.filtered(lambda one: one.state == "resolved"):
            raise UserError(self.env._("A resolved difference is kept."))

    # ------------------------------------------------------------------
    # LOOKING AFTER
    # ------------------------------------------------------------------

    @api.model
    def action_open_difference(self, company_id, other_id, day, key):
        """The record of one difference, made when there is none yet.

        :param str key: of the row on screen, as of ``day``.
        :raise UserError: there is no such difference on that day.
        """
        found = self._find(company_id, other_id, key)
        if not found:
            found = self._start(company_id, other_id, day, key)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Intragroup Difference"),
            "res_model": self._name,
            "res_id": found.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _find(self, company_id, other_id, key):
        return self.search(
            [
                ("company_id", "=", company_id),
                ("other_company_id", "=", other_id),
                ("key", "=", key),
                ("state", "=", "open"),
            ]
        )

    @api.model
    def _start(self, company_id, other_id, day, key):
        reading = self.env["recouvrement.intragroup"]
        self.check_access("create")
        pair = reading._check_pair(company_id, other_id)
        rows, documents = reading._read_pair(*pair, reading._check_day(day))
        row = next((one for one in rows if one.key == key), None)
        if row is None or row.kind in AGREED:
            raise UserError(self.env._("There is no such difference any more."))
        return self.sudo().create(self._prepare_vals(pair, row, documents))

    @api.model
    def _prepare_vals(self, pair, row, documents):
        company, other = pair
        ours = documents.get(row.ours and row.ours.key) or {}
        theirs = documents.get(row.theirs and row.theirs.key) or {}
        currency, amount = next(iter(row.differences.items()))
        return {
            "company_id": company.id,
            "other_company_id": other.id,
            "key": row.key,
            "name": (ours or theirs)["name"] or row.key,
            "move_id": ours.get("move_id"),
            "other_move_id": theirs.get("move_id"),
            "kind": row.kind,
            "currency_id": currency,
            "amount": float(amount),
            "user_id": self.env.uid,
        }

    # ------------------------------------------------------------------
    # RESOLVED
    # ------------------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Each day: close what is resolved, and keep the rest up to date."""
        self.sudo().search([("state", "=", "open")])._follow()

    def _follow(self):
        """Read today's ledger: a difference that is no longer there is resolved."""
        reading = self.env["recouvrement.intragroup"].sudo()
        today = fields.Date.context_today(self)
        pairs = {(one.company_id, one.other_company_id) for one in self}
        found = reading._read_pairs(pairs, today)
        for one in self:
            rows = found[one.company_id, one.other_company_id]
            row = rows.get(one.key)
            if row is None or row.kind in AGREED:
                one._write_changes(state="resolved", date_resolved=today)
            else:
                currency, amount = next(iter(row.differences.items()))
                one._write_changes(
                    kind=row.kind,
                    currency_id=self.env["res.currency"].browse(currency),
                    amount=float(amount),
                )

    def action_resolve(self):
        """Look at the ledger now.

        :raise UserError: the difference is still there.
        """
        self.check_access("write")
        open_before = self.filtered(lambda one: one.state == "open")
        open_before.sudo()._follow()
        left = open_before.filtered(lambda one: one.state == "open")
        if left:
            raise UserError(
                self.env._(
                    "Both ledgers still differ on %s.", ", ".join(left.mapped("name"))
                )
            )
        return True
