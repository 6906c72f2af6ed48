"""An hour of a collector: twelve debtors, one after the other, without ever going back
to the list. Each asks for something else, and each is dealt with when the hour ends."""

import re
import time
from decimal import Decimal
from email.message import EmailMessage

import pytest
from desk import amount
from invoicing import bill, give_to, in_days, open_items
from page360 import Page360
from playwright.sync_api import expect

DEBTOR = "recouvrement.debtor"
REQUEST = "recouvrement.request"
FAMILY = f"Valmy{time.time_ns() % 10**6:06}"
# The first is the most urgent; late long enough for reminders to be given up.
AMOUNTS = [(2400 - 100 * place, 300 - 10 * place + 0.37) for place in range(12)]
DAYS = 45
CAUSES = "recouvrement.nonpayment.cause"
OUTCOMES = "recouvrement.interaction.outcome"


@pytest.fixture
def customers(admin, connect):
    """Twelve customers of the collector that nobody has called yet."""
    debtors = []
    for place, owed in enumerate(AMOUNTS):
        partner = bill(admin, f"{FAMILY}-{place + 1:02}", owed, DAYS)
        debtors.append(give_to(connect, partner, "collector"))
    return debtors


@pytest.fixture
def told(admin, connect, customers):
    """One of them has answered by e-mail, another asks for something."""
    answering, asking = customers[8], customers[9]
    letter = EmailMessage()
    letter["From"] = f"{FAMILY.lower()}-09@example.com"
    letter["To"] = "recouvrement@example.com"
    letter["Subject"] = "Re : votre relance"
    letter["Message-Id"] = f"<{time.time()}@example.com>"
    letter.set_content("Bonjour, nous vérifions et revenons vers vous.")
    admin.call("mail.thread", "message_process", DEBTOR, letter.as_string())
    rpc = connect("collector")
    item = open_items(rpc, asking["id"])[0]
    rpc.call(
        REQUEST,
        "create",
        {
            "kind": "promise",
            "debtor_id": asking["id"],
            "text": "Le virement partira en fin de semaine.",
            "amount": item["amount_residual_currency"],
            "date_promised": f"{in_days(6)}",
            "move_line_ids": [(6, 0, [item["id"]])],
        },
    )
    return answering, asking


def label(rpc, model, code):
    """Name of an outcome or a cause in the user's language."""
    [row] = rpc.search_read(model, [("code", "=", code)], ["name"])
    return row["name"]


