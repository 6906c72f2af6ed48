"""The checks of a month-end, one method each: what to look at and how to open it."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date


class RecouvrementClosingCheck(models.AbstractModel):
    """Registry of the month-end checks.

    To add one: its code and label in ``_get_checks``, its help in ``_get_helps``, and a
    method ``_find_<code>(closing)`` that returns what ``_found`` makes. Count and
    amount are those of the very list that a click opens.
    """

    _name = "recouvrement.closing.check"
    _description = "Month-end Check"

    @api.model
    def _get_checks(self):
        """Codes and labels, in order."""
        return {
            "unallocated": self.env._("Receipts not allocated"),
            "credit_balance": self.env._("Debtors with a credit balance"),
            "no_due_date": self.env._("Items without a due date"),
            "no_partner": self.env._("Receivable items without a customer"),
            "negative_provision": self.env._("Negative provisions"),
            "no_provision": self.env._("Doubtful items without a provision"),
            "penalties_unpaid": self.env._("Penalties invoiced and unpaid"),
            "limit_passed": self.env._("Limit date passed"),
            "drafts": self.env._("Draft invoices dated before the closing"),
            "failed_reminders": self.env._("Reminders that failed"),
            "missing_rates": self.env._("Legal rates to load"),
        }

    @api.model
    def _get_helps(self):
        """What to do about each, in one sentence."""
        return {
            "unallocated": self.env._("Match them with the invoices they pay."),
            "credit_balance": self.env._(
                "Refund, allocate, or show them among the liabilities."
            ),
            "no_due_date": self.env._(
                "Without a due date nothing is late: give them one."
            ),
            "no_partner": self.env._("Nobody is asked to pay them: name the customer."),
            "negative_provision": self.env._(
                "A claim cannot be written down below zero: correct the provision."
            ),
            "no_provision": self.env._(
                "Marked doubtful, and no posted provision covers them."
            ),
            "penalties_unpaid": self.env._(
                "Chase them, or issue a credit note when they are given up."
            ),
            "limit_passed": self.env._(
                "Have the file looked at: facts and computation are on each item."
            ),
            "drafts": self.env._("Post them or move them to their month."),
            "failed_reminders": self.env._("Correct the address and send them again."),
            "missing_rates": self.env._(
                "Interest of that half-year cannot be computed until they are loaded."
            ),
        }

    @api.model
    def _find(self, code, closing):
        """What a check finds for a closing, as ``_found`` describes it."""
        return getattr(self, f"_find_{code}")(closing)

    @api.model
    def _found(self, model, domain, amount=None, xmlid=None, views="list,form", **more):
        """What a check looks at.

        :param str model: model of the list that opens.
        :param str amount: field summed, in company currency; None: no amount.
        :param str xmlid: action whose views the list takes.
        :param more: ``context`` of the list, ``count`` when it is not the number of
            records.
        """
        return {
            "model": model,
            "domain": Domain(domain),
            "amount": amount,
            "xmlid": xmlid,
            "views": views,
            "context": {},
            **more,
        }

    @api.model
    def _measure(self, found):
        """Count and amount of what a check found: one statement."""
        records = self.env[found["model"]].with_context(**found["context"])
        aggregates = ["__count"]
        if found["amount"]:
            aggregates.append(f"{found['amount']}:sum")
        [(count, *amounts)] = records._read_group(found["domain"], [], aggregates)
        return found.get("count", count), amounts[0] or 0.0 if amounts else 0.0

    # ------------------------------------------------------------------
    # OPEN ITEMS AT THE CLOSING
    # ------------------------------------------------------------------

    @api.model
    def _items(self, closing, domain, **more):
        """Open items of the legal entity at the end of the closing day."""
        own = Domain("debtor_company_id", "=", closing.company_id.id)
        return self._found(
            "recouvrement.open.item",
            own & Domain(domain),
            amount="amount_residual",
            xmlid="recouvrement.recouvrement_open_item_action",
            **{"context": closing._get_items_context(), **more},
        )

    @api.model
    def _find_unallocated(self, closing):
        return self._items(
            closing, [("kind", "=", "payment"), ("amount_residual", "<", 0)]
        )

    @api.model
    def _find_credit_balance(self, closing):
        items = self.env["recouvrement.open.item"].with_context(
            **closing._get_items_context()
        )
        debtors = items._read_group(
            [
                ("debtor_company_id", "=", closing.company_id.id),
                ("debtor_id", "!=", False),
            ],
            ["debtor_id"],
            having=[("amount_residual:sum", "<", 0)],
        )
        ids = [debtor.id for [debtor] in debtors]
        context = {
            **closing._get_items_context(),
            "search_default_group_debtor": 1,
        }
        return self._items(
            closing, [("debtor_id", "in", ids)], context=context, count=len(ids)
        )

    @api.model
    def _find_penalties_unpaid(self, closing):
        return self._items(
            closing, [("is_penalty", "=", True), ("amount_residual", ">", 0)]
        )

    @api.model
    def _find_limit_passed(self, closing):
        return self._items(
            closing, [("limit_date", "<", closing.date), ("amount_residual", ">", 0)]
        )

    @api.model
    def _find_no_provision(self, closing):
        """Items marked doubtful, alone or with their debtor, that no posted run
        covers."""
        day = closing.date
        doubtful = Domain("move_line_id.doubtful_date", "<=", day) | Domain(
            "debtor_id.doubtful_date", "<=", day
        )
        items = self.env["recouvrement.open.item"].with_context(
            **closing._get_items_context()
        )
        found = items.search(
            doubtful
            & Domain("debtor_company_id", "=", closing.company_id.id)
            & Domain("amount_residual", ">", 0)
        )
        covered = self.env["recouvrement.impairment.line"]._read_group(
            [
                ("move_line_id", "in", found.ids),
                ("impairment_id.state", "=", "posted"),
                ("impairment_id.date", "=", closing.date),
                ("provision", ">", 0),
            ],
            ["move_line_id"],
        )
        ids = set(found.ids) - {line.id for [line] in covered}
        return self._items(closing, [("id", "in", sorted(ids))])

    # ------------------------------------------------------------------
    # LEDGER
    # ------------------------------------------------------------------

    @api.model
    def _receivables(self, closing, domain):
        """Open receivable lines booked up to the closing."""
        return self._found(
            "account.move.line",
            Domain("company_id", "child_of", closing.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("date", "<=", closing.date)
            & Domain(domain),
            amount="amount_residual",
        )

    @api.model
    def _find_no_due_date(self, closing):
        return self._receivables(
            closing, [("date_maturity", "=", False), ("balance", ">", 0)]
        )

    @api.model
    def _find_no_partner(self, closing):
        return self._receivables(closing, [("partner_id", "=", False)])

    @api.model
    def _find_negative_provision(self, closing):
        """Customers whose provision account is in debit at the closing."""
        account = closing.company_id.recouvrement_impairment_account_id
        domain = (
            Domain("company_id", "child_of", closing.company_id.id)
            & Domain("account_id", "in", account.ids)
            & Domain("parent_state", "=", "posted")
            & Domain("date", "<=", closing.date)
        )
        partners = self.env["account.move.line"]._read_group(
            domain, ["partner_id"], having=[("balance:sum", ">", 0)]
        )
        ids = [partner.id for [partner] in partners]
        return self._found(
            "account.move.line",
            domain & Domain("partner_id", "in", ids),
            amount="balance",
            context={"search_default_group_by_partner": 1},
            count=len(ids),
        )

    @api.model
    def _find_drafts(self, closing):
        return self._found(
            "account.move",
            Domain("company_id", "child_of", closing.company_id.id)
            & Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))
            & Domain("state", "=", "draft")
            & (
                Domain("invoice_date", "<=", closing.date)
                | (
                    Domain("invoice_date", "=", False)
                    & Domain("date", "<=", closing.date)
                )
            ),
            amount="amount_total_signed",
        )

    # ------------------------------------------------------------------
    # DESK
    # ------------------------------------------------------------------

    @api.model
    def _find_failed_reminders(self, closing):
        return self._found(
            "recouvrement.reminder",
            [
                ("company_id", "=", closing.company_id.id),
                ("state", "=", "failed"),
                ("date_proposed", "<=", closing.date),
            ],
            xmlid="recouvrement.recouvrement_reminder_action",
        )

    @api.model
    def _find_missing_rates(self, closing):
        """Latest value of each half-yearly figure that has none for the closing."""
        missing = self.env["recouvrement.rate"]._get_missing(closing.date)
        return self._found(
            "recouvrement.rate",
            [("id", "in", [rate.id for rate, _label, _start in missing])],
            xmlid="recouvrement.recouvrement_rate_action",
        )

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    @api.model
    def _open(self, code, closing):
        """Action that opens the list behind the count of a check."""
        found = self._find(code, closing)
        action = {
            "type": "ir.actions.act_window",
            "res_model": found["model"],
            "view_mode": found["views"],
        }
        if found["xmlid"]:
            action = self.env["ir.actions.actions"]._for_xml_id(found["xmlid"])
            action.pop("path", None)
        action["name"] = action["display_name"] = self.env._(
            "%(check)s on %(day)s",
            check=self._get_checks()[code],
            day=format_date(self.env, closing.date),
        )
        action["domain"] = list(found["domain"])
        action["context"] = found["context"]
        return action
