"""What was read, written to the tables in few statements."""

from odoo import models
from odoo.tools import SQL, split_every

INSERT_CHUNK = 5_000
SUPERSEDED = "-"


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    # ------------------------------------------------------------------
    # STORAGE
    # ------------------------------------------------------------------

    def _insert_rows(self, model_name, names, rows):
        """Insert many rows in few statements.

        :param rows: iterable of tuples in the order of ``names``.
        """
        model = self.env[model_name]
        types = [SQL(model._fields[name].column_type[0]) for name in names]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        for chunk in split_every(INSERT_CHUNK, rows, list):
            arrays = SQL(", ").join(
                SQL("%s::%s[]", list(values), column_type)
                for values, column_type in zip(
                    zip(*chunk, strict=True), types, strict=True
                )
            )
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %s (create_uid, create_date, write_uid, write_date, %s)
                    SELECT %s::integer, %s::timestamp, %s::integer, %s::timestamp, u.*
                      FROM unnest(%s) u
                    """,
                    SQL.identifier(model._table),
                    columns,
                    self.env.uid,
                    self.env.cr.now(),
                    self.env.uid,
                    self.env.cr.now(),
                    arrays,
                )
            )

    def _analyze_tables(self):
        """Fresh statistics: the tables have just been filled, and queries follow that
        would take minutes with those of an empty table."""
        for name in ("customer", "item", "match"):
            table = SQL.identifier(f"recouvrement_fec_{name}")
            self.env.cr.execute(SQL("ANALYZE %s", table))

    def _store_customers(self, customers):
        """:return: id by customer key."""
        self._insert_rows(
            "recouvrement.fec.customer",
            (
                "import_id",
                "company_id",
                "account_code",
                "aux_code",
                "name",
                "line_count",
                "balance",
                "chaseable",
            ),
            (
                (
                    self.id,
                    self.company_id.id,
                    *customer.key,
                    customer.name,
                    customer.lines,
                    customer.balance,
                    customer.chaseable,
                )
                for customer in customers
            ),
        )
        return {
            (account, aux): customer_id
            for customer_id, account, aux in self.env.execute_query(
                SQL(
                    """SELECT id, account_code, aux_code
                         FROM recouvrement_fec_customer WHERE import_id = %s""",
                    self.id,
                )
            )
        }

    def _store_items(self, analysis, customers):
        """Keep every line that is open or was matched, and the matches."""
        opened = {item.uid for item in analysis.open_items}
        items = {item.uid: item for item in analysis.open_items}
        for match in analysis.matches:
            items.setdefault(match.debit.uid, match.debit)
            items.setdefault(match.credit.uid, match.credit)
        paid = {one.item.uid: one for one in analysis.history}
        self._insert_rows(
            "recouvrement.fec.item",
            self._get_item_columns(),
            (
                self._prepare_item_row(item, uid in opened, paid.get(uid), customers)
                for uid, item in items.items()
            ),
        )
        self._store_matches(analysis)

    def _store_matches(self, analysis):
        ids = {
            uid.removeprefix(SUPERSEDED): item_id
            for uid, item_id in self.env.execute_query(
                SQL(
                    "SELECT uid, id FROM recouvrement_fec_item WHERE import_id = %s",
                    self.id,
                )
            )
        }
        newest = {one.name for one in analysis.report.files if one.role == "current"}
        self._insert_rows(
            "recouvrement.fec.match",
            (
                "import_id",
                "debit_item_id",
                "credit_item_id",
                "amount",
                "date",
                "step",
                "in_newest",
            ),
            (
                (
                    self.id,
                    ids[match.debit.uid],
                    ids[match.credit.uid],
                    match.amount,
                    match.date,
                    match.step.value,
                    match.debit.file in newest or match.credit.file in newest,
                )
                for match in analysis.matches
            ),
        )

    def _get_item_columns(self):
        return (
            "import_id",
            "company_id",
            "customer_id",
            "uid",
            "ledger_uid",
            "file_name",
            "line_no",
            "journal",
            "ref",
            "label",
            "date",
            "piece_date",
            "date_due",
            "kind",
            "lettering",
            "original_amount",
            "matched_amount",
            "open_amount",
            "posted_amount",
            "to_post",
            "currency_amount",
            "currency_name",
            "age_certain",
            "settled_later",
            "unnamed",
            "paid_step",
            "paid_date",
        )

    def _prepare_item_row(self, item, is_open, paid, customers):
        """Values of ``_get_item_columns``.

        What an older year left open and the newest repeats under another line is
        superseded: it is kept for its matches only.
        """
        uid = item.uid
        if item.amount and not is_open:
            uid = SUPERSEDED + uid
        left = item.amount if is_open else 0
        unnamed = item.amount > 0 and not item.chaseable and not item.settled_later
        return (
            self.id,
            self.company_id.id,
            customers[item.customer_key],
            uid,
            uid,
            item.file,
            item.line_no,
            item.journal,
            item.ref,
            item.label,
            item.date,
            item.piece_date,
            item.due_date,
            item.kind.value,
            item.lettering,
            item.original_amount,
            left,
            left,
            None,
            left,
            item.currency_amount,
            item.currency,
            item.age_certain and item.due_date is not None,
            item.settled_later,
            unnamed,
            paid.step.value if paid else None,
            paid.paid_date if paid else None,
        )
