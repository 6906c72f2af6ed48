from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class RecouvrementWriteOffWizard(models.TransientModel):
    """Proposes write-offs of chosen items: one per customer and company."""

    _name = "recouvrement.write.off.wizard"
    _description = "Write Off Items"

    line_ids = fields.One2many(
        "recouvrement.write.off.wizard.line",
        "wizard_id",
        string="Items",
        default=lambda self: self._default_line_ids(),
    )
    ground_id = fields.Many2one("recouvrement.write.off.ground", required=True)
    vat_recoverable = fields.Boolean(related="ground_id.vat_recoverable")
    evidence_required = fields.Boolean(related="ground_id.evidence_required")
    evidence = fields.Text(related="ground_id.evidence", string="To Attach")
    recover_vat = fields.Boolean(
        string="Recover the VAT",
        compute="_compute_recover_vat",
        store=True,
        readonly=False,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text(string="Facts", required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    may_post = fields.Boolean(compute="_compute_may_post")
    company_currency_id = fields.Many2one(
        "res.currency", compute="_compute_total", string="Currency"
    )
    total = fields.Monetary(
        compute="_compute_total",
        currency_field="company_currency_id",
        string="Total in Own Currency",
    )

    @api.model
    def _default_line_ids(self):
        """Items selected; a debtor stands for its open debits."""
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        items = self.env["recouvrement.open.item"]
        if model == "recouvrement.open.item":
            items = items.search([("id", "in", ids), ("amount_residual", ">", 0)])
        elif model == "recouvrement.debtor":
            items = items.search(
                [("debtor_id", "in", ids), ("amount_residual", ">", 0)]
            )
        return [Command.create(self._prepare_line_vals(item)) for item in items]

    @api.model
    def _prepare_line_vals(self, item):
        return {"item_id": item.id, "amount": item.amount_residual_currency}

    @api.depends("ground_id")
    def _compute_recover_vat(self):
        for wizard in self:
            wizard.recover_vat = wizard.ground_id.vat_recoverable

    @api.depends_context("uid")
    def _compute_may_post(self):
        self.may_post = self.env.user.has_group("account.group_account_invoice")

    @api.depends("line_ids.amount", "line_ids.item_id")
    def _compute_total(self):
        for wizard in self:
            currency = wizard.line_ids.item_id.company_currency_id[:1]
            wizard.company_currency_id = currency or self.env.company.currency_id
            wizard.total = sum(line._get_company_amount() for line in wizard.line_ids)

    # ------------------------------------------------------------------
    # CONFIRMING
    # ------------------------------------------------------------------

    def action_propose(self):
        """Leave the booking to an accountant."""
        return self._open(self._propose())

    def action_post(self):
        """Propose and book at once."""
        write_offs = self._propose()
        write_offs.action_post()
        return self._open(write_offs)

    def _propose(self):
        """Whoever may act on the debtors may propose; sudo after that check."""
        self.ensure_one()
        self._check()
        lines = self.line_ids.filtered("amount")
        groups = lines.grouped(lambda one: (one.item_id.debtor_id, one.company_id))
        write_offs = (
            self.env["recouvrement.write.off"]
            .sudo()
            .create(
                [
                    self._prepare_write_off_vals(debtor, company, found)
                    for (debtor, company), found in groups.items()
                ]
            )
        )
        for write_off in write_offs:
            write_off._settle_lines()
        self._attach_evidence(write_offs)
        write_offs = write_offs.with_env(self.env)
        write_offs._log_write_off(self.env._("Write-off proposed"))
        return write_offs

    def _check(self):
        items = self.line_ids.item_id
        if not self.line_ids.filtered("amount"):
            raise UserError(self.env._("Choose at least one item to write off."))
        if items.exists() != items:
            raise UserError(
                self.env._("Some of these items are no longer open: reload the list.")
            )
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("The write-off cannot be dated in the future."))
        items.check_access("read")
        items.debtor_id.check_access("write")
        if not self.env["recouvrement.write.off"].has_access("write"):
            raise AccessError(self.env._("You may not propose write-offs."))
        if any(not item.debtor_id for item in items):
            raise UserError(self.env._("An item without a customer cannot be treated."))
        if not self.note.strip():
            raise UserError(self.env._("Write down the facts."))
        if self.recover_vat and not self.vat_recoverable:
            raise UserError(
                self.env._(
                    "The ground “%s” does not let the company recover the VAT.",
                    self.ground_id.name,
                )
            )
        self.line_ids._check_amounts()

    def _prepare_write_off_vals(self, debtor, company, lines):
        return {
            "name": self.env["ir.sequence"]
            .sudo()
            .next_by_code("recouvrement.write.off", self.date),
            "company_id": company.id,
            "debtor_id": debtor.id,
            "ground_id": self.ground_id.id,
            "recover_vat": self.recover_vat,
            "date": self.date,
            "note": self.note.strip(),
            "user_id": self.env.uid,
            "line_ids": [Command.create(line._prepare_vals()) for line in lines],
        }

    def _attach_evidence(self, write_offs):
        """The first write-off owns the documents, the others show them."""
        if not self.attachment_ids:
            return
        attachments = self.attachment_ids.sudo()
        attachments.write({"res_model": write_offs._name, "res_id": write_offs[0].id})
        write_offs.write({"attachment_ids": [Command.set(attachments.ids)]})

    def _open(self, write_offs):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_write_off_action"
        )
        if len(write_offs) == 1:
            return {
                **action,
                "res_id": write_offs.id,
                "view_mode": "form",
                "views": [(False, "form")],
                "context": {},
            }
        return {**action, "domain": [("id", "in", write_offs.ids)], "context": {}}


