"""The page of the account: what is owed, and its documents."""

import io

from odoo.http import Controller, request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.debtor_portal import TABS
from ..tools.spreadsheet import Column, TableWriter
from .portal_pay import read_outcome
from .portal_scope import download, is_number, page, render
from .portal_texts import get_kind_labels, get_plan_state_labels

ROWS = 40
SHEET_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReceivablesPortal(Controller):
    @page("")
    def account(
        self, scope, tab="open", page="1", search="", sort="", paid="", **_params
    ):
        """What the customer owes, in tabs, with the ways to answer."""
        scope.log_visit()
        tab = tab if tab in TABS else "open"
        number = int(page) if is_number(page) else 1
        search = search.replace("\0", "")
        offset = (max(number, 1) - 1) * ROWS
        rows, count = scope.debtor._get_portal_items(
            tab, search[:100], sort, min(offset, 10**6), ROWS
        )
        pager = portal_pager(
            url=scope.base,
            url_args={"tab": tab, "search": search, "sort": sort},
            total=count,
            page=number,
            step=ROWS,
        )
        return render(
            scope,
            "recouvrement.portal_account",
            totals=scope.debtor._get_portal_totals(),
            rows=rows,
            count=count,
            tab=tab,
            search=search,
            sort=sort,
            pager=pager,
            penalties=scope.debtor._get_portal_penalties(),
            plans=scope.get_plans(),
            promises=scope.debtor._get_portal_promises(),
            asked=scope.debtor._get_portal_requests(limit=5),
            paid=read_outcome(scope) if paid else None,
            plan_states=get_plan_state_labels(),
        )

    @page("/items.xlsx")
    def items_sheet(self, scope, tab="open", search="", **_params):
        """The list of a tab as a spreadsheet."""
        tab = tab if tab in TABS else "open"
        search = search.replace("\0", "")
        rows, _count = scope.debtor._get_portal_items(
            tab, search[:100], "due", limit=SHEET_ROWS
        )
        content = self._make_sheet(scope, rows)
        name = request.env._("Account %s.xlsx", scope.company.name)
        return download(content, XLSX, name)

    def _make_sheet(self, scope, rows):
        env = request.env
        kinds = get_kind_labels()
        columns = [
            Column(env._("Document")),
            Column(env._("Nature")),
            Column(env._("Date"), "date"),
            Column(env._("Due date"), "date"),
            Column(env._("Days late"), "integer"),
            Column(env._("Currency")),
            Column(env._("Amount"), "amount"),
            Column(env._("Still due"), "amount"),
            Column(env._("Settled on"), "date"),
        ]
        decimals = max(
            [row["currency"].decimal_places for row in rows]
            or [scope.debtor.currency_id.decimal_places]
        )
        stream = io.BytesIO()
        writer = TableWriter(stream, env._("Account"), columns, decimals)
        writer.write_rows(
            (
                row["name"] or "",
                kinds[row["kind"]],
                row["document_date"],
                row["date_due"],
                row["days_overdue"] if row["days_overdue"] > 0 else None,
                row["currency"].name,
                row["amount"],
                row["residual"],
                row["settled_date"],
            )
            for row in rows
        )
        writer.close()
        return stream.getvalue()

    @page("/document/<int:line_id>")
    def document(self, scope, line_id, **_params):
        """The invoice or credit note behind an item."""
        move = scope.get_document(line_id)
        document = move._get_invoice_legal_documents("pdf", allow_fallback=True)
        return download(document["content"], "application/pdf", document["filename"])

    @page("/statement.pdf")
    def statement(self, scope, **_params):
        """The statement of the account, as it is now."""
        name, content = scope.debtor._get_statement_pdf(request.env.lang)
        html = name.endswith(".html")
        return download(content, "text/html" if html else "application/pdf", name)
