"""A French company with its accounts, taxes and open items, for closing tests."""

from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import RecouvrementCommon


class ClosingCommon(RecouvrementCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.charts = cls.env["account.chart.template"].with_company(cls.company)
        cls.vat = cls._find_tax(20)
        cls.reduced = cls._find_tax(5.5)
        cls.reason = cls.env.ref("recouvrement.doubtful_reason_insolvency")
        cls.grounds = {
            key: cls.env.ref(f"recouvrement.write_off_ground_{key}")
            for key in ("liquidation", "small", "other", "vanished")
        }
        cls.accountant = cls._make_user("accountant", login="closing_accountant")
        cls.manager = cls._make_user("manager", login="closing_manager")
        cls.collector = cls._make_user("collector", login="closing_collector")

    @classmethod
    def _find_tax(cls, amount):
        taxes = (
            cls.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", cls.company.id),
                    ("type_tax_use", "=", "sale"),
                    ("amount", "=", amount),
                    ("tax_exigibility", "=", "on_invoice"),
                    ("price_include", "=", False),
                ],
                limit=1,
            )
        )
        taxes.active = True
        return taxes

    @classmethod
    def _account(cls, code):
        """The account of the company whose code begins with these digits."""
        return cls.env["account.account"].search(
            [("code", "=like", f"{code}%"), ("company_ids", "in", cls.company.ids)],
            limit=1,
        )

    @classmethod
    def _invoice(cls, partner, *lines, due=-10, **vals):
        """A posted invoice of lines ``(net amount, tax)``."""
        commands = [
            Command.create(
                {
                    "name": f"Service {net}",
                    "price_unit": net,
                    "tax_ids": [Command.set(tax.ids)] if tax else False,
                }
            )
            for net, tax in lines
        ]
        return cls._make_invoice(partner, due=due, invoice_line_ids=commands, **vals)

    # ------------------------------------------------------------------
    # PROVISIONS
    # ------------------------------------------------------------------

    @classmethod
    def _run(cls, day=0, company=None, post=False, **vals):
        run = cls.env["recouvrement.impairment"].create(
            {
                "date": cls._day(day),
                "company_id": (company or cls.company).id,
                **vals,
            }
        )
        run.action_compute()
        if post:
            run.action_post()
        return run

    @classmethod
    def _matrix(cls, bucket, rate, segment=None, company=None):
        return cls.env["recouvrement.impairment.matrix"].create(
            {
                "company_id": (company or cls.company).id,
                "age_bucket": bucket,
                "rate": rate,
                "segment_id": segment.id if segment else False,
            }
        )

    @classmethod
    def _doubt(cls, records, rate=50, day=-1, note="Liquidation opened"):
        records._set_doubtful(cls.reason, cls._day(day), rate, note)

    @classmethod
    def _balance(cls, code):
        """Balance of the posted lines of an account of the company."""
        account = cls._account(code)
        lines = cls.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("company_id", "child_of", cls.company.id),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    @classmethod
    def _snapshot(cls, debtor):
        """Everything the open items of a debtor show, as plain values."""
        items = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "in", debtor.ids)]
        )
        names = [
            "id",
            "date_due",
            "amount_residual",
            "amount_residual_currency",
            "collection_status",
            "age_bucket",
        ]
        return items.read(names), items.move_line_id.mapped("matching_number")

    # ------------------------------------------------------------------
    # WRITE-OFFS
    # ------------------------------------------------------------------

    @classmethod
    def _write_off(cls, moves, ground="liquidation", amounts=None, post=True, **vals):
        """Write off the receivable items of entries through the wizard."""
        user = vals.pop("user", moves.env.user)
        items = cls._items(moves)
        items.flush_recordset()
        wizard = (
            moves.env["recouvrement.write.off.wizard"]
            .with_user(user)
            .with_context(active_model="recouvrement.open.item", active_ids=items.ids)
            .create(
                {
                    "ground_id": cls.grounds[ground].id,
                    "note": "Judgment of the commercial court",
                    "attachment_ids": [
                        Command.create({"name": "judgment.pdf", "raw": b"%PDF-1.4"})
                    ],
                    **vals,
                }
            )
        )
        for line in wizard.line_ids:
            if amounts and line.item_id.move_id.id in amounts:
                line.amount = amounts[line.item_id.move_id.id]
        action = wizard.action_post() if post else wizard.action_propose()
        model = moves.env["recouvrement.write.off"]
        if action.get("res_id"):
            return model.browse(action["res_id"])
        return model.search(action["domain"])

    def _entry(self, move):
        """Journal items of an entry as ``{account code: balance}``."""
        result = {}
        for line in move.line_ids:
            code = line.account_id.code
            result[code] = round(result.get(code, 0) + line.balance, 2)
        return result
