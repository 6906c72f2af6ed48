"""What is seen of direct debits on invoices and entries."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.recouvrement.models.open_item import ALWAYS

from .collection_line import FAILED, UNBOOKED


class AccountMove(models.Model):
    _inherit = "account.move"

    sepa_collection_id = fields.Many2one(
        "recouvrement.sepa.collection",
        string="Collection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The collection that this entry books.",
    )
    sepa_debit_state = fields.Selection(
        [
            ("under_way", "Direct Debit Under Way"),
            ("returned", "Direct Debit Returned"),
        ],
        string="Direct Debit",
        compute="_compute_sepa_debit",
        search="_search_sepa_debit_state",
    )
    sepa_debit_note = fields.Char(
        string="About the Direct Debit", compute="_compute_sepa_debit"
    )

    # ------------------------------------------------------------------
    # WHAT BECAME OF THE DIRECT DEBIT
    # ------------------------------------------------------------------

    def _compute_sepa_debit(self):
        found = self._get_sepa_debits()
        for move in self:
            debit = found.get(move.id)
            move.sepa_debit_state = debit and debit["debit_state"]
            move.sepa_debit_note = debit and move._describe_sepa_debit(debit)

    def _get_sepa_debits(self):
        """What is known of the direct debit of open invoices, in one query.

        :return: ``{move id: dict}`` with ``debit_state``, ``line_id`` (collection
            line), ``date`` and ``name`` of the collection.
        """
        if not self.ids:
            return {}
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) s WHERE move_id = ANY(%s)",
                self._sepa_sql(),
                self.ids,
            )
        )
        return {row["move_id"]: row for row in rows}

    @api.model
    def _sepa_sql(self, condition=ALWAYS):
        """One row per open invoice that was, or is being, collected: the last time.

        A debit that came back counts as long as something is open.

        :param SQL condition: on ``i`` (item), ``x`` (debit), ``l`` (journal item).
        """
        for name in ("collection", "collection.line", "collection.item"):
            self.env[f"recouvrement.sepa.{name}"].flush_model()
        self.env["account.move.line"].flush_model(["amount_residual", "reconciled"])
        return SQL(
            """
            SELECT DISTINCT ON (l.move_id) l.move_id, x.id AS line_id, c.date, c.name,
                   CASE WHEN i.live THEN 'under_way' ELSE 'returned' END AS debit_state
              FROM recouvrement_sepa_collection_item i
              JOIN recouvrement_sepa_collection_line x ON x.id = i.line_id
              JOIN recouvrement_sepa_collection c ON c.id = x.collection_id
              JOIN account_move_line l ON l.id = i.move_line_id
             WHERE ((i.live AND x.state = ANY(%(unbooked)s))
                    OR (x.state = ANY(%(failed)s) AND l.reconciled IS NOT TRUE
                        AND l.amount_residual <> 0))
               AND %(condition)s
          ORDER BY l.move_id, i.live DESC, x.id DESC
            """,
            unbooked=list(UNBOOKED),
            failed=list(FAILED),
            condition=condition,
        )

    def _describe_sepa_debit(self, debit):
        self.ensure_one()
        values = {"name": debit["name"], "day": format_date(self.env, debit["date"])}
        if debit["debit_state"] == "under_way":
            return self.env._("Direct debit under way: %(name)s, on %(day)s", **values)
        line = self.env["recouvrement.sepa.collection.line"].sudo()
        reason = line.browse(debit["line_id"])._get_failure_text()
        return self.env._(
            "Direct debit of %(day)s (%(name)s) returned: %(reason)s",
            reason=reason or self.env._("reason not given"),
            **values,
        )

    @api.model
    def _search_sepa_debit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        live = self._sepa_sql(SQL("i.live"))
        domains = {
            "under_way": Domain("id", "in", SQL("SELECT move_id FROM (%s) s", live)),
            "returned": Domain(
                "id",
                "in",
                SQL(
                    "SELECT move_id FROM (%s) s WHERE debit_state = 'returned'",
                    self._sepa_sql(),
                ),
            ),
        }
        wanted = Domain.OR(domains[state] for state in value if state in domains)
        if False in value:
            wanted |= ~Domain.OR(domains.values())
        return wanted

    # ------------------------------------------------------------------
    # ENTRIES OF COLLECTIONS
    # ------------------------------------------------------------------

    def _check_sepa_entries(self):
        """What a bank's message undoes is undone by a return, with its reason."""
        if self.env.context.get("sepa_entry_undone"):
            return
        booked = self.filtered("sepa_collection_id")
        if booked:
            raise UserError(
                self.env._(
                    "%(entry)s books the collection %(collection)s: it is not reset or "
                    "deleted. Record the return of the direct debit instead.",
                    entry=booked[0].display_name,
                    collection=booked[0].sepa_collection_id.display_name,
                )
            )

    # EXTENDS 'account'
    def button_draft(self):
        self._check_sepa_entries()
        return super().button_draft()

    # EXTENDS 'account'
    def _get_accounting_date(self, invoice_date, has_tax, lock_dates=None):
        """Taxes on receipts are taken back on the day of the return, not on that of
        the collection."""
        undone_on = self.env.context.get("sepa_undone_on")
        if undone_on and undone_on > invoice_date:
            invoice_date = undone_on
            if not self._get_violated_lock_dates(invoice_date, has_tax):
                return invoice_date
            lock_dates = None
        return super()._get_accounting_date(invoice_date, has_tax, lock_dates)
