"""Lines of a bank statement as copies of one that the ORM posted.

Every stored column is taken from the pattern, whatever addon it comes from, save those
that tell one line from another; money and days follow the pattern's: what equals its
amount (or its opposite, or its day) becomes the copy's.
"""

import json

from odoo.tools import SQL

LINE, MOVE, ITEM = (
    "account.bank.statement.line",
    "account.move",
    "account.move.line",
)
# Money that is not declared as such.
MONEY = {LINE: ("amount_residual",), ITEM: ("price_unit",)}
MAXINT = 2147483647
NEW = """
    v AS (
        SELECT *
          FROM jsonb_to_recordset(%s::jsonb) AS v(
              pattern_id integer, pattern_move_id integer, line_id integer,
              move_id integer, item_ids integer[], name varchar, number integer,
              date date, amount numeric, payment_ref varchar, partner_id integer,
              commercial_id integer, partner_name varchar, account_number varchar,
              transaction_type varchar, transaction_details jsonb,
              sepa_bank_key varchar, internal_index varchar
          )
    ),
    w AS (
        SELECT v.*, o.amount AS old_amount, m.date AS old_date
          FROM v
          JOIN account_bank_statement_line o ON o.id = v.pattern_id
          JOIN account_move m ON m.id = v.pattern_move_id
    )
"""


def copy_rows(statement, journal, pairs):
    """Write lines as copies of patterns; a constant number of statements.

    :param statement: ``account.bank.statement`` that they belong to.
    :param journal: its journal.
    :param pairs: list of (pattern line, ``{field: value}`` of the line).
    """
    env = statement.env
    env.flush_all()
    new = _prepare(journal, pairs)
    values = SQL(NEW, json.dumps(new, default=str))
    stamp = {
        "create_uid": SQL("%s", env.uid),
        "write_uid": SQL("%s", env.uid),
        "create_date": SQL("now() AT TIME ZONE 'UTC'"),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }
    _copy_moves(env, values, stamp)
    _copy_lines(statement, values, stamp)
    _copy_items(statement, values, stamp)
    env.cr.execute(
        SQL(
            """
            WITH %s
            UPDATE account_move m SET statement_line_id = w.line_id
              FROM w WHERE m.id = w.move_id
            """,
            values,
        )
    )
    for model in (LINE, MOVE, ITEM):
        env[model].invalidate_model(flush=False)


def _prepare(journal, pairs):
    """The new rows with their ids and numbers."""
    env = journal.env
    count = len(pairs)
    line_ids = _next_ids(env, "account_bank_statement_line", count)
    move_ids = _next_ids(env, "account_move", count)
    item_ids = _next_ids(env, "account_move_line", 2 * count)
    names = _number(journal, [pattern for pattern, _row in pairs])
    partners = env["res.partner"].browse(
        {row["partner_id"] for _pattern, row in pairs if row.get("partner_id")}
    )
    commercial = {one.id: one.commercial_partner_id.id for one in partners}
    new = []
    for position, (pattern, row) in enumerate(pairs):
        name, number = names[position]
        day = row["date"]
        sequence = MAXINT - pattern.sequence
        new.append(
            {
                **row,
                "pattern_id": pattern.id,
                "pattern_move_id": pattern.move_id.id,
                "line_id": line_ids[position],
                "move_id": move_ids[position],
                "item_ids": item_ids[2 * position : 2 * position + 2],
                "name": name,
                "number": number,
                "commercial_id": commercial.get(row.get("partner_id")),
                "internal_index": f"{day:%Y%m%d}{sequence:0>10}"
                f"{line_ids[position]:0>10}",
            }
        )
    return new


def _next_ids(env, table, count):
    rows = env.execute_query(
        SQL(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
            f"{table}_id_seq",
            count,
        )
    )
    return [row[0] for row in rows]


