"""The collector's 360° page, driven in words of the business."""

import re

from desk import amount
from playwright.sync_api import expect

DEBTOR = "recouvrement.debtor"


class Page360:
    """The 360° page, in words of the business."""

    def __init__(self, desk):
        self.desk = desk
        self.page = desk.page
        self.rpc = desk.rpc

    def open(self, debtor_id):
        self.page.goto(
            f"{self.desk.url}/odoo/desk/{debtor_id}", wait_until="domcontentloaded"
        )
        self.wait()

    def wait(self):
        expect(self.page.locator(".o_recouvrement_desk_body")).to_be_visible()
        self.desk.wait_idle()

    @property
    def items(self):
        return self.page.locator(".o_recouvrement_item")

    def tile(self, name):
        return amount(
            self.page.locator(
                f'.o_recouvrement_tile[data-name="{name}"] .fs-4'
            ).first.inner_text()
        )

    def tick(self, item):
        item.locator("input[type=checkbox]").check()

    def tick_item(self, item_id):
        """Tick one item, and wait until the page counts it."""
        ticked = self.page.locator(".o_recouvrement_item.table-active")
        count = ticked.count()
        self.tick(self.page.locator(f'.o_recouvrement_item[data-id="{item_id}"]'))
        expect(ticked).to_have_count(count + 1)

    def total(self, count):
        """Sum of so many ticked items."""
        expect(self.page.locator(".o_recouvrement_count")).to_have_text(
            re.compile(rf"^\s*{count}\b")
        )
        return amount(self.page.locator(".o_recouvrement_sum").first.inner_text())

    # Going through a list

    @property
    def counter(self):
        """Where the page stands in the list: ``(place, all)``."""
        text = self.page.locator(".o_recouvrement_counter").inner_text()
        place, every = re.findall(r"\d+", text)
        return int(place), int(every)

    def debtor_id(self):
        """The debtor on the page."""
        return self.desk.record_id()

    def key(self, key, debtor_id):
        """Press a key that leads to a debtor."""
        self.page.keyboard.press(key)
        self._arrive(debtor_id)

    def finish(self, debtor_id=None):
        """Done: the next debtor opens, or the list when there is none."""
        self.page.locator(".o_recouvrement_finish").click()
        if debtor_id:
            self._arrive(debtor_id)
        else:
            self.desk.wait_view("list")

    def _arrive(self, debtor_id):
        expect(self.page).to_have_url(re.compile(rf"/desk/{debtor_id}$"))
        self.wait()

    def come_back(self, debtor_id):
        """From a record opened on the page, by the breadcrumb."""
        back = self.page.locator(".o_back_button, .breadcrumb-item a")
        back.locator("visible=true").last.click()
        self._arrive(debtor_id)

    # Buttons and history

    def choose(self, method):
        """An entry of the menu of buttons."""
        self.page.locator(".o_recouvrement_menu").click()
        self.page.locator(f'.o-dropdown--menu [data-name="{method}"]').click()
        self.desk.wait_idle()

    def event(self, kind):
        """The last event of a kind in the history of the page."""
        return self.page.locator(f'.o_recouvrement_event[data-kind="{kind}"]').first

    def residuals(self):
        """What is open of the items on the page."""
        cells = self.items.locator("td.fw-bold.text-end")
        return [amount(text.split("\n")[0]) for text in cells.all_inner_texts()]

    def data(self, debtor_id, **options):
        return self.rpc.call(DEBTOR, "get_desk", [debtor_id], options)
