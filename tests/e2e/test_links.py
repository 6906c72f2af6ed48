"""Links that open nothing any more: expired, withdrawn, or never given. The page is
polite, in the language of the customer, and tells nothing of the account."""

from datetime import timedelta

import pytest
from days import today
from invoicing import bill, give_to
from phone import address_of
from playwright.sync_api import expect

LINK = "recouvrement.access.link"
# Language of the customer, that of its browser, name.
CUSTOMERS = (
    ("fr_FR", "fr-FR", "Garage des Tilleuls"),
    ("nl_NL", "fr-FR", "Bakkerij Vermeulen"),
    ("de_DE", "en-GB", "Schreinerei Vogt"),
    ("en_GB", "fr-FR", "Harlow Joinery"),
)
# A link is signed with its last day: an old one is made old, as nobody can on a screen.
EXPIRED = """
link = env["recouvrement.access.link"].sudo().browse(link)
old = link.copy({"date_expiry": datetime.date.fromisoformat(day)})
env["ir.config_parameter"].sudo().set_param("recouvrement.browser_test", old._get_url())
"""
PARAMETER = "ir.config_parameter"


@pytest.mark.parametrize(("lang", "locale", "name"), CUSTOMERS)
def test_a_closed_link_is_polite(admin, connect, phone_of, url, lang, locale, name):
    partner = bill(admin, name, [321.0], lang=lang)
    debtor = give_to(connect, partner, "collector")
    rpc = connect("collector")
    path = address_of(rpc, debtor["id"])
    phone = phone_of(lang, locale)
    assert phone.open(path) == 200
    assert phone.lang() == lang[:2]
    phone.page.context.clear_cookies()

    texts = set()
    for closed in (expired(admin, path, url), withdrawn(rpc, path)):
        assert phone.open(closed) == 404
        texts.add(polite(phone, lang[:2], name))
        assert phone.open(f"{closed}/pay") == 404
    number, signature = path.rsplit("-", 1)
    # Nobody knows whose a forged address is: the browser's language decides.
    assert phone.open(f"{number}-{signature[::-1]}") == 404
    unknown = polite(phone, locale[:2], name)
    assert phone.open("/recouvrement/portal/nothing") == 404
    assert polite(phone, locale[:2], name) == unknown
    assert len(texts) == 1
    if lang[:2] == locale[:2]:
        assert texts == {unknown}


def expired(admin, path, url):
    """Path of a link of the same person that was open until yesterday."""
    number = int(path.rsplit("/", 1)[1].split("-")[0])
    day = f"{today() - timedelta(days=1)}"
    admin.run(EXPIRED, link=number, day=day)
    [row] = admin.search_read(
        PARAMETER, [("key", "=", "recouvrement.browser_test")], ["value"]
    )
    admin.call(PARAMETER, "unlink", [row["id"]])
    return row["value"].removeprefix(url)


def withdrawn(rpc, path):
    """The link, once the collector has withdrawn it."""
    number = int(path.rsplit("/", 1)[1].split("-")[0])
    rpc.call(LINK, "action_revoke", [number])
    return path


def polite(phone, lang, name):
    """What the page says."""
    assert phone.lang() == lang
    text = phone.page.locator("#wrap").inner_text()
    expect(phone.page.locator("h1")).to_be_visible()
    assert name not in phone.page.content()
    assert "recouvrement" not in phone.page.title().lower()
    assert phone.overflow() <= 0
    return text
