"""What the credit manager looks at each morning: the risk agenda, who weighs most."""

from decimal import Decimal

from desk import amount
from playwright.sync_api import expect

ITEM = "recouvrement.risk.item"
WEIGHT = "recouvrement.risk.concentration"
PAGE_360 = ".o_recouvrement_desk_body"


def test_the_agenda_says_what_is_above_its_limit_and_opens_it(desk_of, company):
    desk = desk_of("manager")
    desk.open("risk-agenda")
    desk.clear_search()
    here = [("company_id", "=", company)]
    known = desk.rpc.search_read(ITEM, here, ["kind"])
    assert desk.total() >= len(known) > 0
    exceeded = desk.rpc.search_read(
        ITEM, [*here, ("kind", "=", "limit_exceeded")], ["customer_id", "limit_excess"]
    )
    assert exceeded, "the demonstration has customers above their limit"
    desk.filter(ITEM, "limits")
    first = exceeded[0]
    row = desk.row(first["customer_id"][1]).filter(has_text="Limite dépassée")
    shown = amount(desk.cell(row, "limit_excess").inner_text())
    assert shown == Decimal(str(first["limit_excess"])).quantize(Decimal("0.01"))
    assert desk.overflow() <= 0
    desk.cell(row, "customer_id").click()
    expect(desk.page.locator(PAGE_360)).to_contain_text(first["customer_id"][1])


def test_a_review_opens_its_customer_file(desk_of):
    desk = desk_of("manager")
    desk.open("risk-agenda")
    desk.clear_search()
    desk.filter(ITEM, "files")
    row = desk.rows().filter(has_text="Revue à faire").first
    name = desk.cell(row, "customer_id").inner_text().strip()
    desk.cell(row, "customer_id").click()
    desk.wait_view("form")
    assert name in desk.read("debtor_id")


def test_the_largest_customers_and_their_share(desk_of, company):
    desk = desk_of("manager")
    desk.open("risk-concentration")
    assert desk.total() >= 10
    largest = desk.rpc.search_read(
        WEIGHT,
        [("company_id", "=", company), ("position", "<=", 10)],
        ["customer_id", "share", "cumulated_share"],
        order="position",
    )
    row = desk.row(largest[0]["customer_id"][1])
    assert amount(desk.cell(row, "share").inner_text()) == Decimal(
        str(largest[0]["share"])
    ).quantize(Decimal("0.01"))
    assert abs(largest[-1]["cumulated_share"] - sum(r["share"] for r in largest)) < 0.1
    assert desk.overflow() <= 0
    desk.switch_view("pivot")
    desk.switch_view("graph")
    expect(desk.page.locator(".o_graph_canvas_container canvas")).to_be_visible()


def test_a_salesperson_sees_his_customers_only(desk_of):
    desk = desk_of("salesperson")
    desk.open("risk-agenda")
    desk.clear_search()
    mine = desk.rpc.search_read(ITEM, [], ["salesperson_id"])
    assert desk.total() == len(mine)
    [user] = desk.rpc.search_read("res.users", [("login", "=", "salesperson")], ["id"])
    assert {row["salesperson_id"][0] for row in mine} <= {user["id"]}


def test_on_a_phone_nothing_sticks_out(desk_of):
    desk = desk_of("manager", 390, 844)
    for path in ("risk-agenda", "risk-concentration"):
        desk.open(path)
        assert desk.overflow() <= 0, path
