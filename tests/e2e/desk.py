"""The screens of the addon, driven in words of the business.

Everything is found by its technical name, never by its label: the stories run in
French, and stay true when a translation is improved.
"""

import re
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

READY = ".o_action_manager .o_view_controller, .o_action_manager .o_form_view"
# Runs in every page: counts the calls under way, and reports a crash as an error.
WATCH = """
window.calls = {open: 0, last: 0};
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function () {
    window.calls.open++;
    this.addEventListener("loadend", () => {
        window.calls.open--;
        window.calls.last = performance.now();
    });
    return send.apply(this, arguments);
};
window.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    for (const node of document.querySelectorAll(".o_error_dialog button.btn-link")) {
        if (!node.dataset.seen) {
            node.dataset.seen = "1";
            node.click();
            setTimeout(() => console.error(
                "CRASH: " + node.closest(".o_error_dialog")?.innerText
            ));
        }
    }
}).observe(document.body, {childList: true, subtree: true}));
"""
QUIET = """
([since, quiet]) => document.readyState === "complete" && window.calls.open === 0
    && performance.now() - Math.max(window.calls.last, since) > quiet
"""
QUIET_MS = 150
# Text of the footer below a column, counting the columns that cells span.
FOOTER = """
(root, name) => {
    const table = root.querySelector(".o_list_table");
    const heads = [...table.querySelectorAll("thead th")];
    const place = heads.findIndex((head) => head.dataset.name === name);
    let column = 0;
    for (const cell of table.querySelectorAll("tfoot td")) {
        if (place < (column += cell.colSpan)) {
            return cell.innerText;
        }
    }
    return "";
}
"""
CUT = """
(root) => {
    const scrolls = (node) => {
        for (let up = node.parentElement; up; up = up.parentElement) {
            if (up.scrollWidth > up.clientWidth + 1
                && ["auto", "scroll"].includes(getComputedStyle(up).overflowX)) {
                return true;
            }
        }
        return false;
    };
    return [...root.querySelectorAll("td, th, label, .o_form_label, .o_field_widget")]
        .filter((node) => node.innerText?.trim() && node.offsetParent)
        .filter((node) => {
            const style = getComputedStyle(node);
            const dotted = style.textOverflow === "ellipsis"
                && style.overflow !== "visible"
                && node.scrollWidth > node.clientWidth + 1;
            const right = node.getBoundingClientRect().right;
            return dotted || (right > window.innerWidth + 1 && !scrolls(node));
        })
        .map((node) => node.innerText.trim());
}
"""


