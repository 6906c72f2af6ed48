"""A person on a telephone, without a login, on a page that a link opens."""

import re
from urllib.parse import urlsplit

from desk import amount
from playwright.sync_api import expect

SIZE = {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 740}
ADDRESS = re.compile(
    r"https?://[^\s\"'<>]+?(/recouvrement/(?:portal|relay|dispute)/[\w-]+)"
)


def address_in(mail):
    """Path of the signed link that an e-mail holds."""
    return ADDRESS.search(mail.html)[1]


def address_of(rpc, debtor_id):
    """Path of the customer page of a debtor, as the collector copies it."""
    action = rpc.call("recouvrement.debtor", "action_portal_link", [debtor_id])
    [wizard] = rpc.call(action["res_model"], "read", [action["res_id"]], ["url"])
    return urlsplit(wizard["url"]).path


class Phone:
    """One visitor in a browser of the own, without any cookie of Odoo's."""

    def __init__(self, page, url):
        self.page = page
        self.url = url

    def open(self, path):
        """Go to a page; returns the status that the server answered."""
        reply = self.page.goto(self.url + path)
        return reply.status

    def lang(self):
        """Two letters of the language of the page."""
        return self.page.locator("html").get_attribute("lang")[:2]

    def heading(self):
        """The title that the visitor reads."""
        return self.page.locator("h1").first.inner_text().strip()

    def overflow(self):
        """Pixels by which the page is wider than a telephone, in its own width and
        on the narrowest ones."""
        widest = 0
        for size in (NARROW, SIZE):
            self.page.set_viewport_size(size)
            excess = self.page.evaluate(
                "document.documentElement.scrollWidth"
                " - document.documentElement.clientWidth"
            )
            widest = max(widest, excess)
        return widest

    def send(self):
        """Send the form on the page."""
        self.page.locator("main form, #wrap form").locator(
            "button[type=submit].btn-primary"
        ).click()

    # The customer's account

    def totals(self):
        """The four sums on top: overdue, not due, in favour, balance."""
        tiles = self.page.locator(".o_receivable_tile .o_receivable_amount")
        return [amount(text) for text in tiles.all_inner_texts()]

    def tick(self, item_id):
        """Tick an item."""
        self.page.locator(f'.o_receivable_tick[value="{item_id}"]').check()

    def total(self, count):
        """Total of so many ticked items, once the page has added them up."""
        expect(self.page.locator(".o_receivable_count")).to_have_text(str(count))
        total = self.page.locator(".o_receivable_total")
        expect(total).to_be_visible()
        return amount(total.inner_text())

    def answer(self, kind):
        """Choose what to tell about the ticked items."""
        button = self.page.locator(f'button[formaction$="/ask/{kind}"]')
        if not button.is_visible():
            self.page.locator(".o_receivable_bar summary").click()
        button.click()
        self.page.wait_for_url(f"**/ask/{kind}*")

    def asked(self):
        """What was asked, with the state of each, the newest first."""
        entries = self.page.locator(".list-group .list-group-item")
        return [
            (
                entry.locator("strong").first.inner_text(),
                entry.locator(".badge").first.inner_text(),
            )
            for entry in entries.all()
        ]

    def draw(self, frame):
        """Draw a signature with the finger."""
        expect(frame).to_be_visible()
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
        mouse.down()
        for step in range(1, 9):
            mouse.move(
                box["x"] + 30 + step * (box["width"] - 60) / 8,
                box["y"] + box["height"] * (0.3 if step % 2 else 0.7),
                steps=4,
            )
        mouse.up()

    # Odoo's payment form

    def pay(self, outcome):
        """Pay what is on the page with Odoo's demonstration provider.

        :param outcome: what the bank will answer: done, pending, cancel or error
        """
        form = self.page.locator("#o_payment_form")
        expect(form).to_be_visible()
        option = form.locator("input[data-provider-code=demo]")
        if not option.is_checked():
            option.check()
        expect(form.locator("#simulated_payment_state")).to_be_visible()
        form.locator("#customer_input").fill("4242 4242 4242 4242")
        form.locator("#simulated_payment_state").select_option(outcome)
        button = form.locator("button[name=o_payment_submit_button]")
        expect(button).to_be_enabled()
        button.click()
