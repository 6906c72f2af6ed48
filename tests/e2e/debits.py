"""Direct debits of the stories: customers that pay by them, files of the bank, days."""

import io
import re
from collections import namedtuple
from datetime import timedelta
from importlib.resources import files

from days import today
from lxml import etree
from playwright.sync_api import expect

MODULE = "recouvrement_sepa"
MENU = f"{MODULE}.menu_recouvrement_sepa"
MANDATE = "recouvrement.sepa.mandate"
COLLECTION = "recouvrement.sepa.collection"
DEBIT = "recouvrement.sepa.collection.line"
RETURN = "recouvrement.sepa.return"
FILE = "recouvrement.bank.file"
LEDGER = f"{MODULE}.ir_cron_sepa_ledger"
ISO = "urn:iso:std:iso:20022:tech:xsd:"
OLD_IBAN = "FR1420041010050500013M02606"
NEW_IBAN = "FR7630006000011234567890189"
PRESENTED = ("presented", "booked")
# Days on which banks do not settle, besides week-ends and Easter.
CLOSED = ((1, 1), (5, 1), (12, 25), (12, 26))
# What the story needs to have happened some days ago.
BACK = """
env.cr.execute(
    "UPDATE recouvrement_sepa_collection SET date = %s, date_until = %s,"
    " date_sent = date_sent - (date - %s) WHERE id = %s", (day, day, day, collection))
env.cr.execute(
    "UPDATE recouvrement_sepa_mandate m SET date_last_collection = %s"
    " FROM recouvrement_sepa_collection_line x"
    " WHERE x.mandate_id = m.id AND x.collection_id = %s", (day, collection))
env.cr.execute(
    "UPDATE recouvrement_sepa_collection_line SET date = %s WHERE collection_id = %s",
    (day, collection))
env.invalidate_all()
"""
# A mandate in use, as one taken over.
IN_USE = """
debtor = env["recouvrement.debtor"].browse(debtor).sudo()
debtor.write({"sepa_mode": "yes"})
env["recouvrement.sepa.mandate"].sudo().create({
    "debtor_id": debtor.id, "name": name, "scheme": scheme, "state": "active",
    "creditor_identifier": debtor.company_id._get_sepa_ics(),
    "creditor_name": debtor.company_id._get_sepa_creditor_name(),
    "iban": iban, "account_holder": debtor.partner_id.name[:70],
    "date_signed": signed, "registered_on": signed if scheme == "B2B" else False,
    "signed_as": "imported",
})
"""
Booking = namedtuple("Booking", "amount details family", defaults=("", "IDDT/ESDD"))


# Days


def is_open(day):
    """Whether banks settle on a day; Easter does not fall into the stories."""
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED


def open_day(day, step=1):
    """The day, or the nearest one after it (before it) on which banks settle."""
    while not is_open(day):
        day += timedelta(days=step)
    return day


def move_back(admin, collection):
    """Let the day of a collection have come: the last one on which banks settled."""
    day = open_day(today(), -1)
    admin.run(BACK, collection=collection, day=f"{day}")
    return day


# Screens


def enter(desk, name):
    """Choose an entry of the menu of direct debits."""
    desk.enter_app()
    desk.choose_menu(MENU, f"{MODULE}.menu_recouvrement_{name}")


def shown_bank_file(desk, name, content):
    """Hand a file of the bank over, as the accountant does; what comes of it is on
    screen."""
    enter(desk, "bank_files")
    loader = desk.page.locator(".o_control_panel .o_list_buttons, .o_control_panel")
    loader.locator("button.btn-primary").locator("visible=true").first.click()
    wizard = desk.wizard()
    wizard.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/xml", "buffer": content}
    )
    expect(wizard.locator(".o_attachment")).to_have_count(1)
    desk.wait_idle()
    desk.press("action_load", wizard)


def load(desk, name, content):
    """Load a file of the bank that is taken; returns its id."""
    shown_bank_file(desk, name, content)
    expect(desk.page.locator(".modal")).to_have_count(0)
    desk.wait_view("form")
    assert desk.status() == "loaded"
    return desk.record_id()


def new_collection(desk, admin, day, until=None):
    """The dialog of a new collection of CORE debits on a day."""
    enter(desk, "sepa_collections")
    desk.press(str(admin.ref(f"{MODULE}.sepa_collection_wizard_action")))
    wizard = desk.wizard()
    desk.choose("recouvrement.sepa.collection.wizard", "scheme", "CORE", wizard)
    desk.pick_day("date", day, wizard)
    if until:
        desk.pick_day("date_until", until, wizard)
    desk.wait_idle()
    return wizard


def download_file(desk):
    """The file of the collection on screen."""
    with desk.download() as file:
        desk.button("action_download").first.click()
    desk.wait_idle()
    return file["content"]


# Files


def checked(content):
    """The root of a pain.008 that its schema accepts."""
    tree = etree.parse(io.BytesIO(content))
    name = re.search(r"pain\.008\.001\.\d\d", tree.getroot().tag)[0]
    schema = files("sepaxml") / "schemas" / f"{name}.xsd"
    etree.XMLSchema(etree.fromstring(schema.read_bytes())).assertValid(tree)
    return tree.getroot()


def transaction_of(root, end_to_end_id):
    """The transaction of a pain.008 that bears a reference."""
    [found] = root.xpath(
        "//*[local-name()='DrctDbtTxInf'][.//*[local-name()='EndToEndId']=$key]",
        key=end_to_end_id,
    )
    return found