class Desk:
    """One user at work in a browser tab."""

    def __init__(self, page, url, rpc):
        self.page = page
        self.url = url
        self.rpc = rpc

    # Getting around

    def open(self, path):
        """Go to an address of Odoo, such as ``debtors`` or ``debtors/12``."""
        self.page.goto(f"{self.url}/odoo/{path}", wait_until="domcontentloaded")
        self.wait_view()

    def wait_view(self, kind=""):
        """Wait until a view is on screen with its data."""
        selector = f".o_action_manager .o_{kind}_view" if kind else READY
        expect(self.page.locator(selector).first).to_be_visible()
        self.wait_idle()

    def wait_idle(self):
        """Wait until the server was asked nothing for a moment."""
        self.page.wait_for_load_state()
        since = self.page.evaluate("performance.now()")
        self.page.wait_for_function(QUIET, arg=[since, QUIET_MS])
        expect(self.page.locator(".o_blockUI")).to_have_count(0)

    def enter_app(self):
        """Open the app from the menu of all apps."""
        self.page.goto(f"{self.url}/odoo", wait_until="domcontentloaded")
        self.page.locator(".o_navbar_apps_menu button").click()
        self.page.locator(".o_app" + _menu("menu_recouvrement_root")).click()
        self.wait_view()

    def choose_menu(self, *names):
        """Choose an entry of the app's menu, section by section."""
        for name in names:
            self.page.locator(_menu(name)).locator("visible=true").first.click()
        self.wait_view()

    def menus(self):
        """XML ids of what the user's menu of the app offers, sections included."""
        tree = self.page.evaluate(
            "() => fetch(`${location.origin}/web/webclient/load_menus`)"
            ".then(reply => reply.json())"
        )
        by_id = {entry["id"]: entry for entry in tree.values()}
        root = next(
            (
                entry
                for entry in tree.values()
                if entry.get("xmlid") == "recouvrement.menu_recouvrement_root"
            ),
            None,
        )
        found, queue = set(), [root] if root else []
        while queue:
            entry = queue.pop()
            found.add(entry["xmlid"].removeprefix("recouvrement."))
            queue += [by_id[child] for child in entry["children"]]
        return found

    def record_id(self):
        """Id of the record on screen."""
        self.page.wait_for_url(re.compile(r"/\d+(\?.*)?$"))
        return int(re.search(r"/(\d+)(\?.*)?$", self.page.url)[1])

    # Buttons

    def button(self, name, scope=None):
        """A button of a view, by the name of its method."""
        return (scope or self.page).locator(f'button[name="{name}"]:visible')

    def press(self, name, scope=None):
        """Press a button and wait until it has done its work."""
        button = self.button(name, scope).first
        expect(button).to_be_enabled()
        button.click()
        self.wait_idle()

    def choose_action(self, label):
        """Choose an entry of the menu of actions of the record or of what is ticked."""
        gears = self.page.locator(".o_control_panel .o_cp_action_menus .fa-cog")
        gears.locator("visible=true").first.click()
        self.page.locator(".o-dropdown--menu .o_menu_item").filter(
            has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")
        ).click()
        self.wait_idle()

    def wizard(self):
        """The dialog on top."""
        dialog = self.page.locator(".modal .modal-content").last
        expect(dialog).to_be_visible()
        return dialog

    def confirm(self, name="action_confirm"):
        """Press the main button of a wizard, which closes."""
        dialog = self.wizard()
        self.press(name, dialog)
        expect(self.page.locator(".o_error_dialog, .modal .o_form_view")).to_have_count(
            0
        )

    def agree(self):
        """Confirm what a button asks before it does its work."""
        self.page.locator(".modal footer button.btn-primary").last.click()
        dialogs = self.page.locator(".modal:not(.o_error_dialog)")
        expect(dialogs).to_have_count(0, timeout=90_000)
        self.wait_idle()

    def refused(self):
        """Text of the message that refuses what was just tried; then closes it."""
        dialog = self.page.locator(".o_error_dialog").last
        expect(dialog).to_be_visible()
        text = dialog.locator("main").inner_text()
        dialog.locator("footer button.btn-primary").click()
        return text

    # Lists

    def rows(self, scope=None):
        """Lines of the list on screen."""
        return (scope or self.page.locator(".o_action_manager")).locator(".o_data_row")

    def row(self, text, scope=None):
        """The first line of a list that shows a text."""
        return self.rows(scope).filter(has_text=text).first

    def cell(self, row, name):
        """One cell of a line."""
        return row.locator(f'td[name="{name}"]')

    def column(self, name):
        """Texts of a column of the list on screen."""
        cells = self.rows().locator(f'td[name="{name}"]')
        return [text.strip() for text in cells.all_inner_texts()]

    def open_row(self, row, field=None):
        """Open the record of a line."""
        cell = self.cell(row, field) if field else row.locator("td.o_data_cell").first
        cell.click()
        self.wait_view("form")

    def tick(self, row):
        """Select a line."""
        row.locator(".o_list_record_selector input").check()

    def total(self):
        """How many records the list on screen counts."""
        if self.page.locator(".o_nocontent_help, .o_view_nocontent").count():
            return 0
        text = self.page.locator(".o_pager_limit").first.inner_text()
        return int(re.sub(r"\D", "", text))

    def sum_of(self, name):
        """Total that the list on screen shows below a column, all pages of it."""
        self.show_all()
        cell = self.page.locator(".o_action_manager").evaluate(FOOTER, name)
        return amount(cell) if re.search(r"\d", cell) else Decimal(0)

    def show_all(self):
        """Put all pages of the list on one."""
        pager = self.page.locator(".o_control_panel .o_pager_value").first
        if not pager.is_visible():
            return
        count = self.total()
        if int(re.split(r"\D+", pager.inner_text())[-1]) < count:
            pager.click()
            entry = self.page.locator(".o_control_panel input.o_pager_value")
            entry.fill(f"1-{count}")
            entry.press("Enter")
            expect(self.rows()).to_have_count(count)
            self.wait_idle()

    def go_back(self):
        """From a list or a record to the screen that it was opened from."""
        back = self.page.locator(".o_back_button, .o_breadcrumb .breadcrumb-item a")
        back.locator("visible=true").last.click()

    # Searching

    def clear_search(self):
        """Take every filter away."""
        facets = self.page.locator(".o_searchview_facet .o_facet_remove")
        while count := facets.count():
            facets.first.click()
            expect(facets).to_have_count(count - 1)
        self.wait_idle()

    def search(self, text):
        """Type a text in the search bar and search for it."""
        bar = self.page.locator(".o_searchview_input")
        bar.fill(text)
        # Enter takes what is proposed: before that, it would search for nothing.
        proposed = self.page.locator(".o_searchview_autocomplete").get_by_text(text)
        expect(proposed.first).to_be_visible()
        bar.press("Enter")
        expect(proposed).to_have_count(0)
        self.wait_idle()

    def filter(self, model, *names):
        """Switch filters of the search view on or off, by their names."""
        labels = self._filter_labels(model)
        self.page.locator(".o_searchview_dropdown_toggler").click()
        for name in names:
            item = self.page.locator(".o-dropdown--menu .o_menu_item").filter(
                has_text=re.compile(rf"^\s*{re.escape(labels[name])}\s*$")
            )
            item.first.click()
        self.page.locator(".o_searchview_dropdown_toggler").click()
        self.wait_idle()

    def _filter_labels(self, model):
        views = self.rpc.call(model, "get_views", [[False, "search"]])
        arch = views["views"]["search"]["arch"]
        return {
            _attribute(tag, "name"): _attribute(tag, "string")
            for tag in re.findall(r"<filter [^>]*>", arch)
        }

    def switch_view(self, kind):
        """Show the same records another way."""
        self.page.locator(f".o_cp_switch_buttons .o_switch_view.o_{kind}").click()
        self.wait_view(kind)

    # Fields

    def field(self, name, scope=None):
        """The widget of a field."""
        return (scope or self.page.locator(".o_action_manager")).locator(
            f'.o_field_widget[name="{name}"]:visible'
        )

    def read(self, name, scope=None):
        """What a field shows."""
        widget = self.field(name, scope).first
        expect(widget).to_be_visible()
        entry = widget.locator("input:visible, textarea:visible")
        if entry.count() == 1:
            return entry.input_value()
        return widget.inner_text().strip()

    def type_in(self, name, text, scope=None):
        """Type a value in a field."""
        entry = self.field(name, scope).locator("input, textarea").first
        entry.fill(text)
        entry.dispatch_event("change")
        entry.blur()

    def pick_day(self, name, day: date, scope=None):
        """Type a day in a date field, in the French order."""
        widget = self.field(name, scope)
        entry = widget.locator("input.o_input")
        if not entry.count():
            # The cell of a list may open by itself at the same moment.
            with suppress(Late):
                widget.locator("button.o_input").click(timeout=3000)
        picker = self.page.locator(".o_datetime_picker")
        # A picker that opens late takes no notice of the first Enter.
        for _attempt in range(3):
            entry.fill(f"{day:%d/%m/%Y}")
            entry.press("Enter")
            try:
                return expect(picker).to_have_count(0, timeout=4000)
            except AssertionError:
                continue
        expect(picker).to_have_count(0)

    def pick(self, name, text, scope=None):
        """Choose a record by typing its name."""
        entry = self.field(name, scope).locator("input").first
        entry.fill(text)
        options = self.page.locator(".o-autocomplete--dropdown-item:visible")
        options.filter(has_text=text).first.click()
        entry.blur()
        expect(options).to_have_count(0)

    def choose(self, model, name, value, scope=None):
        """Choose a value of a selection field by its technical name."""
        fields = self.rpc.call(model, "fields_get", [name], ["selection"])
        label = dict(fields[name]["selection"])[value]
        self.field(name, scope).locator("input").click()
        self.page.locator(".o_field_selection_menu .o-dropdown-item").filter(
            has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")
        ).click()

    def badge(self, name, label, scope=None):
        """Choose a value that is offered as a badge."""
        self.field(name, scope).locator(".o_selection_badge").filter(
            has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")
        ).click()
        self.wait_idle()

    def tab(self, name):
        """Open a page of a form."""
        self.page.locator(f'.o_notebook_headers a[name="{name}"]').click()

    def save(self):
        """Save the form, when something in it waits to be saved."""
        self.page.locator(".o_form_button_save").first.click()
        expect(
            self.page.locator(".o_form_status_indicator_buttons.invisible")
        ).to_have_count(1)
        self.wait_idle()

    def status(self):
        """Technical value of the state shown in the status bar."""
        current = self.page.locator(".o_statusbar_status .o_arrow_button_current")
        return current.first.get_attribute("data-value")

    def wait_status(self, value, timeout=60_000):
        """Reload until the record has come to a state; where the bar lacks room, the
        step is in the page but folded away."""
        current = self.page.locator(
            f'.o_statusbar_status .o_arrow_button_current[data-value="{value}"]'
        )
        deadline = timeout / 1000
        for _attempt in range(int(deadline)):
            try:
                expect(current.first).to_be_attached(timeout=1000)
                return
            except AssertionError:
                self.reload()
        expect(current.first).to_be_attached(timeout=1000)

    def reload(self):
        """Read the screen again."""
        self.page.reload(wait_until="domcontentloaded")
        self.wait_view()

    # Files

    @contextmanager
    def download(self):
        """A file that what is done in the block brings; read it after the block."""
        result = {}
        with self.page.expect_download(timeout=60_000) as waiting:
            yield result
        with open(waiting.value.path(), "rb") as handle:
            result["content"] = handle.read()
        result["name"] = waiting.value.suggested_filename

    # Layout

    def cut(self, scope):
        """Texts of cells that are cut: beyond the window, unless their frame scrolls,
        or shortened by dots."""
        return self.page.locator(scope).first.evaluate(CUT)

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth,"
            " document.body.scrollWidth) - window.innerWidth"
        )


def amount(text):
    """What a French amount on a screen or in a PDF says."""
    return Decimal(re.sub(r"[^\d,-]", "", text).replace(",", "."))


def _menu(name):
    xmlid = name if "." in name else f"recouvrement.{name}"
    return f'[data-menu-xmlid="{xmlid}"]'


def _attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1].replace("&amp;", "&") if found else ""
