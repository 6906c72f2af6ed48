"""Fixtures and verbs that the tests of the addon share."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import MockEmail

ADDRESS = {"street": "12 rue des Lilas", "zip": "69003", "city": "Lyon"}


class RecouvrementCommon(AccountTestInvoicingCommon, MockEmail):
    """A company with one policy of four levels, out of test mode.

    Days are counted from ``cls.today``: ``_make_invoice(partner, 100, due=-30)`` is
    an invoice of 100 that is 30 days overdue. The policy asks for nothing but its
    delays, so that every test adds just the condition it is about:

    ===== ========== ======= ==========
    level after days channel approval
    ===== ========== ======= ==========
    1     5          e-mail  none
    2     15         e-mail  none
    3     30         letter  collector
    4     45         registered manager
    ===== ========== ======= ==========
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write(
            {
                "recouvrement_test_mode": False,
                "country_id": cls.env.ref("base.fr").id,
                "account_fiscal_country_id": cls.env.ref("base.fr").id,
                "email": "comptabilite@example.com",
                **ADDRESS,
            }
        )
        cls.today = fields.Date.context_today(cls.env["recouvrement.debtor"])
        cls.immediate = cls.env.ref("account.account_payment_term_immediate")
        cls.template = cls._make_template(
            "{{ object._format_amount(object.amount_net) }}"
        )
        cls.policy = cls._make_policy()
        cls.levels = {level.rank: level for level in cls.policy.level_ids}

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "recouvrement.group_manager"
        )

    @classmethod
    def _day(cls, due):
        """A date, from a date or a number of days from today."""
        return due if hasattr(due, "year") else cls.today + timedelta(days=due)

    # ------------------------------------------------------------------
    # POLICIES
    # ------------------------------------------------------------------

    @classmethod
    def _make_template(
        cls, subject, body='<p t-out="object.debtor_id.partner_id.name"/>'
    ):
        return cls.env["mail.template"].create(
            {
                "name": "Test reminder",
                "model_id": cls.env["ir.model"]._get_id("recouvrement.reminder"),
                "subject": subject,
                "body_html": body,
                "lang": "{{ object.lang }}",
                "auto_delete": False,
            }
        )

    @classmethod
    def _make_policy(cls, levels=None, **vals):
        """A policy before all others of the company; ``levels`` are dicts."""
        levels = levels or [
            {"rank": 1, "delay_days": 5, "channel": "email", "approval": "none"},
            {"rank": 2, "delay_days": 15, "channel": "email", "approval": "none"},
            {"rank": 3, "delay_days": 30, "channel": "letter"},
            {
                "rank": 4,
                "delay_days": 45,
                "channel": "registered",
                "approval": "manager",
                "is_formal_notice": True,
            },
        ]
        values = {
            "name": "Test policy",
            "sequence": 0,
            "company_id": cls.company.id,
            "level_ids": [
                Command.create(
                    {
                        "name": f"Level {level['rank']}",
                        "template_id": cls.template.id,
                        "include_statement": False,
                        **level,
                    }
                )
                for level in levels
            ],
            **vals,
        }
        return cls.env["recouvrement.dunning.policy"].create(values)

    # ------------------------------------------------------------------
    # CUSTOMERS AND THEIR LEDGER
    # ------------------------------------------------------------------

    @classmethod
    def _make_customer(cls, name="Boulangerie Dubois", **vals):
        slug = "".join(filter(str.isalnum, name)).lower()
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{slug}@example.com",
                "phone": "+33 4 72 00 00 00",
                "country_id": cls.env.ref("base.fr").id,
                "property_payment_term_id": cls.immediate.id,
                **ADDRESS,
                **vals,
            }
        )

    @classmethod
    def _make_debtor(cls, name="Boulangerie Dubois", items=((1000.0, -10),), **vals):
        """A customer with invoices ``(amount, due)``, as a debtor account."""
        partner = cls._make_customer(name, **vals)
        for amount, due in items:
            cls._make_invoice(partner, amount, due=due)
        return cls._debtor(partner)

    @classmethod
    def _debtor(cls, partner, company=None):
        return cls.env["recouvrement.debtor"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", (company or cls.company).id),
            ]
        )

    @classmethod
    def _make_invoice(cls, partner, amount=1000.0, due=-10, post=True, **vals):
        """A customer invoice without tax, posted unless told otherwise."""
        day = cls._day(due)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": min(day, cls.today),
                "invoice_date_due": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Service", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _make_credit_note(cls, partner, amount=1000.0, **vals):
        """A posted credit note that is not allocated."""
        return cls._make_invoice(partner, amount, 0, move_type="out_refund", **vals)

    @classmethod
    def _make_opening(cls, partner, amount=1000.0, due=-10):
        """An opening balance in the miscellaneous journal; its receivable line."""
        company_data = cls.company_data
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": company_data["default_journal_misc"].id,
                "date": cls._day(due),
                "line_ids": [
                    Command.create(
                        {
                            "name": "Opening balance",
                            "partner_id": partner.id,
                            "account_id": company_data["default_account_receivable"].id,
                            "date_maturity": cls._day(due),
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": company_data["default_account_revenue"].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return cls._items(move)

    @classmethod
    def _items(cls, moves):
        """Receivable items of entries."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _pay(cls, moves, amount=None, day=0):
        """Register a payment of invoices and match it with them."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "payment_date": cls._day(day),
                    "group_payment": True,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    @classmethod
    def _make_receipt(cls, partner, amount, day=0):
        """A customer receipt that is not matched with anything."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "date": cls._day(day),
                "journal_id": cls.company_data["default_journal_bank"].id,
                "payment_method_line_id": cls.inbound_payment_method_line.id,
            }
        )
        payment.action_post()
        return payment

    # ------------------------------------------------------------------
    # CAMPAIGNS
    # ------------------------------------------------------------------

    @classmethod
    def _make_run(cls, day=0, **vals):
        return cls.env["recouvrement.dunning.run"].create(
            {"date": cls._day(day), "company_ids": cls.company.ids, **vals}
        )

    @classmethod
    def _propose(cls, day=0, **vals):
        """A campaign with its proposals."""
        run = cls._make_run(day, **vals)
        run.action_propose()
        run._process_all()
        return run

    @classmethod
    def _send_run(cls, run):
        """Approve all and send; e-mails stay in Odoo's mail queue."""
        run.action_approve_all()
        run.action_send()
        run._process_all()
        return run

    @classmethod
    def _run_campaign(cls, day=0, **vals):
        """A whole campaign: proposed, approved and sent to its channels."""
        return cls._send_run(cls._propose(day, **vals))

    @classmethod
    def _reminders(cls, debtor, state=None):
        domain = [("debtor_id", "in", debtor.ids)]
        if state:
            domain.append(("state", "=", state))
        return cls.env["recouvrement.reminder"].search(domain, order="id")

    @classmethod
    def _decisions(cls, debtor, day=0):
        """What a campaign would do with the items of a debtor on a day."""
        decision = cls.env["recouvrement.dunning.decision"].with_context(
            dunning_date=fields.Date.to_string(cls._day(day))
        )
        return decision.search([("debtor_id", "in", debtor.ids)])

    # ------------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------------

    def _deliver(self, mails=None, failure=None):
        """Run the mail queue on a fake server.

        :param Exception failure: what the server answers instead of taking mails.
        :return: the e-mails built, as dicts.
        """
        mails = mails or self._queued_mails()
        with self.mock_mail_gateway(), self._mail_server(failure):
            mails.send()
        return list(self._mails)

    def _queued_mails(self):
        return self.env["mail.mail"].search(
            [("state", "=", "outgoing"), ("model", "=", "recouvrement.debtor")]
        )

    @contextmanager
    def _mail_server(self, failure=None):
        if failure is None:
            yield
            return
        with patch.object(
            type(self.env["ir.mail_server"]), "send_email", side_effect=failure
        ):
            yield

    # ------------------------------------------------------------------
    # USERS
    # ------------------------------------------------------------------

    @classmethod
    def _make_user(cls, role, **vals):
        """A user of a role: collector, manager, accountant, salesperson, auditor."""
        login = vals.pop("login", f"test_{role}")
        return new_test_user(
            cls.env,
            login=login,
            groups=f"base.group_user,recouvrement.group_{role}",
            name=vals.pop("name", login),
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **vals,
        )
