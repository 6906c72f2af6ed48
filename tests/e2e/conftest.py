"""Browser tests: the stories of the people who use the addon, on the demo company.

``./dev test --only e2e`` builds the database and starts the server, and tells both
by environment variables. Run by ``pytest tests/e2e`` alone they need the same::

    RECOUVREMENT_URL=http://127.0.0.1:8240 RECOUVREMENT_DB=name pytest tests/e2e
"""

import os
import re
from contextlib import suppress
from mailbox import Mailbox
from pathlib import Path

import pytest
from desk import WATCH, Desk
from phone import SIZE, Phone
from playwright.sync_api import Error, expect, sync_playwright
from rpc import Rpc

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("RECOUVREMENT_SHOTS") or ROOT / ".dev" / "e2e")
WIDE = {"width": 1400, "height": 900}
# Not ours: a browser without a profile has no push service, a favicon may lack.
HARMLESS = ("favicon", "ServiceWorker", "Notification permission", "WebGL")
# What a page of a link answers when it is closed, or when a form is not complete.
TOLD = re.compile(r"status of 4(00|04|22) .*/recouvrement/(portal|relay|dispute)/")

expect.set_options(timeout=20_000)


def _required(name):
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set: run ./dev test --only e2e", returncode=2)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


# The server


@pytest.fixture(scope="session")
def url():
    return _required("RECOUVREMENT_URL")


@pytest.fixture(scope="session")
def connect(url):
    """Sessions of the users by login, opened once."""
    database = _required("RECOUVREMENT_DB")
    sessions = {}

    def session(login):
        if login not in sessions:
            sessions[login] = Rpc(url, database, login)
        return sessions[login]

    return session


@pytest.fixture(scope="session")
def admin(connect):
    return connect("admin")


@pytest.fixture(scope="session")
def company(admin):
    """The company of the demonstration that its users work in."""
    [user] = admin.search_read("res.users", [("login", "=", "manager")], ["company_id"])
    return user["company_id"][0]


@pytest.fixture(scope="session")
def outgoing_mail(admin):
    """The mail server of the database, the only one it knows."""
    box = Mailbox()
    known = admin.search_read("ir.mail_server", [], ["id"])
    admin.call("ir.mail_server", "unlink", [row["id"] for row in known])
    admin.call(
        "ir.mail_server",
        "create",
        {
            "name": "Browser tests",
            "smtp_host": "127.0.0.1",
            "smtp_port": box.port,
            "smtp_encryption": "none",
            "smtp_authentication": "login",
        },
    )
    yield box
    box.close()


@pytest.fixture
def mailbox(outgoing_mail, admin):
    """Where all e-mails of the database go; nothing waits to leave at first."""
    waiting = admin.search_read("mail.mail", [("state", "=", "outgoing")], ["id"])
    admin.call("mail.mail", "unlink", [row["id"] for row in waiting])
    outgoing_mail.clear()
    return outgoing_mail


# The browser


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("RECOUVREMENT_CHROMIUM") or None,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def logged_in(chromium, url):
    """Cookies of the users by login: each goes through the log-in page once."""
    states = {}

    def state(login):
        if login not in states:
            context = chromium.new_context(locale="fr-FR", viewport=WIDE)
            page = context.new_page()
            page.set_default_timeout(90_000)
            page.goto(f"{url}/web/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", login)
            page.click("form.oe_login_form button[type=submit]")
            page.wait_for_url("**/odoo**")
            page.wait_for_selector(".o_main_navbar")
            states[login] = context.storage_state()
            context.close()
        return states[login]

    return state


@pytest.fixture
def desk_of(request, chromium, url, connect, logged_in):
    """``desk_of(login, width)``: a browser tab of a user.

    A console error, an HTTP 5xx or a crash fails the test; a failed test leaves a
    picture of each tab.
    """
    tabs, troubles = [], []

    def open_desk(login, width=WIDE["width"], height=WIDE["height"]):
        context = chromium.new_context(
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": height},
            has_touch=width < 600,
            storage_state=logged_in(login),
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.set_default_navigation_timeout(60_000)
        _watch(page, login, troubles)
        tabs.append((login, context, page))
        return Desk(page, url, connect(login))

    yield open_desk

    failed = getattr(request.node, "report_call", None)
    if (failed and failed.failed) or troubles:
        _photograph(request.node.name, tabs)
    for _login, context, _page in tabs:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def phone_of(request, chromium, url):
    """``phone_of(name, locale)``: a telephone without a login; errors count as for a
    desk, but for the pages that tell the visitor what is wrong."""
    tabs, troubles = [], []

    def open_phone(name, locale="fr-FR"):
        context = chromium.new_context(
            locale=locale, timezone_id="Europe/Paris", viewport=SIZE, has_touch=True
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        _watch(page, name, troubles)
        tabs.append((name, context, page))
        return Phone(page, url)

    yield open_phone

    troubles = [text for text in troubles if not TOLD.search(text)]
    failed = getattr(request.node, "report_call", None)
    if (failed and failed.failed) or troubles:
        _photograph(request.node.name, tabs)
    for _name, context, _page in tabs:
        context.close()
    assert not troubles, "\n".join(troubles)


def _watch(page, login, troubles):
    def on_console(message):
        if message.type == "error" and not any(
            word in message.text for word in HARMLESS
        ):
            troubles.append(f"{login}, console: {message.text} {message.location}")

    def on_response(response):
        if response.status >= 500:
            troubles.append(f"{login}: HTTP {response.status} from {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"{login}, script: {error}"))
    page.on("response", on_response)


def _photograph(name, tabs):
    SHOTS.mkdir(parents=True, exist_ok=True)
    for number, (login, _context, page) in enumerate(tabs):
        with suppress(Error):
            page.screenshot(path=SHOTS / f"{name}-{number}-{login}.png")


# Stories that only look come before those that change the company.
ORDER = (
    "screens",
    "aged_balance",
    "key_figures",
    "dashboard",
    "forecast",
    "targets",
    "delay_table",
    "intragroup",
    "appraisal",
    "pack",
    "reporting_roles",
    "widths",
    "risk",
    "collector",
    "desk",
    "desk_hour",
    "worklist_bulk",
    "promise_broken",
    "statement",
    "receipts",
    "payment_claim",
    "relay_page",
    "relay_inside",
    "disputes",
    "customer_page",
    "reconciliation",
    "review",
    "statements",
    "exports",
    "online_payment",
    "bank_details",
    "debit_screens",
    "debit_mandates",
    "debit_cycle",
    "debit_files",
    "debit_returns",
    "debit_refused",
    "requests_mutation",
    "mail_reply",
    "plan_margin",
    "plan_settled",
    "plan_default",
    "litigation",
    "links",
    "customer_languages",
    "substitution",
    "accountant",
    "claims",
    "insolvency",
    "litigation_file",
    "manager",
    "other_roles",
    "portal",
    "replica",
    "new_customer",
)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: ORDER.index(item.path.stem.removeprefix("test_")))
