"""Two accounts of one customer become one: what Odoo's merge of contacts asks for."""

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

# What is worked out again from the ledger, or says the same of both accounts: where a
# row of the account that goes is in the way, the one of the account that stays holds.
SAME_FACTS = (
    "recouvrement.external.rating",
    "recouvrement.identity.finding",
    "recouvrement.request",
)


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _join(self, others):
        """Move all that belongs to other accounts of the same legal entity to this
        one, then delete them; the history says what was joined.

        Rows are moved as they are, without the rules of their models: what was signed,
        sent or frozen stays so.

        :raise UserError: when both accounts have something that there is once for a
            customer, such as a customer file; nothing is changed then.
        """
        self.ensure_one()
        self._process_dirty()
        self.env.flush_all()
        for other in others:
            names = (other.display_name, self.display_name)
            other._prepare_join(self)
            for table, column in self._get_references():
                self._take_rows(table, column, other, names)
            self._take_documents(other)
            self.env.invalidate_all()
            self._log_joined(other)
        self._drop_joined(others)
        self._mark_dirty_debtors(self.ids)

    def _prepare_join(self, kept):
        """Before the rows of an account that goes are moved: a hook.

        Its rating is history now, that of the account that stays is current; so are
        its limits, where the account that stays has its own.
        """
        ratings = self.env["recouvrement.rating"].sudo()
        if kept.rating_id:
            current = ratings.search(
                [("debtor_id", "=", self.id), ("is_current", "=", True)]
            )
            current.write({"is_current": False})
        granted = (
            self.env["recouvrement.credit.limit"]
            .sudo()
            .search(
                [("debtor_id", "in", (self | kept).ids), ("state", "=", "approved")]
            )
        )
        theirs = granted.filtered(lambda limit: limit.debtor_id == self)
        if theirs and theirs != granted:
            theirs.write({"state": "ended"})
            theirs._log(self.env._("Credit limit of %s ended"), False)
        if kept.credit_file_ids:
            self.credit_file_ids.sudo()._join_into(kept.credit_file_ids.sudo())
        self.env.flush_all()

    @api.model
    def _get_same_facts(self):
        """Models whose rows of the account that goes may be dropped: a hook."""
        return SAME_FACTS

    @api.model
    def _get_references(self, table="recouvrement_debtor"):
        """Stored references to the records of a table: pairs of table and column."""
        return self.env.execute_query(
            SQL(
                """
                SELECT r.relname, a.attname
                  FROM pg_constraint c
                  JOIN pg_class r ON r.oid = c.conrelid
                  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
                 WHERE c.contype = 'f' AND c.confrelid = %s::regclass
                   AND r.relnamespace = current_schema::regnamespace
              ORDER BY r.relname, a.attname
                """,
                table,
            )
        )

    def _take_rows(self, table, column, other, names):
        """Point the rows of a table to this account.

        :raise UserError: when a row of both accounts is in the way.
        """
        tables = {one._table: one for one in self.env.registry.values() if one._auto}
        values = {
            "table": SQL.identifier(table),
            "column": SQL.identifier(column),
            "mine": self.id,
            "others": other.id,
        }
        model = tables.get(table)
        if model is None:
            self._take_links(table, column, values)
            return
        if model._name in self._get_same_facts():
            self._take_one_by_one(values)
            return
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                self._move_rows(SQL("TRUE"), values)
        except (errors.UniqueViolation, errors.ExclusionViolation) as error:
            raise UserError(
                self.env._(
                    "The accounts of %(gone)s and %(kept)s cannot be joined: both have "
                    "“%(what)s”, of which a customer has one. Close or delete one of "
                    "them, or archive the contact instead of merging it.",
                    gone=names[0],
                    kept=names[1],
                    what=self.env["ir.model"]._get(model._name).name,
                )
            ) from error

    def _move_rows(self, condition, values):
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s t SET %(column)s = %(mine)s "
                "WHERE %(column)s = %(others)s AND %(condition)s",
                condition=condition,
                **values,
            )
        )

    def _take_one_by_one(self, values):
        """Rows of facts that both accounts may have: what is known is dropped."""
        rows = self.env.execute_query(
            SQL("SELECT id FROM %(table)s WHERE %(column)s = %(others)s", **values)
        )
        for [row_id] in rows:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                    self._move_rows(SQL("t.id = %s", row_id), values)
            except errors.UniqueViolation:
                self.env.cr.execute(
                    SQL("DELETE FROM %s WHERE id = %s", values["table"], row_id)
                )

    def _take_links(self, table, column, values):
        """Rows of a many2many table: a pair that is there already is dropped."""
        other = next(
            name
            for [name] in self.env.execute_query(
                SQL(
                    """SELECT attname FROM pg_attribute
                        WHERE attrelid = %s::regclass AND attnum > 0
                          AND NOT attisdropped AND attname <> %s""",
                    table,
                    column,
                )
            )
        )
        values = {**values, "other": SQL.identifier(other)}
        self.env.cr.execute(
            SQL(
                """DELETE FROM %(table)s t USING %(table)s k
                    WHERE t.%(column)s = %(others)s AND k.%(column)s = %(mine)s
                      AND k.%(other)s = t.%(other)s""",
                **values,
            )
        )
        self._move_rows(SQL("TRUE"), values)

    def _take_documents(self, other):
        """Messages, activities, followers and attachments, as Odoo moves those of the
        contact."""
        self.env[
            "base.partner.merge.automatic.wizard"
        ]._update_reference_fields_generic(self._name, other, self)

    def _log_joined(self, other):
        self._log_event(
            "note",
            self.env._("Joined with the account of %s", other.partner_id.display_name),
            detail=self.env._("Account no. %s, deleted by the merge", other.id),
        )

    def _drop_joined(self, others):
        """The accounts that nothing points to any more; their deletion is no loss of
        history, which is the reason to refuse it elsewhere."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                others.ids,
            )
        )
        self.env.invalidate_all()
