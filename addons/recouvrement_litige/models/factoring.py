"""Claims assigned to a factor: he is to be paid, the company's own reminders stop."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RecouvrementFactoring(models.Model):
    """A contract with a factor, and the items assigned under it."""

    _name = "recouvrement.factoring"
    _description = "Factoring Contract"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id"

    name = fields.Char(string="Number", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    factor_id = fields.Many2one("res.partner", required=True, index=True, tracking=True)
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account to Pay",
        required=True,
        tracking=True,
        domain="[('partner_id', '=', factor_id)]",
        help="Customers pay here and nowhere else: it is printed on statements and "
        "shown on their page.",
    )
    date_from = fields.Date(
        string="In Force From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="In Force Until", tracking=True)
    with_recourse = fields.Boolean(
        default=True,
        tracking=True,
        help="The factor gives back what is not paid. Without recourse he bears the "
        "loss: the items are out of the exposure.",
    )
    payer_text = fields.Text(
        string="Mention for the Payer",
        translate=True,
        help="Subrogation or assignment clause of the contract, printed as it is.",
    )
    line_ids = fields.One2many("recouvrement.factoring.line", "factoring_id")
    item_count = fields.Integer(string="Items Assigned", compute="_compute_totals")
    open_amount = fields.Monetary(
        compute="_compute_totals", help="Assigned, not yet paid."
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, factor_id, name)", "This contract exists already."
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A contract ends on its first day or later.",
    )

    @api.constrains("bank_id", "factor_id")
    def _check_bank(self):
        for one in self:
            if one.bank_id.partner_id != one.factor_id:
                raise UserError(self.env._("The account to pay is the factor's."))

    def write(self, vals):
        result = super().write(vals)
        if "with_recourse" in vals:
            live = [("factoring_id", "in", self.ids), ("is_live", "=", True)]
            self.env["recouvrement.factoring.line"].sudo().search(live)._mark()
        return result

    def _compute_totals(self):
        found = {}
        if self.ids:
            self.env.flush_all()
            found = {
                row[0]: row[1:]
                for row in self.env.execute_query(
                    SQL(
                        """SELECT x.factoring_id, COUNT(*),
                                  SUM(l.amount_residual)::float
                             FROM recouvrement_factoring_line x
                             JOIN account_move_line l ON l.id = x.move_line_id
                            WHERE x.is_live AND x.factoring_id = ANY(%s)
                         GROUP BY 1""",
                        self.ids,
                    )
                )
            }
        for one in self:
            one.item_count, one.open_amount = found.get(one.id, (0, 0.0))

    # ------------------------------------------------------------------
    # ASSIGNING AND TAKING BACK
    # ------------------------------------------------------------------

    def _assign(self, lines, day):
        """Assign open items to the factor.

        :param lines: ``account.move.line`` records.
        :return: the lines of the contract.
        :raise UserError: on items that are not open, of another company, or held by
            proceedings, a dispute or a lawsuit.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.date_from <= day <= (self.date_to or day):
            raise UserError(self.env._("The contract is not in force on that day."))
        items = self.env["recouvrement.open.item"].search([("id", "in", lines.ids)])
        if len(items) != len(lines) or any(
            item.amount_residual_currency <= 0
            or item.debtor_company_id != self.company_id
            for item in items
        ):
            raise UserError(
                self.env._("Only open invoices of this company can be assigned.")
            )
        held = items.filtered(
            lambda item: (
                item.collection_status
                in ("disputed", "litigation", "insolvency", "factored", "plan")
            )
        )
        if held:
            raise UserError(
                self.env._(
                    "These items are held by something else: %s.",
                    ", ".join(held.mapped("name")),
                )
            )
        items.debtor_id.check_access("write")
        return self._write_lines(items.sudo(), day)

    def _write_lines(self, items, day):
        written = (
            self.env["recouvrement.factoring.line"]
            .sudo()
            .create(
                [
                    {
                        "factoring_id": self.id,
                        "debtor_id": item.debtor_id.id,
                        "move_line_id": item.id,
                        "name": item.name,
                        "date_due": item.date_due,
                        "currency_id": item.currency_id.id,
                        "amount": item.amount_residual_currency,
                        "date_assigned": day,
                    }
                    for item in items
                ]
            )
        )
        reason = self.env._("Assigned to %s", self.factor_id.name)
        items.move_line_id._commit("factored", reason)
        for debtor, found in written.grouped("debtor_id").items():
            debtor._log_event(
                "insurance", reason, detail=", ".join(found.mapped("name"))
            )
        return written.sudo(False)

    def _get_payee(self):
        """Whom and where to pay, as ``recouvrement.debtor._get_payee`` says it."""
        self.ensure_one()
        bank = self.sudo().bank_id
        number = bank.acc_number or ""
        if bank.acc_type == "iban":
            compact = number.replace(" ", "")
            number = " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))
        return {
            "holder": bank.acc_holder_name or self.factor_id.name,
            "number": number,
            "bic": bank.bank_bic or "",
            "text": self.payer_text or "",
        }