def _number(journal, patterns):
    """Next names of the journal's sequences: ``(name, number)`` for each pattern.

    The journal is locked, so that two files do not number at once; the database
    refuses a name that someone else took meanwhile.
    """
    env = journal.env
    env.execute_query(
        SQL(
            "SELECT id FROM account_journal WHERE id = %s FOR NO KEY UPDATE", journal.id
        )
    )
    formats = {}
    for pattern in set(patterns):
        move = pattern.move_id
        parts = move._get_sequence_format_param(move.name)
        formats[pattern] = (move.sequence_prefix, *parts)
    rows = env.execute_query(
        SQL(
            """
            SELECT sequence_prefix, max(sequence_number) FROM account_move
             WHERE journal_id = %s AND sequence_prefix = ANY(%s) GROUP BY 1
            """,
            journal.id,
            [prefix for prefix, _format, _values in formats.values()],
        )
    )
    last = dict(rows)
    names = []
    for pattern in patterns:
        prefix, format_string, values = formats[pattern]
        last[prefix] += 1
        number = last[prefix]
        names.append((format_string.format(**{**values, "seq": number}), number))
    return names


def _copy_moves(env, values, stamp):
    given = {
        "id": SQL("w.move_id"),
        "name": SQL("w.name"),
        "sequence_number": SQL("w.number"),
        "partner_id": SQL("w.partner_id"),
        "commercial_partner_id": SQL("w.commercial_id"),
        "statement_line_id": SQL("NULL::integer"),
        "access_token": SQL("NULL::varchar"),
        "made_sequence_gap": SQL("FALSE"),
        **stamp,
    }
    source = SQL("w JOIN account_move p ON p.id = w.pattern_move_id")
    _insert(env[MOVE], values, source, given)


def _copy_lines(statement, values, stamp):
    names = (
        "move_id",
        "payment_ref",
        "partner_id",
        "partner_name",
        "account_number",
        "transaction_type",
        "transaction_details",
        "sepa_bank_key",
        "internal_index",
    )
    given = {
        "id": SQL("w.line_id"),
        "statement_id": SQL("%s", statement.id),
        **{name: SQL("w.%s", SQL.identifier(name)) for name in names},
        **stamp,
    }
    source = SQL("w JOIN account_bank_statement_line p ON p.id = w.pattern_id")
    _insert(statement.env[LINE], values, source, given)


def _copy_items(statement, values, stamp):
    env = statement.env
    given = {
        "id": SQL("w.item_ids[p.place]"),
        "move_id": SQL("w.move_id"),
        "move_name": SQL("w.name"),
        "name": SQL("w.payment_ref"),
        "partner_id": SQL("w.partner_id"),
        "statement_line_id": SQL("w.line_id"),
        **stamp,
    }
    if env[ITEM]._fields["statement_id"].store:
        given["statement_id"] = SQL("%s", statement.id)
    source = SQL(
        """
        w JOIN (
            SELECT *, row_number() OVER (PARTITION BY move_id ORDER BY id) AS place
              FROM account_move_line
             WHERE move_id IN (SELECT pattern_move_id FROM v)
        ) p ON p.move_id = w.pattern_move_id
        """
    )
    _insert(env[ITEM], values, source, given)


def _insert(model, values, source, given):
    """Insert copies: given columns, or the pattern's ones turned to the new line."""
    names = [
        field.name
        for field in model._fields.values()
        if field.store and field.column_type
    ]
    taken = [given.get(name) or _follow(model, name) for name in names]
    model.env.cr.execute(
        SQL(
            "WITH %s INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY w.line_id",
            values,
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(taken),
            source,
        )
    )


def _follow(model, name):
    field = model._fields[name]
    column = SQL("p.%s", SQL.identifier(name))
    if field.type == "monetary" or name in MONEY.get(model._name, ()):
        return SQL(
            """CASE %(column)s WHEN 0 THEN 0 WHEN w.old_amount THEN w.amount
               WHEN -w.old_amount THEN -w.amount ELSE %(column)s END""",
            column=column,
        )
    if field.type == "date":
        return SQL(
            "CASE %(column)s WHEN w.old_date THEN w.date ELSE %(column)s END",
            column=column,
        )
    return column
