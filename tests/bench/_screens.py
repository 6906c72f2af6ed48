"""Opening the lists and forms of a collector's day, as the web client asks for them."""

from contextlib import contextmanager

from _measure import repeated
from lxml import etree

PAGE = 80
SECONDS = 0.3  # on the server; or twice Odoo's own contact list, if that is longer
TIMES = 7


def run(bench):
    """Judge the debtor list and the debtor with most items."""
    bench.report.head("Opening screens (median, new cache each time)")
    with bench.cursor() as env:
        user = env.ref("base.user_admin")
        companies = env["res.company"].search([])
        user.company_ids = companies
        env = env(user=user, context={"allowed_company_ids": companies.ids})
        env.flush_all()
        contacts = measure(env, _list(env, "res.partner"))
        limit = max(SECONDS, 2 * contacts.seconds)
        big = env["recouvrement.debtor"].search(
            [], order="open_item_count DESC", limit=1
        )
        bench.report.row("Odoo's own contact list of 80", contacts)
        screens = [
            ("debtor list of 80", _list(env, "recouvrement.debtor")),
            (f"debtor with {big.open_item_count:,} open items, form", _form(big)),
            ("its open items, 80 with count", _list(env, *_items_of(big))),
        ]
        for label, work in screens:
            sample = measure(env, work)
            bench.report.row(label, sample)
            target = f"<= {limit:.2f} s"
            bench.report.judge(label, sample.seconds <= limit, target)
        everything = measure(env, _list(env, "recouvrement.open.item"))
        bench.report.row("open items of all debtors, 80 with count", everything)


def _items_of(debtor):
    return "recouvrement.open.item", [("debtor_id", "=", debtor.id)]


def measure(env, work):
    @contextmanager
    def around():
        env.invalidate_all()
        yield

    work()
    return repeated(TIMES, work, around)


def _list(env, model, domain=()):
    records = env[model]
    specification = fields_of_view(records, "list")

    def work():
        records.web_search_read(
            list(domain), specification, limit=PAGE, count_limit=10001
        )

    return work


def _form(record):
    specification = fields_of_view(record, "form")

    def work():
        record.web_read(specification)

    return work


def fields_of_view(records, view_type, view_id=False):
    """Fields that the web client reads for a view.

    Optional columns that are hidden at first are not read by it either.
    """
    views = records.get_views([(view_id, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    return _read_arch(records, arch)


def _read_arch(records, arch):
    specification = {}
    for node in arch.iter("field"):
        name = node.get("name")
        nested = any(parent.tag == "field" for parent in node.iterancestors())
        if nested or node.get("optional") == "hide" or name in specification:
            continue
        specification[name] = _read_field(records, node, records._fields[name])
    return specification


def _read_field(records, node, field):
    if field.type in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if field.type not in ("one2many", "many2many"):
        return {}
    for child in node:
        if child.tag in ("list", "kanban"):
            comodel = records.env[field.comodel_name]
            inner = etree.fromstring(etree.tostring(child))
            return {"fields": _read_arch(comodel, inner), "limit": 40}
    return {"fields": {"display_name": {}}}