class RecouvrementWriteOffWizardLine(models.TransientModel):
    _name = "recouvrement.write.off.wizard.line"
    _description = "Item to Write Off"

    wizard_id = fields.Many2one(
        "recouvrement.write.off.wizard", required=True, ondelete="cascade"
    )
    item_id = fields.Many2one(
        "recouvrement.open.item", required=True, string="Document", readonly=True
    )
    partner_id = fields.Many2one(related="item_id.commercial_partner_id")
    company_id = fields.Many2one(related="item_id.company_id")
    date_due = fields.Date(related="item_id.date_due")
    currency_id = fields.Many2one(related="item_id.currency_id")
    open_amount = fields.Monetary(
        related="item_id.amount_residual_currency", string="Open Amount"
    )
    amount = fields.Monetary(string="To Write Off")
    has_taxes = fields.Boolean(compute="_compute_has_taxes")
    vat = fields.Monetary(
        string="Of Which VAT",
        compute="_compute_vat",
        store=True,
        readonly=False,
        help="For items without taxes of their own, such as opening balances; invoices "
        "know theirs.",
    )

    @api.depends("item_id")
    def _compute_has_taxes(self):
        for line in self:
            line.has_taxes = line.item_id.sudo().move_id.is_invoice(
                include_receipts=True
            )

    @api.depends("amount", "item_id", "wizard_id.recover_vat")
    def _compute_vat(self):
        for line in self:
            line.vat = line._get_usual_vat() if line.wizard_id.recover_vat else 0

    def _get_usual_vat(self):
        """VAT inside the amount: of the invoice in proportion, else at the default
        rate (that of the day of the document)."""
        item = self.item_id.sudo()
        if self.has_taxes:
            move = item.move_id
            part = move.amount_tax / move.amount_total if move.amount_total else 0
            return self.currency_id.round(self.amount * part)
        if not item:
            return 0
        company = item.company_id
        country = company.account_fiscal_country_id or company.country_id
        if (item.country_id or country) != country:
            return 0
        rate = company._get_default_vat(item.document_date)
        return self.currency_id.round(self.amount * rate / (100 + rate))

    def _get_company_amount(self):
        item = self.item_id
        if not item.amount_residual_currency:
            return 0.0
        part = self.amount / item.amount_residual_currency
        return item.company_currency_id.round(item.amount_residual * part)

    def _check_amounts(self):
        for line in self:
            compare = line.currency_id.compare_amounts
            if (
                compare(line.amount, 0) < 0
                or compare(line.amount, line.open_amount) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(item)s: write off at most the open amount, %(amount)s.",
                        item=line.item_id.name,
                        amount=line.currency_id.format(line.open_amount),
                    )
                )
            if compare(line.vat, 0) < 0 or compare(line.vat, line.amount) > 0:
                raise UserError(
                    self.env._(
                        "%s: the VAT cannot exceed the amount.", line.item_id.name
                    )
                )

    def _prepare_vals(self):
        item = self.item_id
        return {
            "move_line_id": item.id,
            "name": item.name,
            "document_date": item.document_date,
            "date_due": item.date_due,
            "item_currency_id": item.currency_id.id,
            "amount_currency": self.amount,
            "entered_vat": 0 if self.has_taxes else self._get_entered_vat(),
        }

    def _get_entered_vat(self):
        """The VAT told by the user, in company currency."""
        if not self.amount:
            return 0.0
        part = self.vat / self.amount
        return self.item_id.company_currency_id.round(self._get_company_amount() * part)