def texts(node, *path):
    """Texts at a path of local names."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path)
    return [found.text for found in node.xpath(f".//{steps}")]


def statement(account, number, day, opening, bookings):
    """A camt.053 whose balances add up."""
    closing = opening + sum(booking.amount for booking in bookings)
    head = _balance("OPBD", opening, day) + _balance("CLBD", closing, day)
    return _camt("053", "BkToCstmrStmt", "Stmt", account, number, day, bookings, head)


def status_report(number, day, message_id, reason):
    """A pain.002 in which the bank refuses a whole file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="{ISO}pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>{number}</MsgId><CreDtTm>{day}T06:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def notification(account, number, day, bookings):
    """A camt.054."""
    kind = ("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return _camt(*kind, account, number, day, bookings, "")


def _camt(kind, root, part, account, number, day, bookings, head):
    entries = "".join(
        _entry(booking, day, f"{number}-{index}")
        for index, booking in enumerate(bookings)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="{ISO}camt.{kind}.001.08"><{root}><GrpHdr>'
        f"<MsgId>{number}</MsgId><CreDtTm>{day}T06:00:00</CreDtTm></GrpHdr><{part}>"
        f"<Id>{number}</Id><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{head}{entries}</{part}></{root}></Document>"
    ).encode()


def _balance(kind, amount, day):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if amount >= 0 else 'DBIT'}</CdtDbtInd>"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(booking, day, reference):
    family, sub_family = booking.family.split("/")
    return (
        f'<Ntry><Amt Ccy="EUR">{abs(booking.amount):.2f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if booking.amount >= 0 else 'DBIT'}</CdtDbtInd>"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{booking.details}</NtryDtls></Ntry>"
    )


def lot(payment_info_id, amount):
    """The bank's credit of one lot of debits."""
    return Booking(
        amount,
        f"<Btch><PmtInfId>{payment_info_id}</PmtInfId></Btch>",
    )


def returned(debit, reason, amount=None, **other):
    """The bank takes back a debit: a row with ``end_to_end_id``, ``rum``, ``iban``,
    ``amount``.

    :param other: what the bank writes otherwise
    """
    told = {**debit, **other}
    amount = amount or told["amount"]
    return Booking(
        -amount,
        f"<TxDtls><Refs><EndToEndId>{told['end_to_end_id']}</EndToEndId>"
        f"<MndtId>{told['rum']}</MndtId></Refs>"
        f'<Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        f"<RltdPties><Dbtr><Pty><Nm>{told['debtor_name']}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{told['iban']}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf></TxDtls>",
        "IDDT/UPDD",
    )


# Preparing


# A collection of the debits of some customers only, as the bank has it.
SENT = """
collections = env["recouvrement.sepa.collection"].sudo()
journal = env["account.journal"].sudo().search(
    [("type", "=", "bank"), ("company_id", "=", company),
     ("bank_account_id", "!=", False)], order="sequence, id", limit=1)
collection = collections._propose(journal, "CORE", datetime.date.fromisoformat(day),
                                  datetime.date.fromisoformat(day))
collection.line_ids.filtered(lambda x: x.debtor_id.id not in debtors).action_remove()
collection.action_submit()
if collection.state == "to_approve":
    collection._approve()
collection.action_generate()
collection.action_sent()
"""
DEBIT_FIELDS = (
    "collection_id",
    "end_to_end_id",
    "rum",
    "iban",
    "amount",
    "debtor_name",
    "payment_info_id",
    "state",
)


def put_in_use(admin, debtor, iban=OLD_IBAN, scheme="CORE", days=60):
    """A mandate of a customer, signed so many days ago."""
    signed = today() - timedelta(days=days)
    admin.run(
        IN_USE,
        debtor=debtor["id"],
        name=f"RUM-E2E-{debtor['id']}",
        scheme=scheme,
        iban=iban,
        signed=f"{signed}",
    )


def booked_debits(admin, company, debtors):
    """Debits of customers, one each, booked on the last day on which banks settled."""
    day = open_day(today() + timedelta(days=17))
    ids = [debtor["id"] for debtor in debtors]
    admin.run(SENT, company=company, debtors=ids, day=f"{day}")
    found = debits_of(admin, ids)
    [collection] = {debit["collection_id"][0] for debit in found}
    move_back(admin, collection)
    admin.run_cron(LEDGER)
    return debits_of(admin, ids)


def debits_of(rpc, debtor_ids):
    """Debits of customers, in the order of the customers."""
    rows = rpc.search_read(
        DEBIT, [("debtor_id", "in", debtor_ids)], [*DEBIT_FIELDS, "debtor_id"]
    )
    return sorted(rows, key=lambda row: debtor_ids.index(row["debtor_id"][0]))


def bank_account(admin, company):
    """Account number of the bank that collects."""
    journals = admin.search_read(
        "account.journal",
        [
            ("type", "=", "bank"),
            ("company_id", "=", company),
            ("bank_account_id", "!=", False),
        ],
        ["bank_acc_number"],
        order="sequence, id",
        limit=1,
    )
    return journals[0]["bank_acc_number"].replace(" ", "")


def is_french(text):
    """Whether a message speaks French, whatever its wording."""
    words = set(re.findall(r"[a-zéèêàùç]+", text.lower()))
    return bool(words & {"le", "la", "les", "de", "du", "un", "une", "ce"}) and not (
        words & {"the", "was", "of", "is", "this", "are", "has", "nothing"}
    )