class Hour(Page360):
    """What a collector does with the debtor on the page."""

    def log(self, outcome, *, cause=None, note="", then=None):
        """Log a call by the keyboard; ``then`` opens the dialog that follows."""
        self.page.keyboard.press("c")
        wizard = self.desk.wizard()
        self.desk.badge("outcome_id", label(self.rpc, OUTCOMES, outcome), wizard)
        if cause:
            self.desk.badge("cause_id", label(self.rpc, CAUSES, cause), wizard)
        self.desk.type_in("note", note, wizard)
        self.save_contact(then)

    def save_contact(self, then=None):
        """Press the button of the contact that opens what follows."""
        buttons = self.desk.button("action_save", self.desk.wizard())
        if then is None:
            buttons.first.click()
        else:
            names = ["promise", "plan", "dispute", "send", "relay"]
            buttons.nth(1 + names.index(then)).click()
        self.desk.wait_idle()

    def closed(self):
        """Wait until no dialog is open and the page shows what it changed."""
        expect(self.page.locator(".modal")).to_have_count(0)
        self.desk.wait_idle()

    # One method for each debtor of the hour

    def promise_after_a_call(self, items):
        self.log(
            "promised",
            cause="payment_circuit",
            note="Bon à payer signé",
            then="promise",
        )
        wizard = self.desk.wizard()
        owed = sum(Decimal(str(item["amount_residual_currency"])) for item in items)
        assert amount(self.desk.read("amount", wizard)) == owed
        self.desk.pick_day("date", in_days(5), wizard)
        self.desk.confirm()
        return "contact", "promise"

    def promise_everything(self, _items):
        self.desk.button("action_promise_all").click()
        self.page.locator(".o-dropdown--menu .o-dropdown-item").nth(1).click()
        self.desk.wait_idle()
        return ("promise",)

    def promise_ticked_items(self, items):
        self.tick_item(items[0]["id"])
        self.tick_item(items[1]["id"])
        owed = [Decimal(str(item["amount_residual_currency"])) for item in items[:2]]
        assert self.total(2) == sum(owed)
        self.desk.press("action_promise")
        wizard = self.desk.wizard()
        assert amount(self.desk.read("amount", wizard)) == sum(owed)
        self.desk.confirm()
        return ("promise",)

    def plan(self, items):
        """In three instalments, within the collector's margin."""
        debtor = self.debtor_id()
        self.tick_item(items[0]["id"])
        self.tick_item(items[1]["id"])
        ticked = self.total(2)
        self.desk.press("action_plan")
        wizard = self.desk.wizard()
        expect(wizard.locator(".alert-warning:visible")).to_have_count(0)
        cells = wizard.locator("tbody td.text-end").all_inner_texts()
        assert sum(amount(cell) for cell in cells[:3]) == ticked
        self.desk.press("action_offer", wizard)
        self.desk.wait_view("form")
        expect(self.page.locator(".modal")).to_have_count(0)
        assert self.desk.status() == "offered"
        self.come_back(debtor)
        block = self.page.locator('.o_recouvrement_block[data-name="plans"]')
        expect(block).to_be_visible()
        return ("plan",)

    def dispute(self, items):
        self.tick_item(items[0]["id"])
        self.tick_item(items[1]["id"])
        self.log(
            "disputes", cause="service_problem", note="Pose à revoir", then="dispute"
        )
        self.desk.pick("category_id", "Prestation mal", self.desk.wizard())
        self.desk.type_in("text", "Pose non conforme au devis", self.desk.wizard())
        self.desk.confirm()
        expect(self.event("dispute")).to_contain_text("Pose non conforme")
        return "contact", "dispute"

    def send_a_duplicate(self, items):
        self.tick_item(items[0]["id"])
        self.log(
            "asks_duplicate",
            cause="invoice_not_received",
            note="À renvoyer",
            then="send",
        )
        wizard = self.desk.wizard()
        expect(self.desk.rows(wizard)).to_have_count(1)
        self.desk.press("action_send", wizard)
        return "contact", "document"

    def ask_a_relay(self, _items):
        self.choose("action_relay")
        wizard = self.desk.wizard()
        self.desk.field("role", wizard).locator("input").last.check()
        self.desk.pick("user_id", "Julie Moreau", wizard)
        self.desk.type_in("question", "Peux-tu appeler le gérant ?", wizard)
        self.desk.confirm()
        return ("relay",)

    def put_on_hold(self, _items):
        self.desk.press("action_hold")
        wizard = self.desk.wizard()
        self.desk.pick_day("until", in_days(10), wizard)
        self.desk.type_in("reason", "Rendez-vous avec la gérante", wizard)
        self.desk.confirm()
        expect(self.desk.button("action_release_hold")).to_be_visible()
        return ("hold",)

    def read_the_answer(self, _items):
        expect(self.event("answer")).to_be_visible()
        self.desk.press("action_mark_answer_read")
        expect(self.desk.button("action_mark_answer_read")).to_have_count(0)
        self.log("will_check", note="Rappellent après vérification")
        return "answer", "contact"

    def accept_the_request(self, items):
        debtor = self.debtor_id()
        self.page.locator(f'[data-model="{REQUEST}"]').click()
        self.desk.wait_view("form")
        self.desk.press("action_accept")
        assert self.desk.status() == "done"
        self.come_back(debtor)
        [row] = [
            row
            for row in self.data(debtor)["items"]["rows"]
            if row["id"] == items[0]["id"]
        ]
        assert row["status"] == "promised"
        self.log("promised", note="Confirmé au téléphone")
        return "request", "promise", "contact"

    def nobody_answers(self, _items):
        self.log("no_answer", note="Standard occupé")
        return ("contact",)

    def agree_on_a_call(self, _items):
        """Also corrects what the outcome proposes as the next step."""
        self.page.keyboard.press("c")
        wizard = self.desk.wizard()
        self.desk.badge("outcome_id", label(self.rpc, OUTCOMES, "will_check"), wizard)
        self.desk.type_in("next_action", "Rappeler le gérant", wizard)
        self.desk.pick_day("next_action_date", in_days(4), wizard)
        self.save_contact()
        self.closed()
        expect(self.page.locator(".o_recouvrement_desk_body")).to_contain_text(
            "Rappeler le gérant"
        )
        return ("contact",)


