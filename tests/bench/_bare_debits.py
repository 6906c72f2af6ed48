"""The bare work of a collection, written by hand for this bench: nothing here calls the
addon.

One statement reads what the collection of a company must read: the open items due, of
customers with a mandate, what stops them (collection status, promise, plan, dispute,
hold, a payment or a debit under way, a return), the mandate that each document names
or the first usable one of its customer, and nets the credit notes. Its rows become the
same XML, element by element with bare lxml. It checks, validates, stores and locks
nothing: no debit is kept, so that nothing would prevent the next collection from taking
the same items again.
"""

import io

from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"
REMITTANCE = 140
NUMBER_FIRST = ("FR", "LU")  # where the number of the building stands before its street
PLAIN = str.maketrans("éèêëàâçîïôùûü", "eeeeaaciiouuu")
DEBITS = """
    WITH open AS MATERIALIZED (
        SELECT l.id, l.partner_id, l.move_id, l.company_id,
               l.date_maturity AS due, l.amount_residual_currency AS residual
          FROM account_move_line l
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE
           AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
           AND l.company_id = %(company)s AND l.currency_id = %(euro)s
           AND (l.amount_residual < 0 OR l.date_maturity <= %(until)s)
    ), usable AS MATERIALIZED (
        SELECT id, debtor_id, priority, name, iban, date_signed, partner_id
          FROM recouvrement_sepa_mandate
         WHERE company_id = %(company)s AND state = 'active' AND scheme = 'CORE'
           AND date_signed <= %(day)s AND date_expiry >= %(day)s
           AND (kind = 'recurrent' OR collection_count = 0)
    ), first AS (
        SELECT DISTINCT ON (debtor_id) debtor_id, id FROM usable
      ORDER BY debtor_id, priority, id DESC
    ), item AS MATERIALIZED (
        SELECT o.id, d.id AS debtor_id, o.due, m.name, o.residual, m.move_type,
               m.invoice_date,
               CASE WHEN m.sepa_mandate_id IS NULL THEN f.id ELSE u.id END AS mandate_id
          FROM open o
          JOIN account_move_line l ON l.id = o.id AND l.collection_status = 'to_chase'
          JOIN account_move m ON m.id = o.move_id
          JOIN res_partner p ON p.id = o.partner_id
          JOIN recouvrement_debtor d
            ON d.partner_id = p.commercial_partner_id AND d.company_id = o.company_id
     LEFT JOIN usable u ON u.id = m.sepa_mandate_id AND u.debtor_id = d.id
     LEFT JOIN first f ON f.debtor_id = d.id
         WHERE m.payment_state NOT IN ('blocked', 'in_payment')
           AND (d.hold_until >= CURRENT_DATE) IS NOT TRUE
           AND o.id NOT IN (SELECT move_line_id FROM recouvrement_promise_line
                             WHERE is_live AND move_line_id IS NOT NULL)
           AND o.id NOT IN (SELECT move_line_id FROM recouvrement_payment_plan_line
                             WHERE is_live AND move_line_id IS NOT NULL)
           AND NOT EXISTS (SELECT FROM recouvrement_sepa_collection_item x
                            WHERE x.move_line_id = o.id AND x.live)
           AND m.id NOT IN (SELECT invoice_id FROM account_move__account_payment
                             WHERE invoice_id IS NOT NULL)
           AND m.id NOT IN (SELECT invoice_id FROM account_invoice_transaction_rel)
           AND o.id NOT IN (SELECT i.move_line_id FROM recouvrement_sepa_return r
                              JOIN recouvrement_sepa_collection_item i
                                ON i.line_id = r.line_id
                             WHERE r.state IN ('waiting_booking', 'done'))
    ), debit AS MATERIALIZED (
        SELECT debtor_id, mandate_id, SUM(residual) AS amount,
               STRING_AGG(name, ', ' ORDER BY due, id) AS text,
               MAX(invoice_date) AS told,
               SUM(SUM(residual)) OVER w - SUM(residual) AS since,
               SUM(SUM(residual)) OVER w AS until
          FROM item
         WHERE residual > 0 AND mandate_id IS NOT NULL
           AND invoice_date + %(notice)s <= %(day)s
      GROUP BY debtor_id, mandate_id
        WINDOW w AS (PARTITION BY debtor_id ORDER BY mandate_id)
    ), credit AS (
        SELECT debtor_id, SUM(-residual) AS amount FROM item
         WHERE residual < 0 AND move_type = 'out_refund' GROUP BY debtor_id
    )
    SELECT k.name, k.iban, k.date_signed, p.name, p.street, p.zip, p.city, y.code,
           (d.amount - n.amount)::text, d.text, d.told
      FROM debit d
 LEFT JOIN credit c ON c.debtor_id = d.debtor_id
CROSS JOIN LATERAL (SELECT GREATEST(LEAST(COALESCE(c.amount, 0), d.until) - d.since, 0)
                        AS amount) n
      JOIN usable k ON k.id = d.mandate_id
      JOIN res_partner p ON p.id = k.partner_id
 LEFT JOIN res_country y ON y.id = p.country_id
     WHERE d.amount > n.amount
  ORDER BY d.debtor_id, d.mandate_id
"""


