"""Two thousand files: lists, kanban, calendar in constant queries and fast."""

import time

from odoo.tests import tagged

from .litigation_common import LitigationCommon

FILES, LIMIT = 2000, 0.3


@tagged("post_install", "-at_install")
class TestLitigationSpeed(LitigationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template_file = cls._file()
        cls._copy_files(FILES)
        cls.env.cr.execute(
            "ANALYZE recouvrement_litigation, recouvrement_litigation_step, "
            "recouvrement_deadline, recouvrement_litigation_line"
        )

    @classmethod
    def _copy_files(cls, count):
        """Copies of one file with its steps and deadlines, on other days."""
        cls.env.flush_all()
        cls._copy(
            "recouvrement_litigation",
            cls.template_file.ids,
            count,
            {
                "name": "'CTX-' || g.n",
                "stage_id": "(SELECT id FROM recouvrement_litigation_stage s "
                "WHERE NOT COALESCE(s.is_closed, FALSE) "
                "ORDER BY (s.id + g.n) %% 6 LIMIT 1)",
                "next_date": "t.next_date + (g.n %% 400 - 100)",
            },
        )
        cls._copy(
            "recouvrement_litigation_step",
            cls.template_file.step_ids.ids,
            count,
            {
                "litigation_id": "(SELECT f.id FROM recouvrement_litigation f "
                "WHERE f.name = 'CTX-' || g.n)",
            },
        )
        cls._copy(
            "recouvrement_deadline",
            cls.env["recouvrement.deadline"]
            .search([("litigation_id", "=", cls.template_file.id)])
            .ids,
            count,
            {
                "litigation_id": "(SELECT f.id FROM recouvrement_litigation f "
                "WHERE f.name = 'CTX-' || g.n)",
                "res_id": "t.res_id + 100000000 + g.n",
                "date_due": "t.date_due + (g.n %% 400 - 100)",
            },
        )
        cls.env.invalidate_all()

    @classmethod
    def _copy(cls, table, ids, count, changes):
        cls.env.cr.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND column_name <> 'id'",
            [table],
        )
        names = [name for [name] in cls.env.cr.fetchall()]
        values = ", ".join(changes.get(name, f't."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        cls.env.cr.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, "
            "generate_series(1, %s) AS g(n) WHERE t.id = ANY(%s)",
            [count, ids],
        )

    def _measure(self, call):
        """Seconds of the best of three, and the queries of the first."""
        seconds = []
        for _turn in range(3):
            self.env.invalidate_all()
            begin, queries = time.perf_counter(), self.env.cr.sql_log_count
            call()
            self.env.flush_all()
            seconds.append(time.perf_counter() - begin)
            count = self.env.cr.sql_log_count - queries
        return min(seconds), count

    def _check(self, name, call, queries):
        seconds, count = self._measure(call)
        with self.subTest(screen=name):
            self.assertLess(seconds, LIMIT, f"{name}: {seconds:.3f} s")
            self.assertLessEqual(count, queries, f"{name}: {count} queries")

    def test_list_kanban_and_calendar(self):
        files, deadlines = self.files, self.env["recouvrement.deadline"]
        user = self._make_user("manager", login="speed_manager")
        files, deadlines = files.with_user(user), deadlines.with_user(user)
        shown = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in (
                "name",
                "customer_id",
                "procedure_id",
                "jurisdiction_id",
                "amount_transferred",
                "amount_open",
                "next_date",
                "urgency",
                "state",
                "user_id",
                "stage_id",
                "currency_id",
                "company_id",
            )
        }
        due = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in (
                "date_due",
                "name",
                "timing",
                "customer_id",
                "litigation_id",
                "lapse_text",
                "user_id",
                "state",
            )
        }
        files.web_search_read([], shown, limit=1)
        opened = [("state", "=", "open")]
        self._check(
            "list",
            lambda: files.web_search_read(opened, shown, limit=80, count_limit=10001),
            14,
        )
        self._check(
            "kanban",
            lambda: files.web_read_group(
                opened,
                ["stage_id"],
                ["__count", "amount_open:sum"],
                auto_unfold=True,
                unfold_read_specification=shown,
                unfold_read_default_limit=40,
            ),
            30,
        )
        self._check(
            "progress bars",
            lambda: files.read_progress_bar(
                opened,
                "stage_id",
                {
                    "field": "urgency",
                    "colors": {"late": "danger", "soon": "warning", "calm": "success"},
                },
            ),
            8,
        )
        month = [
            ("date_due", ">=", self._day(-15)),
            ("date_due", "<=", self._day(15)),
            ("state", "in", ["todo", "late"]),
        ]
        self._check(
            "calendar", lambda: deadlines.web_search_read(month, due, limit=None), 14
        )
        self._check(
            "deadlines",
            lambda: deadlines.web_search_read([], due, limit=80, count_limit=10001),
            14,
        )

    def test_the_night_reads_files_in_sets(self):
        """States, next days and the open amounts of all files: a few statements."""
        deadlines = self.env["recouvrement.deadline"].sudo()
        seconds, count = self._measure(deadlines._refresh_states)
        self.assertLess(seconds, 1)
        self.assertLessEqual(count, 4)
        files = self.files.sudo()
        seconds, count = self._measure(files._find_to_judge)
        self.assertLess(seconds, 1)
        self.assertLessEqual(count, 6)
