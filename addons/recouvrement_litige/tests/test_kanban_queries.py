"""The kanbans by stage, with sums: as many queries for few cards as for many."""

from lxml import etree

from odoo.tests import tagged

from .dispute_common import DisputeCommon
from .litigation_common import LitigationCommon

COLUMN = 40
WARM = 2  # readings before the one that counts: registries and rules are loaded


def read_kanban(records, xmlid, domain, total):
    """What the web client asks of a kanban by stage, and of one column of it."""
    view = records.env.ref(f"recouvrement_litige.{xmlid}")
    arch = etree.fromstring(
        records.get_views([(view.id, "kanban")])["views"]["kanban"]["arch"]
    )
    shown = {
        name: {"fields": {"display_name": {}}}
        if records._fields[name].relational
        else {}
        for name in {node.get("name") for node in arch.iter("field")}
    }
    groups = records.web_read_group(
        domain,
        ["stage_id"],
        [total, "__count"],
        auto_unfold=True,
        unfold_read_specification=shown,
        unfold_read_default_limit=COLUMN,
    )
    column = records.web_search_read(domain, shown, limit=COLUMN, count_limit=10001)
    return groups["groups"], column["records"]


class KanbanQueries:
    def _check_constant(self, records, xmlid, total):
        """:param records: of which three and then all are shown."""
        model = records.browse().with_user(self.env.user)
        cost = []
        for shown in (records[:3], records):
            domain = [("id", "in", shown.ids)]
            for _turn in range(WARM):
                self.env.invalidate_all()
                groups, column = read_kanban(model, xmlid, domain, total)
            self.assertEqual(sum(group["__count"] for group in groups), len(shown))
            self.assertEqual(len(column), len(shown))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            read_kanban(model, xmlid, domain, total)
            cost.append(self.env.cr.sql_log_count - before)
        few, many = cost
        self.assertEqual(few, many)
        self.env.invalidate_all()
        with self.assertQueryCount(few):
            read_kanban(model, xmlid, [("id", "in", records.ids)], total)


@tagged("post_install", "-at_install")
class TestDisputeKanban(KanbanQueries, DisputeCommon):
    def test_disputes(self):
        disputes = self.env["recouvrement.dispute"]
        for number in range(9):
            debtor = self._make_debtor(f"Customer {number}")
            item = self._items(self._invoices(debtor.partner_id))
            disputes |= self._open((item, 100), user_id=self.env.user.id)
        self._process()
        self._check_constant(
            disputes, "recouvrement_dispute_view_kanban", "amount_open_company:sum"
        )


@tagged("post_install", "-at_install")
class TestLitigationKanban(KanbanQueries, LitigationCommon):
    def test_files(self):
        files = self.files
        for number in range(8):
            debtor = self._make_debtor(f"Customer {number}")
            files |= self._file(debtor=debtor, date_open=self.today)
        self._settle()
        self._check_constant(
            files, "recouvrement_litigation_view_kanban", "amount_open:sum"
        )