TASKS = (
    Hour.promise_after_a_call,
    Hour.promise_everything,
    Hour.promise_ticked_items,
    Hour.plan,
    Hour.dispute,
    Hour.send_a_duplicate,
    Hour.ask_a_relay,
    Hour.put_on_hold,
    Hour.read_the_answer,
    Hour.accept_the_request,
    Hour.nobody_answers,
    Hour.agree_on_a_call,
)


def test_twelve_debtors_in_an_hour(desk_of, customers, told, mailbox):
    desk = desk_of("collector")
    tasks = {debtor["id"]: task for debtor, task in zip(customers, TASKS, strict=True)}
    before = to_work(desk.rpc)
    assert set(tasks) <= before, "each of them needs something today"
    queue = the_list_says_why(desk, customers)
    view = Hour(desk)
    desk.cell(desk.rows().first, "partner_id").click()
    view.wait()
    the_keyboard_goes_there_and_back(view, queue)

    done = {}
    for place, debtor in enumerate(queue, 1):
        assert view.debtor_id() == debtor
        assert view.counter == (place, len(TASKS))
        items = the_figures_are_the_lines(view, debtor)
        done[debtor] = tasks[debtor](view, items)
        view.closed()
        for kind in done[debtor]:
            expect(view.event(kind)).to_be_visible()
        view.finish(queue[place] if place < len(queue) else None)

    assert to_work(desk.rpc) == before - set(tasks), "each of them was dealt with"
    assert desk.total() == 0
    the_history_holds_it_all(desk, done)
    copies = [
        name
        for mail in mailbox.wait_for(2)
        for name in mail.attachments
        if name.endswith(".pdf")
    ]
    assert len(copies) >= 2, "the agreement of the plan and the duplicate have left"


def to_work(rpc):
    """Debtors of the own portfolio that need something today."""
    own = [("collector_id", "=", rpc.uid), ("to_work", "=", True)]
    return {row["id"] for row in rpc.search_read(DEBTOR, own, ["id"])}


def the_list_says_why(desk, customers):
    """Each line says why it is there; counts and sums are those of the lines."""
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_portfolio")
    assert desk.total() == len(to_work(desk.rpc))
    desk.search(FAMILY)
    expect(desk.rows()).to_have_count(len(customers))
    assert desk.total() == len(customers)
    for sentence, owed in zip(
        desk.column("work_sentence"), desk.column("overdue_amount"), strict=True
    ):
        assert amount(owed) in [
            amount(part) for part in re.findall(r"[\d\s,]+€", sentence)
        ]
    footer = desk.page.locator("tfoot .o_list_number").first
    assert amount(footer.inner_text()) == sum(
        map(amount, desk.column("overdue_amount"))
    )

    counts = {}
    for tab in desk.page.locator(".o_recouvrement_tabs button").all():
        kind = tab.get_attribute("data-kind")
        counts[kind] = int(tab.locator(".badge").inner_text())
    assert counts["all"] == len(customers)
    assert counts["reply"] == counts["request"] == 1
    for kind, count in counts.items():
        desk.page.locator(f'.o_recouvrement_tabs [data-kind="{kind}"]').click()
        desk.wait_idle()
        expect(desk.rows()).to_have_count(count)
    desk.page.locator('.o_recouvrement_tabs [data-kind="all"]').click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(len(customers))
    names = desk.column("partner_id")
    ids = {debtor["partner_id"][1]: debtor["id"] for debtor in customers}
    return [ids[name] for name in names]


def the_keyboard_goes_there_and_back(view, queue):
    assert view.counter == (1, len(queue))
    view.key("n", queue[1])
    assert view.counter == (2, len(queue))
    view.key("p", queue[0])
    assert view.counter == (1, len(queue))


def the_figures_are_the_lines(view, debtor):
    """What is on top is the sum of the items below, and what the ledger says."""
    items = open_items(view.rpc, debtor)
    owed = [Decimal(str(item["amount_residual_currency"])) for item in items]
    expect(view.items).to_have_count(len(items))
    assert sorted(view.residuals()) == sorted(owed)
    assert view.tile("open") == view.tile("overdue") == sum(owed)
    return items


def the_history_holds_it_all(desk, done):
    events = desk.rpc.search_read(
        "recouvrement.event",
        [("debtor_id", "in", list(done)), ("user_id", "=", desk.rpc.uid)],
        ["debtor_id", "kind"],
    )
    found = {(event["debtor_id"][0], event["kind"]) for event in events}
    wanted = {(debtor, kind) for debtor, kinds in done.items() for kind in kinds}
    # The e-mail of the customer was written down by the gateway.
    missing = wanted - found
    assert not missing
