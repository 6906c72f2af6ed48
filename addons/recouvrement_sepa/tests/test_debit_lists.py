"""What the lists of debits and returns say, and the share of debits that come back."""

from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestDebitLists(ReturnCommon):
    def test_a_debit_names_its_first_documents(self):
        line = self._debit()
        for remittance, shown in (
            (False, ""),
            ("A", "A"),
            ("A, B", "A, B"),
            ("A, B, C, D", "A, B + 2"),
        ):
            line.sudo().remittance = remittance
            self.assertEqual(line.documents, shown)

    def test_an_unmatched_return_shows_the_name_given_by_the_bank(self):
        found = self._take(self._event(self._debit()))
        lost = self._take(self._event(debtor_name="SCI DES TILLEULS"))
        nameless = self._take(
            self._event(
                debtor_name="", iban="FR1420041010050500013M02606", end_to_end_id="X-2"
            )
        )
        self.assertEqual(found.customer_label, self.mandate.partner_id.display_name)
        self.assertEqual(lost.state, "to_match")
        self.assertEqual(lost.customer_label, "SCI DES TILLEULS")
        self.assertEqual(nameless.customer_label, "FR1420041010050500013M02606")

    def test_the_return_rate_counts_what_the_bank_was_given(self):
        good, bad = self._debit(300.0), self._debit(100.0)
        for state in ("planned", "cancelled"):
            self._debit(1000.0, booked=False).sudo().write(
                {"state": state, "live": False}
            )
        self._take(self._event(bad))
        lines = self.env["recouvrement.sepa.collection.line"]
        rates = ["return_rate:avg", "return_rate_amount:avg"]
        mandate = [("mandate_id", "=", self.mandate.id)]
        self.assertEqual(lines._read_group(mandate, aggregates=rates), [(50.0, 25.0)])
        self.assertEqual(
            lines._read_group([("id", "in", good.ids)], aggregates=rates), [(0.0, 0.0)]
        )
        planned = [*mandate, ("state", "in", ("planned", "cancelled"))]
        [(number, amount)] = lines._read_group(planned, aggregates=rates)
        self.assertFalse(number or amount, "the bank was given nothing")

    def test_the_return_rate_is_a_measure_of_the_pivot(self):
        shown = self.env["recouvrement.sepa.collection.line"].fields_get(
            ["return_rate", "return_rate_amount"]
        )
        self.assertEqual({field["aggregator"] for field in shown.values()}, {"avg"})

    def test_the_totals_of_no_collection_need_no_query(self):
        none = self.env["recouvrement.sepa.collection"]
        with self.assertQueryCount(0):
            none._refresh_totals()
