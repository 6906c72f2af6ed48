"""What a bank's file sets going: collections settled, returns taken, customers told."""

from odoo.tests import tagged

from .bank_file_common import BankFileCommon

NOTICE = ("camt.054.001.08", "BkToCstmrDbtCdtNtfctn", "Ntfctn")


@tagged("post_install", "-at_install")
class TestBankFileFollow(BankFileCommon):
    def _return_details(self, line, amount, reason="AM04"):
        return {
            "family": ("IDDT", "UPDD"),
            "details": "<NtryDtls><TxDtls><Refs>"
            f"<EndToEndId>{line.end_to_end_id}</EndToEndId><MndtId>{line.rum}</MndtId>"
            f'</Refs><Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
            f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf></TxDtls></NtryDtls>",
        }

    def test_a_credit_that_names_its_lot_settles_the_collection(self):
        line = self._debit(100)
        collection = line.collection_id
        day = str(collection.date)
        batch = (
            "<NtryDtls><Btch><PmtInfId>"
            f"{line.payment_info_id}</PmtInfId><NbOfTxs>1</NbOfTxs></Btch></NtryDtls>"
        )
        entry = (100, {"family": ("IDDT", "ESDD"), "details": batch, "day": day})
        file = self._load(self._camt([entry], day=day))
        self.assertEqual(file.state, "loaded", file.issue_ids.mapped("text"))
        self.assertEqual((file.collection_count, file.settled_count), (1, 1))
        self.assertEqual(collection.state, "settled")
        self.assertTrue(file.statement_ids.line_ids.is_reconciled)
        self.assertFalse(file.can_undo)

    def test_a_credit_of_an_unknown_collection_waits_for_a_person(self):
        entry = (77, {"family": ("IDDT", "ESDD"), "details": "<NtryDtls/>"})
        file = self._load(self._camt([entry]))
        self.assertEqual(self._codes(file), ["no_collection"])
        self.assertFalse(file.statement_ids.line_ids.is_reconciled)

    def test_the_same_return_in_three_messages_counts_once(self):
        line = self._debit(100)
        day = str(line.date)
        values = {**self._return_details(line, 100), "day": day}
        notice = self._camt([(-100, values)], message=NOTICE)
        first = self._load(notice, name="notice.xml")
        self.assertEqual(first.state, "loaded", first.issue_ids.mapped("text"))
        self.assertEqual((first.event_count, first.return_count), (1, 1))
        self.assertEqual(first.line_count, 0, "a notification is no statement")
        back = self.returns.search([("line_id", "=", line.id)])
        self.assertEqual(back.bank_file_id, first)
        again = self._load(notice + " ", name="again.xml")
        statement = self._load(self._camt([(-100, values)], day=day), name="s.xml")
        self.assertEqual((again.event_count, statement.event_count), (1, 1))
        self.assertEqual(self.returns.search([("line_id", "=", line.id)]), back)
        self.assertEqual(statement.line_count, 1)

    def test_a_refused_file_takes_no_return(self):
        line = self._debit(100)
        values = {**self._return_details(line, 100), "day": str(line.date)}
        bad = self._camt([(-100, values)], closing=1)
        file = self._load(bad)
        self.assertEqual(self._codes(file), ["balance"])
        self.assertFalse(self.returns.search([("line_id", "=", line.id)]))
