"""The timeline of the 360° page: everything that happened with a debtor, one list.

Events, receipts and messages are read by one UNION. Other addons add their own through
``_timeline_sources``.
"""

from odoo import models
from odoo.tools import SQL, html2plaintext

PAGE = 30
TEXT_LENGTH = 2000


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_timeline(self, options):
        """One page of the timeline, the newest first.

        :param dict options: ``kinds`` (list; default all), ``text`` and ``cursor``
            (what the page before returned as ``next``).
        :return: ``{"rows", "next" (False at the end), "kinds"}``; ``kinds``, with
            their counts, on the first page only.
        """
        rows = self.env.execute_query_dict(self._timeline_page_sql(options))
        more = len(rows) > PAGE
        rows = rows[:PAGE]
        openable = self._timeline_openable(rows)
        page = {
            "rows": [self._timeline_row(row, openable) for row in rows],
            "next": more and self._timeline_cursor(rows[-1]),
        }
        if not options.get("cursor"):
            page["kinds"] = self._timeline_counts()
        return page

    def _timeline_sources(self):
        """What happened with the debtor: a hook.

        :return: list of SQL selects with the columns ``date`` (timestamp, UTC),
            ``kind`` (a key of ``_timeline_kinds``), ``source`` (name of the select),
            ``id`` (unique in the select), ``is_day`` (the date has no hour), ``title``,
            ``detail`` (text, or HTML for messages), ``author`` (name), ``amount``,
            ``currency_id``, ``model`` and ``res_id`` (what a click opens, or NULL).
        """
        return [
            self._timeline_events_sql(),
            self._timeline_receipts_sql(),
            self._timeline_messages_sql(),
        ]

    def _timeline_kinds(self):
        """Labels of what is in the timeline, in the user's language: a hook."""
        field = self.env["recouvrement.event"]._fields["kind"]
        return {
            **dict(field._description_selection(self.env)),
            "payment": self.env._("Payment"),
            "message": self.env._("Message"),
            "activity": self.env._("Activity"),
        }

    # ------------------------------------------------------------------
    # SOURCES
    # ------------------------------------------------------------------

    def _timeline_events_sql(self):
        """The debtor's history. An answer that is in the messages is shown there, with
        all its text: both are of one transaction."""
        return SQL(
            """
            SELECT e.date, e.kind::varchar AS kind, 'event' AS source, e.id,
                   FALSE AS is_day, e.summary::text AS title, e.detail,
                   up.name AS author, e.amount, e.currency_id,
                   CASE WHEN e.reminder_id IS NOT NULL THEN 'recouvrement.reminder'
                        WHEN el.move_id IS NOT NULL THEN 'account.move' END AS model,
                   COALESCE(e.reminder_id, el.move_id) AS res_id
              FROM recouvrement_event e
              JOIN res_users u ON u.id = e.user_id
              JOIN res_partner up ON up.id = u.partner_id
         LEFT JOIN account_move_line el ON el.id = e.move_line_id
             WHERE e.debtor_id = %(debtor)s
               AND (e.kind <> 'answer' OR NOT EXISTS (
                    SELECT 1 FROM mail_message msg
                     WHERE msg.model = 'recouvrement.debtor'
                       AND msg.res_id = %(debtor)s AND msg.message_type = 'email'
                       AND msg.create_date = e.create_date))
            """,
            debtor=self.id,
        )

    def _timeline_receipts_sql(self):
        """Money received, from the ledger, and what of it is still unallocated."""
        return SQL(
            """
            SELECT COALESCE(l.takeover_date, l.date)::timestamp, 'payment', 'receipt',
                   l.id, TRUE, COALESCE(NULLIF(l.name, ''), m.name)::text,
                   NULLIF(m.name, l.name)::text,
                   COALESCE(j.name->>%(lang)s, j.name->>'en_US'),
                   -l.amount_currency, l.currency_id, 'account.move', l.move_id
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = m.journal_id
             WHERE %(lines)s AND %(receipts)s
            """,
            lang=self.env.lang or "en_US",
            lines=self._desk_lines_condition(),
            receipts=self._desk_receipts_condition(),
        )

    def _timeline_messages_sql(self):
        """E-mails and notes of the thread; a reminder's own e-mail is its event."""
        return SQL(
            """
            SELECT msg.date, CASE WHEN msg.subtype_id = %(activity)s THEN 'activity'
                                  WHEN msg.message_type = 'email' THEN 'answer'
                                  ELSE 'message' END,
                   'message', msg.id, FALSE, msg.subject::text, msg.body,
                   COALESCE(mp.name, msg.email_from), NULL::numeric, NULL::integer,
                   NULL, NULL::integer
              FROM mail_message msg
         LEFT JOIN res_partner mp ON mp.id = msg.author_id
             WHERE msg.model = 'recouvrement.debtor' AND msg.res_id = %(debtor)s
               AND (msg.message_type IN ('email', 'comment', 'email_outgoing')
                    OR msg.subtype_id = %(activity)s)
               AND NOT EXISTS (SELECT 1 FROM recouvrement_reminder r
                                WHERE r.debtor_id = %(debtor)s
                                  AND r.mail_message_id = msg.id)
            """,
            debtor=self.id,
            activity=self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities"),
        )

    # ------------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------------

    def _timeline_sql(self):
        return SQL(" UNION ALL ").join(
            SQL("(%s)", source) for source in self._timeline_sources()
        )

    def _timeline_page_sql(self, options):
        conditions = [SQL("TRUE")]
        if options.get("kinds"):
            conditions.append(SQL("t.kind = ANY(%s)", list(options["kinds"])))
        if text := (options.get("text") or "").strip():
            conditions.append(
                SQL(
                    "CONCAT_WS(' ', t.title, t.detail, t.author) ILIKE %s",
                    self._desk_pattern(text),
                )
            )
        if options.get("cursor"):
            day, source, row_id = options["cursor"]
            conditions.append(
                SQL(
                    "(t.date, t.source, t.id) < (%s::timestamp, %s, %s)",
                    str(day),
                    str(source),
                    int(row_id),
                )
            )
        return SQL(
            """SELECT t.* FROM (%s) t WHERE %s
             ORDER BY t.date DESC, t.source DESC, t.id DESC LIMIT %s""",
            self._timeline_sql(),
            SQL(" AND ").join(conditions),
            PAGE + 1,
        )

    def _timeline_counts(self):
        """Kinds that the debtor's timeline has, the most frequent first."""
        labels = self._timeline_kinds()
        rows = self.env.execute_query(
            SQL(
                """SELECT t.kind, COUNT(*) FROM (%s) t
                 GROUP BY t.kind ORDER BY 2 DESC, 1""",
                self._timeline_sql(),
            )
        )
        return [
            {"key": kind, "label": labels.get(kind, kind), "count": count}
            for kind, count in rows
        ]

    @staticmethod
    def _timeline_cursor(row):
        return [str(row["date"]), row["source"], row["id"]]

    def _timeline_openable(self, rows):
        """Models of the rows that the user may open."""
        models_named = {row["model"] for row in rows if row["model"]}
        return {name for name in models_named if self.env[name].has_access("read")}

    def _timeline_row(self, row, openable):
        is_message = row["source"] == "message"
        detail = row["detail"] or ""
        if is_message:
            detail = html2plaintext(detail).strip()
        title = row["title"] or ""
        return {
            "key": f"{row['source']}-{row['id']}",
            "date": row["date"].date() if row["is_day"] else row["date"],
            "is_day": row["is_day"],
            "kind": row["kind"],
            "title": title or detail.split("\n", 1)[0][:160],
            "detail": detail[:TEXT_LENGTH] if title or "\n" in detail else detail[160:],
            "author": row["author"] or "",
            "amount": float(row["amount"] or 0),
            "currency_id": row["currency_id"] or self.currency_id.id,
            "model": row["model"] if row["model"] in openable else "",
            "res_id": row["res_id"] or False,
        }
