"""A creditor, and verbs that make mandates of its customers."""

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

ICS = "FR72ZZZ123456"
IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR1420041010050500013M02606"


class MandateCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_creditor(cls.company)
        cls.debtor = cls._make_debtor("Boulangerie Dubois", vat="FR40303265045")

    @classmethod
    def _make_creditor(cls, company, ics=ICS):
        company.write({"sepa_ics": ics, "sepa_creditor_name": "Minoterie Test"})

    @classmethod
    def _make_mandate(cls, debtor=None, state="active", **vals):
        """A mandate, taken up to a state on its way to ``active``."""
        values = {"scheme": "CORE", "iban": IBAN, **vals}
        signed = values.pop("date_signed", cls.today)
        mandate = cls.env["recouvrement.sepa.mandate"].create(
            {"debtor_id": (debtor or cls.debtor).id, **values}
        )
        if state == "draft":
            return mandate
        mandate.action_send()
        if state == "sent":
            return mandate
        mandate._sign({}, signed)
        if state == "active" and mandate.scheme == "B2B":
            mandate._note_registered(cls.today)
        return mandate
