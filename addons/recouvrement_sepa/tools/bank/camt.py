"""camt.052, .053 and .054: what was booked on an account."""

from .camt_detail import SIGNS, RawDetail, charges, codes, currency_of
from .model import BankFileError, Batch, Detail, Entry, Statement
from .values import read_amount, read_day
from .xml import forget, identifier, local, node, nodes, read_header, text, tree

CONTAINERS = {"Stmt", "Rpt", "Ntfctn"}
OPENING, CLOSING = ("OPBD", "PRCD", "ITBD"), ("CLBD", "ITBD")
TRUE = ("true", "1")


def statements(document, reader):
    """Statements of a document, in order; each one's entries are read as they are
    asked for, and skipped when they are not."""
    number = 0
    events = reader.events()
    for action, element in events:
        if action == "end":
            if local(element) == "GrpHdr":
                read_header(document, element)
            continue
        if local(element) in CONTAINERS:
            number += 1
            yield from _statement(document, reader, events, element, number)


def _statement(document, reader, events, container, number):
    where = f"{document.where}, statement {number}" if number > 1 else document.where
    walk = _Walk(document, reader, events, container, where)
    statement = walk.open()
    yield statement
    for _entry in statement.entries:
        pass


class _Walk:
    """Entries of one statement. The first one tells that the statement's own data
    (account, balances) has been read."""

    def __init__(self, document, reader, events, container, where):
        self.document, self.reader, self.events = document, reader, events
        self.container, self.where = container, where
        self.number = 0
        self.details = []
        self.statement = None

    def open(self):
        ended = self._to_first_entry()
        self.statement = self._header()
        if ended:
            self.statement.entries = iter(())
            self.statement.entry_count = 0
        return self.statement

    def _to_first_entry(self):
        for action, element in self.events:
            if action == "start" and local(element) == "Ntry":
                return False
            if action == "end" and element is self.container:
                return True
        raise BankFileError("xml", self.where)

    def _header(self):
        data, where = tree(self.container, "Ntry"), self.where
        account = node(data, "Acct")
        currency = text(account, "Ccy") or _balance_currency(data)
        number = text(data, "LglSeqNb", "ElctrncSeqNb")
        statement = Statement(
            document=self.document.version,
            account_iban=identifier(account, "Id/IBAN"),
            currency=currency,
            number=number,
            reference=text(data, "Id"),
            opening=None,
            closing=None,
            date_start=read_day(text(data, "FrToDt/FrDtTm", "FrToDt/FrDt"), where),
            date_end=read_day(text(data, "FrToDt/ToDtTm", "FrToDt/ToDt"), where),
            entries=self._entries(),
            where=where,
            account_number=identifier(account, "Id/Othr/Id", "Id/BBAN"),
        )
        self._read_balances(statement, data)
        return statement

    def _read_balances(self, statement, data):
        balances = [_balance(item, self.where) for item in nodes(data, "Bal")]
        opening = _pick(balances, OPENING)
        closing = _pick(list(reversed(balances)), CLOSING)
        if opening is closing:
            opening = closing = None
        if opening and statement.opening is None:
            statement.opening = opening[1]
            if opening[0] != "PRCD":
                statement.date_start = statement.date_start or opening[2]
        if closing and statement.closing is None:
            statement.closing = closing[1]
            statement.date_end = closing[2] or statement.date_end

    def _entries(self):
        """Entries, the first of which has been opened already."""
        for action, element in self.events:
            if action == "start":
                continue
            name = local(element)
            if name == "TxDtls":
                self.details.append(RawDetail(tree(element), self._place()))
                forget(element)
            elif name == "Ntry":
                self.number += 1
                entry = self._entry(tree(element, "TxDtls"))
                forget(element)
                yield entry
            elif element is self.container:
                self._close()
                return
        raise BankFileError("xml", self.where)

    def _place(self):
        detail = len(self.details) + 1
        return f"{self.where}, entry {self.number + 1}, detail {detail}"

    def _close(self):
        self._read_balances(self.statement, tree(self.container, "Ntry"))
        names = [local(item) for item in self.container]
        if "Ntry" in names and "Bal" in names[names.index("Ntry") :]:
            self.reader.remark("order", self.where)
        self.statement.entry_count = self.number
        forget(self.container)

    def _entry(self, element):
        where = f"{self.where}, entry {self.number}"
        amount_node = node(element, "Amt")
        currency = currency_of(amount_node, self.statement.currency)
        amount = read_amount(_text(amount_node), currency, where)
        sign = self._sign(element, where)
        family, sub_family, proprietary = codes(element)
        whole = Detail(amount * sign, currency=currency, family=family)
        own = self.statement.account_iban
        details = tuple(raw.finish(whole, own) for raw in self.details)
        self.details = []
        return Entry(
            where=where,
            amount=amount * sign,
            currency=currency,
            status=self._status(element, where),
            booked_on=read_day(text(element, "BookgDt/Dt", "BookgDt/DtTm"), where),
            value_on=read_day(text(element, "ValDt/Dt", "ValDt/DtTm"), where),
            bank_reference=text(element, "AcctSvcrRef"),
            family=family,
            sub_family=sub_family,
            proprietary=proprietary,
            reversal=text(element, "RvslInd") in TRUE,
            text=text(element, "AddtlNtryInf"),
            batch=_batch(element, where),
            charges=charges(element, where),
            details=details,
        )

    def _sign(self, element, where):
        sign = SIGNS.get(text(element, "CdtDbtInd"))
        if not sign:
            raise BankFileError("direction", where)
        return sign

    def _status(self, element, where):
        status = text(element, "Sts/Cd", "Sts/Prtry", "Sts")
        if not status:
            self.reader.remark("no_status", where)
            return "BOOK" if self.document.kind == "camt.053" else "INFO"
        return status


def _text(element):
    return "" if element is None else element.text


def _balance_currency(container):
    for amount in nodes(container, "Bal/Amt"):
        return currency_of(amount, "")
    return ""


def _balance(element, where):
    where = f"{where}, balance"
    amount = node(element, "Amt")
    value = read_amount(_text(amount), currency_of(amount, ""), where)
    sign = SIGNS.get(text(element, "CdtDbtInd"))
    if not sign:
        raise BankFileError("direction", where)
    code = text(element, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
    return code, value * sign, read_day(text(element, "Dt/Dt", "Dt/DtTm"), where)


def _pick(balances, codes):
    for code in codes:
        for balance in balances:
            if balance[0] == code:
                return balance
    return None


def _batch(element, where):
    batch = node(element, "NtryDtls/Btch")
    if batch is None:
        return None
    total = node(batch, "TtlAmt")
    count = text(batch, "NbOfTxs")
    return Batch(
        payment_info_id=text(batch, "PmtInfId"),
        count=int(count) if count.isascii() and count.isdigit() else None,
        total=None if total is None else read_amount(total.text, "", where),
        message_id=text(batch, "MsgId"),
    )
