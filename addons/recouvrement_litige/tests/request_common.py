"""Requests and changes of manager: what their tests share."""

from odoo import Command

from odoo.addons.recouvrement.tests.access_common import AccessCommon

PDF = b"%PDF-1.4 minutes"
SIRET = "73282932000074"
IBAN = "FR7630006000011234567890189"


class RequestCommon(AccessCommon):
    """Three debtors of three portfolios and a second accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant_2 = cls._make_user("accountant", login="test_accountant_2")
        cls.lines = (
            cls.env["recouvrement.open.item"]
            .search([("debtor_id", "=", cls.own.id)])
            .move_line_id
        )
        cls.line = cls.lines[0]

    def _ask(self, kind, debtor=None, source="portal", **vals):
        """What a customer asks from the page."""
        debtor = debtor or self.own
        return debtor.sudo()._declare(kind, source=source, **vals).sudo(False)

    def _check_pieces(self, record, role="collector"):
        """All pieces are there and were read."""
        for piece in record.piece_ids:
            self._rpc(role, piece, "write", {"note": "seen"})
            self._rpc(role, piece, "action_receive")
            self._rpc(role, piece, "action_check")

    def _activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    # ------------------------------------------------------------------
    # CREDITS AND ACCOUNTS
    # ------------------------------------------------------------------

    def _give_credit(self, debtor, amount=200.0):
        return self._items(self._make_credit_note(debtor.partner_id, amount))

    def _verify(self, debtor, iban=IBAN):
        """An account of the customer that two persons checked."""
        change = self.env["recouvrement.bank.change"].create(
            {
                "debtor_id": debtor.id,
                "iban": iban,
                "account_holder": debtor.partner_id.name,
                "requester": "Somebody",
            }
        )
        change.sudo()._confirm_call(debtor.partner_id.phone, "Jeanne Dupont", "")
        change.with_user(self.accountant_2).action_approve()
        return change.bank_id

    # ------------------------------------------------------------------
    # MANAGERS
    # ------------------------------------------------------------------

    @classmethod
    def _make_manager(cls, name="Cabinet Ancien", **vals):
        return cls._make_customer(name, **vals)

    @classmethod
    def _appoint(cls, debtor, manager, since=-400, until=None):
        return cls.env["recouvrement.representative"].create(
            {
                "debtor_id": debtor.id,
                "partner_id": manager.id,
                "date_from": cls._day(since),
                "date_to": cls._day(until) if until is not None else False,
            }
        )

    def _enter(self, debtor=None, role="collector", effect=0, **vals):
        """A change of manager as a role enters it."""
        model = self._as(self.env["recouvrement.mutation"], role)
        mutation = model.create(
            {
                "debtor_id": (debtor or self.own).id,
                "manager_name": "Cabinet Nouveau",
                "manager_siret": SIRET,
                "manager_street": "5 quai Neuf",
                "manager_zip": "33000",
                "manager_city": "Bordeaux",
                "manager_email": "compta@nouveau.example.com",
                "date_effect": self._day(effect),
                **vals,
            }
        )
        return mutation.with_user(self.env.user)

    def _file(self, name="pv.pdf"):
        return [Command.create({"name": name, "raw": PDF})]