def make(cr, params):
    """Read the debits and write their file.

    :param dict params: company, accounts, euro, until, day, notice.
    :return: bytes of the transactions' file.
    """
    cr.execute(DEBITS, params)
    rows = cr.fetchall()
    stream = io.BytesIO()
    with (
        etree.xmlfile(stream, encoding="UTF-8") as out,
        out.element("Document", nsmap={None: NAMESPACE}),
        out.element("CstmrDrctDbtInitn"),
        out.element("PmtInf"),
    ):
        for number, row in enumerate(rows):
            out.write(_transaction(f"REM-2026-00001-CORE-{number}", row))
    return stream.getvalue()


def _transaction(name_of_debit, row):
    rum, iban, signed, name, street, postcode, town, country, amount, text, told = row
    sub = etree.SubElement
    element = etree.Element("DrctDbtTxInf")
    ids = sub(element, "PmtId")
    sub(ids, "InstrId").text = name_of_debit
    sub(ids, "EndToEndId").text = name_of_debit
    node = sub(element, "InstdAmt")
    node.text = amount
    node.set("Ccy", "EUR")
    direct = sub(element, "DrctDbtTx")
    mandate = sub(direct, "MndtRltdInf")
    sub(mandate, "MndtId").text = rum
    sub(mandate, "DtOfSgntr").text = signed.isoformat()
    sub(mandate, "AmdmntInd").text = "false"
    sub(direct, "PreNtfctnDt").text = told.isoformat()
    bank = sub(sub(element, "DbtrAgt"), "FinInstnId")
    sub(sub(bank, "Othr"), "Id").text = "NOTPROVIDED"
    debtor = sub(element, "Dbtr")
    sub(debtor, "Nm").text = name.translate(PLAIN)
    address = sub(debtor, "PstlAdr")
    if street and country in NUMBER_FIRST:
        number, street = street.split(" ", 1)
        sub(address, "StrtNm").text = street
        sub(address, "BldgNb").text = number
    sub(address, "PstCd").text = postcode
    sub(address, "TwnNm").text = town
    sub(address, "Ctry").text = country
    sub(sub(sub(element, "DbtrAcct"), "Id"), "IBAN").text = iban
    sub(sub(element, "RmtInf"), "Ustrd").text = _fit(text)
    return element


def _fit(text):
    if len(text) <= REMITTANCE:
        return text
    names = text.split(", ")
    count = len(names)
    while True:
        names.pop()
        short = f"{', '.join(names)} +{count - len(names)}"
        if len(short) <= REMITTANCE:
            return short
