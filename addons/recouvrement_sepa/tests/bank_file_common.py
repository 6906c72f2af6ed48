"""Files that a bank could send about the account of the test company."""

import base64

from .return_common import ReturnCommon

IBAN = "FR7630006000011234567890189"
PAYER_IBAN = "FR1420041010050500013M02606"
SPACE = "urn:iso:std:iso:20022:tech:xsd:"


class BankFileCommon(ReturnCommon):
    """``_load(content)`` loads a file as the accountant does; ``_camt(…)`` writes one.

    An entry is ``(amount, {option: value})``, options being `name`, `iban`, `text`,
    `day`, `ref`, `family`, `status`, `inner` (XML of the entry) and `details`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": cls.company.partner_id.id}
        )
        cls.bank.bank_account_id = account
        cls.files = cls.env["recouvrement.bank.file"]
        cls.payer = cls.env["res.partner"].create({"name": "Boulangerie Moreau"})
        cls.env["res.partner.bank"].create(
            {"acc_number": PAYER_IBAN, "partner_id": cls.payer.id}
        )

    def _load(self, content, name="releve.xml", files=None):
        files = self.files if files is None else files
        data = content if isinstance(content, bytes) else content.encode()
        attachment = files.env["ir.attachment"].create(
            {"name": name, "datas": base64.b64encode(data)}
        )
        return files._take_attachments(attachment)

    def _camt(self, entries, opening=1000, closing=None, **options):
        """A camt.053 of one statement; its closing balance adds up unless given."""
        account = options.get("account", IBAN)
        currency = options.get("currency", "EUR")
        booked = [
            amount
            for amount, values in entries
            if values.get("status", "BOOK") == "BOOK"
        ]
        total = round(opening + sum(booked), 2) if closing is None else closing
        balances = "".join(
            self._balance(code, amount, options.get("day", "2026-03-02"), currency)
            for code, amount in (("OPBD", opening), ("CLBD", total))
        )
        body = "".join(
            self._entry(amount, {"currency": currency, **values})
            for amount, values in entries
        )
        kind, root, part = options.get(
            "message", ("camt.053.001.08", "BkToCstmrStmt", "Stmt")
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{SPACE}{kind}">'
            f"<{root}><GrpHdr><MsgId>M1</MsgId></GrpHdr><{part}>"
            f"<Id>{options.get('number', 'S1')}</Id>"
            f"<ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>{account}</IBAN></Id>"
            f"<Ccy>{currency}</Ccy></Acct>"
            f"{balances if part == 'Stmt' else ''}{body}</{part}></{root}></Document>"
        )

    def _balance(self, code, amount, day, currency="EUR"):
        sign = "CRDT" if amount >= 0 else "DBIT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="{currency}">{abs(amount):.2f}</Amt>'
            f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    def _entry(self, amount, values):
        sign = "CRDT" if amount >= 0 else "DBIT"
        family, sub_family = values.get("family", ("RCDT", "ESCT"))
        party = ""
        if values.get("name") or values.get("iban"):
            role = "Dbtr" if amount > 0 else "Cdtr"
            name, iban = values.get("name", ""), values.get("iban", "")
            party = (
                f"<RltdPties><{role}><Pty><Nm>{name}</Nm></Pty></{role}>"
                f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct></RltdPties>"
            )
        text = values.get("text", "")
        details = values.get("details") or (
            "<NtryDtls><TxDtls><Refs/>"
            f"{party}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        )
        return (
            f'<Ntry><Amt Ccy="{values.get("currency", "EUR")}">{abs(amount):.2f}</Amt>'
            f"<CdtDbtInd>{sign}</CdtDbtInd>"
            f"<Sts><Cd>{values.get('status', 'BOOK')}</Cd></Sts>"
            f"<BookgDt><Dt>{values.get('day', '2026-03-02')}</Dt></BookgDt>"
            f"<AcctSvcrRef>{values.get('ref', '')}</AcctSvcrRef>"
            f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>"
            f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
            f"{details}</Ntry>"
        )

    def _transaction(self, amount, inner="", name=""):
        sign = "CRDT" if amount >= 0 else "DBIT"
        return (
            f'<TxDtls>{inner}<Amt Ccy="EUR">{abs(amount):.2f}</Amt>'
            f"<CdtDbtInd>{sign}</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty>"
            "</Dbtr></RltdPties></TxDtls>"
        )

    def _codes(self, file):
        return file.issue_ids.mapped("code")
