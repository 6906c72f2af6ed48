"""Thousands of records from one that people made: rows of its table, inserted."""

from odoo.tools import SQL


def copy(env, records, source, changes, limit=None):
    """As many copies of each record as a table has rows.

    :param str source: table, read as ``i``; ``place`` numbers its rows.
    :param dict changes: ``{column: SQL}`` of ``i`` and of the copied row ``t``.
    :param int limit: last place that is copied.
    """
    names = [
        name
        for name, field in records._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    values = [changes.get(name, SQL("t.%s", SQL.identifier(name))) for name in names]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s t, %s i "
            "WHERE t.id = ANY(%s) AND (%s IS NULL OR i.place <= %s)",
            SQL.identifier(records._table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values),
            SQL.identifier(records._table),
            SQL.identifier(source),
            records.ids,
            limit,
            limit,
        )
    )
