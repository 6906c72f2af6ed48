"""A creditor with a bank, and verbs that take a collection from a proposal on."""

from datetime import timedelta

from lxml import etree

from odoo import fields

from ..tools import target_calendar
from .mandate_common import MandateCommon

BANK_IBAN = "FR161293974833I1JEZO3JOOJ63"


class CollectionCommon(MandateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls._make_bank(cls.company)
        cls.company.sepa_approval_amount = 1_000_000
        cls.mandate = cls._make_mandate(date_signed=cls._day(-30))
        cls.partner = cls.debtor.partner_id
        # What the mandates' tests owe is not what is collected here.
        cls.partner.invoice_ids.button_draft()
        cls.partner.invoice_ids.button_cancel()
        cls.later = target_calendar.add_open_days(cls.today, 6)

    # EXTENDS 'account'
    @classmethod
    def collect_company_accounting_data(cls, company):
        """Companies keep their books in euros, from before their first entry."""
        euro = cls.env.ref("base.EUR")
        euro.active = True
        company.currency_id = euro
        return super().collect_company_accounting_data(company)

    @classmethod
    def _make_bank(cls, company, iban=BANK_IBAN):
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        journal.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": company.partner_id.id}
        )
        return journal

    @classmethod
    def _make_told_invoice(cls, partner, amount=100.0, due=0, **vals):
        """An invoice of which the customer was told long enough ago."""
        return cls._make_invoice(
            partner, amount, due=due, invoice_date=cls._day(-40), **vals
        )

    @classmethod
    def _candidates(cls, journal=None, scheme=None, until=None, date=None):
        """What the simulation says on these terms."""
        journal = journal or cls.bank
        model = cls.env["recouvrement.sepa.candidate"].with_context(
            sepa_company_id=journal.company_id.root_id.id,
            sepa_journal_id=journal.id,
            sepa_scheme=scheme,
            sepa_until=fields.Date.to_string(until or cls.later),
            sepa_date=fields.Date.to_string(date or cls.later),
        )
        return model.search([])

    @classmethod
    def _verdict(cls, move, **terms):
        """The verdict on an invoice, or None when it is not listed."""
        found = cls._candidates(**terms)
        found = found.filtered(lambda c: c.move_line_id in cls._items(move))
        reasons = set(found.mapped("reason"))
        return reasons.pop() if len(reasons) == 1 else sorted(reasons) or None

    @classmethod
    def _propose_debits(cls, scheme="CORE", journal=None, until=None, date=None):
        return cls.env["recouvrement.sepa.collection"]._propose(
            journal or cls.bank, scheme, until or cls.later, date or cls.later
        )

    @classmethod
    def _collect(cls, state="sent", **terms):
        """A collection taken up to a state on its way to the bank."""
        collection = cls._propose_debits(**terms)
        for name, step in (
            ("draft", None),
            ("approved", collection.action_submit),
            ("generated", collection.action_generate),
            ("sent", collection.action_sent),
        ):
            if step:
                step()
            if name == state:
                break
        return collection

    @classmethod
    def _read_file(cls, collection):
        """The root of the file, namespaces dropped."""
        root = etree.fromstring(collection._get_file())
        for element in root.iter():
            element.tag = etree.QName(element).localname
        return root

    @classmethod
    def _next_open(cls, days):
        """The first open day of TARGET from some days on."""
        return target_calendar.next_open(cls.today + timedelta(days=days))
