"""Direct debit on the debtor account: who should pay that way, who cannot yet."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MODES = [
    ("yes", "By Direct Debit"),
    ("no", "By Other Means"),
]
STATE_LEVELS = {"active": "success", "suspended": "danger", "expired": "danger"}


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    sepa_wanted = fields.Boolean(
        string="By Direct Debit",
        help="Customers with these terms are asked for a mandate.",
    )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    sepa_mode = fields.Selection(
        MODES,
        string="Direct Debit",
        tracking=True,
        help="Empty: as the payment terms of the customer say.",
    )
    sepa_wanted = fields.Boolean(
        string="Pays by Direct Debit",
        compute="_compute_sepa_situation",
        search="_search_sepa_wanted",
    )
    sepa_situation = fields.Selection(
        [
            ("none", "No Mandate"),
            ("draft", "Draft to Send"),
            ("sent", "Sent, Not Returned"),
            ("signed", "To Be Registered by the Bank"),
            ("suspended", "Suspended"),
            ("ended", "Ended"),
            ("usable", "Usable"),
        ],
        string="Mandate",
        compute="_compute_sepa_situation",
        help="Of the mandates of the customer, the one that comes nearest to a "
        "collection today.",
    )
    sepa_has_mandate = fields.Boolean(
        string="Has a Usable Mandate",
        compute="_compute_sepa_situation",
        search="_search_sepa_has_mandate",
    )
    sepa_mandate_ids = fields.One2many("recouvrement.sepa.mandate", "debtor_id")
    sepa_mandate_count = fields.Integer(
        string="Mandates", compute="_compute_sepa_situation"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("sepa_mode", "sepa_mandate_ids.state")
    def _compute_sepa_situation(self):
        rows = {row.pop("id"): row for row in self._read_sepa_situations()}
        for debtor in self:
            row = rows.get(debtor._origin.id, {})
            debtor.sepa_wanted = row.get("wanted", debtor.sepa_mode == "yes")
            debtor.sepa_situation = row.get("situation", "none")
            debtor.sepa_has_mandate = debtor.sepa_situation == "usable"
            debtor.sepa_mandate_count = row.get("number", 0)

    def _read_sepa_situations(self):
        """One query for all accounts."""
        if not self.ids:
            return []
        self.env["recouvrement.sepa.mandate"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT d.id, %(wanted)s AS wanted, COALESCE(m.number, 0) AS number,
                       CASE WHEN EXISTS (%(usable)s) THEN 'usable'
                            ELSE COALESCE(m.situation, 'none') END AS situation
                  FROM recouvrement_debtor d
             LEFT JOIN (SELECT debtor_id, COUNT(*) AS number,
                               (ARRAY_AGG(CASE
                                    WHEN state IN ('signed', 'suspended', 'sent',
                                                   'draft') THEN state
                                    ELSE 'ended' END
                                ORDER BY array_position(
                                    ARRAY['signed', 'suspended', 'sent', 'draft'],
                                    state::text), id DESC))[1] AS situation
                          FROM recouvrement_sepa_mandate
                         WHERE debtor_id = ANY(%(ids)s)
                      GROUP BY debtor_id) m ON m.debtor_id = d.id
                 WHERE d.id = ANY(%(ids)s)
                """,
                wanted=self._sepa_wanted_sql(),
                usable=self._sepa_usable_sql(),
                ids=self.ids,
            )
        )

    @api.model
    def _sepa_usable_sql(self):
        """Whether the account ``d`` has a mandate that collects today."""
        usable = self.env["recouvrement.sepa.mandate"]._usable_sql(
            fields.Date.context_today(self)
        )
        return SQL("SELECT FROM (%s) u WHERE u.debtor_id = d.id", usable)

    @api.model
    def _sepa_wanted_sql(self):
        """Whether the customer of the account ``d`` should pay by direct debit: said
        on the account, else by its payment terms."""
        self.flush_model(["sepa_mode", "partner_id", "company_id"])
        self.env["account.payment.term"].flush_model(["sepa_wanted"])
        self.env["res.partner"].flush_model(["property_payment_term_id"])
        return SQL(
            """
            (d.sepa_mode = 'yes' OR (d.sepa_mode IS NULL AND EXISTS (
                SELECT FROM res_partner p
                  JOIN account_payment_term t
                    ON t.id = (p.property_payment_term_id
                               ->> d.company_id::text)::integer
                 WHERE p.id = d.partner_id AND t.sepa_wanted)))
            """
        )

    def _search_sepa_wanted(self, operator, value):
        return self._search_sepa(operator, value, self._sepa_wanted_sql())

    def _search_sepa_has_mandate(self, operator, value):
        return self._search_sepa(
            operator, value, SQL("EXISTS (%s)", self._sepa_usable_sql())
        )

    def _search_sepa(self, operator, value, condition):
        if operator != "in":
            return NotImplemented
        ids = SQL("(SELECT d.id FROM recouvrement_debtor d WHERE %s)", condition)
        found = Domain("id", "in", ids)
        return found if True in value else ~found

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_view_mandates(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_sepa.sepa_mandate_action"
        )
        action["domain"] = [("debtor_id", "in", self.ids)]
        action["context"] = {"default_debtor_id": self.id if len(self) == 1 else False}
        return action

    def action_new_mandate(self):
        """Prepare a mandate for the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mandate"),
            "res_model": "recouvrement.sepa.mandate",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_debtor_id": self.id, **self._get_mandate_defaults()},
        }

    def _get_mandate_defaults(self):
        """What a new mandate of the customer starts with: B2B is for professionals,
        and the account is the one on the customer's file when it has just one."""
        mandate = self.env["recouvrement.sepa.mandate"].new({"debtor_id": self.id})
        banks = self.sudo().partner_id.bank_ids.filtered(lambda b: b.acc_type == "iban")
        defaults = {"default_scheme": "CORE"} if mandate._is_consumer() else {}
        if len(banks) == 1:
            defaults["default_iban"] = banks.sanitized_acc_number
        return defaults

    # ------------------------------------------------------------------
    # 360° PAGE
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def _desk_blocks(self, options):
        live = ["draft", "sent", "signed", "active", "suspended"]
        block = self._desk_block(
            "mandates",
            self.env._("Direct Debit Mandates"),
            "fa-university",
            "recouvrement.sepa.mandate",
            Domain("state", "in", live),
            "priority, id desc",
            self._desk_mandate,
        )
        return [*super()._desk_blocks(options), *([block] if block["items"] else [])]

    def _desk_mandate(self, mandate):
        return {
            "title": f"{mandate.name or self.env._('Draft')} · {mandate.scheme}",
            "date": mandate.date_signed or mandate.date_sent,
            "state": self._desk_label(mandate, "state"),
            "level": STATE_LEVELS.get(mandate.state, "warning"),
            "note": mandate.suspended_reason or mandate.bank_name or "",
        }

    # EXTENDS 'recouvrement'
    def _get_desk_account_buttons(self):
        return [
            *super()._get_desk_account_buttons(),
            self._prepare_desk_button(
                "mandate",
                "action_new_mandate",
                self.env._("New Mandate"),
                "fa-university",
                bar=False,
            ),
        ]
