"""Documentary credits: what the bank bears, and the days not to miss."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestDocumentaryCredit(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("recouvrement.cover_kind_documentary")
        cls.bank = cls.env["res.partner"].create({"name": "Issuing Bank"})
        cls.items = cls.env["recouvrement.risk.item"]

    def _credit(self, **vals):
        return self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.kind.id,
                "provider_id": self.bank.id,
                "amount": 500,
                **vals,
            }
        )

    def _agenda(self):
        self.env.flush_all()
        found = self.items.search(
            [
                ("debtor_id", "=", self.debtor.id),
                ("kind", "in", ("shipment_due", "documents_due")),
            ]
        )
        return [(item.kind, item.date) for item in found]

    def test_it_covers_until_its_last_day(self):
        credit = self._credit(date_from=self._day(-9), date_to=self.today)
        self.assertEqual(self.debtor.exposure_guaranteed, 500)
        credit.date_to = self._day(-1)
        self.assertEqual(self.debtor.exposure_guaranteed, 0)

    def test_documents_are_due_so_many_days_after_shipment_and_before_the_end(self):
        credit = self._credit(date_to=self._day(60), date_shipment=self._day(20))
        self.assertEqual(credit.presentation_days, 21)
        self.assertEqual(credit.date_presentation, self._day(41))
        credit.date_shipped = self._day(-1)
        self.assertEqual(credit.date_presentation, self._day(20))
        credit.presentation_days = 10
        self.assertEqual(credit.date_presentation, self._day(9))
        credit.write({"date_to": self._day(3), "date_shipment": False})
        self.assertEqual(credit.date_presentation, self._day(3))

    def test_the_usual_days_are_those_of_the_kind(self):
        self.kind.presentation_days = 15
        credit = self._credit(date_shipment=self.today)
        self.assertEqual(credit.date_presentation, self._day(15))
        other = self._credit(
            kind_id=self.env.ref("recouvrement.cover_kind_bank").id,
            date_to=self._day(5),
        )
        self.assertFalse(other.date_presentation)

    def test_the_agenda_tells_shipment_then_documents_until_presented(self):
        credit = self._credit(date_to=self._day(90), date_shipment=self._day(31))
        self.assertEqual(self._agenda(), [])
        credit.date_shipment = self._day(30)
        self.assertEqual(self._agenda(), [("shipment_due", self._day(30))])
        credit.date_shipped = self._day(-25)
        self.assertEqual(self._agenda(), [("documents_due", self._day(-4))])
        [item] = self.items.search([("kind", "=", "documents_due")])
        self.assertEqual(item.action_open()["res_id"], credit.id)
        credit.date_presented = self.today
        self.assertEqual(self._agenda(), [])
        credit.write({"date_presented": False, "state": "refused"})
        self.assertEqual(self._agenda(), [])

    def test_what_was_missed_is_told_for_a_while(self):
        credit = self._credit(
            date_from=self._day(-90),
            date_to=self._day(90),
            date_shipment=self._day(-30),
        )
        self.assertEqual(self._agenda(), [("shipment_due", self._day(-30))])
        credit.date_shipment = self._day(-31)
        self.assertEqual(self._agenda(), [])

    def test_the_list_has_the_documentary_credits_only(self):
        credit = self._credit()
        self._credit(kind_id=self.env.ref("recouvrement.cover_kind_bank").id)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_cover_action_documentary"
        )
        self.assertEqual(
            self.env["recouvrement.cover"].search(
                [
                    ("kind_id.is_documentary", "=", True),
                    ("debtor_id", "=", self.debtor.id),
                ]
            ),
            credit,
        )
        self.assertIn("is_documentary", action["domain"])

    def test_dates_that_make_no_sense_are_refused(self):
        for vals in (
            {"date_to": self._day(5), "date_shipment": self._day(6)},
            {"date_shipped": self._day(-1), "date_presented": self._day(-2)},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._credit(**vals)

    def test_a_collector_reads_and_does_not_enter(self):
        collector = self._user("collector")
        self.debtor.collector_id = collector
        credit = self._credit().with_user(collector)
        self.assertEqual(credit.presentation_days, 21)
        with self.assertRaises(AccessError):
            credit.date_shipped = self.today
