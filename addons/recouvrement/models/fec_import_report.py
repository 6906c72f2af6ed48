"""The control report, shown before anything is loaded and kept after."""

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.fec import BUCKETS


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    control_report = fields.Html(
        compute="_compute_control_report",
        sanitize=False,
        export_string_translation=False,
    )

    def _prepare_report_data(self, report):
        """The figures of the reader that do not change with the accepted steps."""
        return {
            "as_of": report.as_of.isoformat(),
            "lines": report.lines,
            "refused": len(report.refused),
            "balance": str(report.balance_411),
            "customers": report.customers,
            "debit": {"count": report.debit.count, "sum": str(report.debit.sum)},
            "credit": {"count": report.credit.count, "sum": str(report.credit.sum)},
            "files": [self._prepare_file_data(one) for one in report.files],
            "journals": [self._prepare_journal_data(one) for one in report.journals],
            "matched": {step: str(sum_) for step, sum_ in report.matched_by.items()},
            "shares": {
                step: float(share) for step, share in report.matched_share().items()
            },
        }

    def _prepare_file_data(self, file):
        return {
            "name": file.name,
            "role": file.role,
            "encoding": file.encoding,
            "separator": file.separator,
            "start": file.start and file.start.isoformat(),
            "end": file.end and file.end.isoformat(),
            "lines": file.lines,
            "refused": file.refused,
            "receivable_lines": file.lines_411,
            "opening_lines": file.opening_411,
            "lettered_lines": file.lettered_411,
            "groups": file.groups,
            "groups_unbalanced": file.groups_unbalanced,
        }

    def _prepare_journal_data(self, journal):
        return {
            "file": journal.file,
            "code": journal.code,
            "label": journal.label,
            "lines": journal.lines,
            "debit": str(journal.debit),
            "credit": str(journal.credit),
            "difference": str(journal.debit - journal.credit),
        }

    @api.depends(
        "report_data",
        "state",
        "accept_piece",
        "accept_amount",
        "accept_oldest",
        "load_history",
        "customer_ids.partner_id",
    )
    @api.depends_context("lang")
    def _compute_control_report(self):
        for record in self:
            record.control_report = record.report_data and record._render_report()

    def _render_report(self):
        values = {
            "record": self,
            "data": self.report_data,
            "figures": self.sudo()._get_figures() if self._is_planned() else None,
            "aged_labels": self._get_bucket_labels(),
            "step_labels": self._get_step_labels(),
            "role_labels": self._get_role_labels(),
            "money": self._format_money,
            "day": self._format_day,
            "created": self._count_created_customers(),
        }
        html = self.env["ir.qweb"]._render(
            "recouvrement.fec_import_control_report", values
        )
        return Markup(html)

    def _is_planned(self):
        """Whether the items under review are still all there."""
        return self.state in ("analysed", "failed") and not self.load_step

    def _count_created_customers(self):
        return self.env["recouvrement.fec.customer"].search_count(
            [
                ("import_id", "=", self.id),
                "|",
                ("partner_id", "=", False),
                ("matched_by", "=", "created"),
            ]
        )

    def _format_money(self, amount):
        return self.currency_id.format(float(amount or 0))

    def _format_day(self, day):
        return self.env["ir.qweb.field.date"].value_to_html(
            fields.Date.to_date(day), {}
        )

    def _get_bucket_labels(self):
        labels = {
            "not_due": self.env._("Not due"),
            "1_30": self.env._("1-30 days"),
            "31_60": self.env._("31-60 days"),
            "61_90": self.env._("61-90 days"),
            "91_180": self.env._("91-180 days"),
            "over_180": self.env._("Over 180 days"),
            "unknown": self.env._("Age unknown"),
        }
        return [(bucket, labels[bucket]) for bucket in BUCKETS]

    def _get_step_labels(self):
        return [
            ("lettering", self.env._("Lettering of the accounts")),
            ("piece", self.env._("Same reference (proposal)")),
            ("amount", self.env._("Same amount (proposal)")),
            ("oldest", self.env._("Oldest first (proposal)")),
        ]

    def _get_role_labels(self):
        return {
            "current": self.env._("Says what is open"),
            "history": self.env._("History"),
            "ignored": self.env._("Not used"),
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _action_of(self, xmlid, **context):
        action = self.env["ir.actions.actions"]._for_xml_id(f"recouvrement.{xmlid}")
        action["domain"] = [("import_id", "in", self.ids)]
        action["context"] = context
        return action

    def action_view_issues(self):
        return self._action_of("recouvrement_fec_issue_action")

    def action_view_items(self):
        return self._action_of("recouvrement_fec_item_action")

    def action_view_customers(self):
        return self._action_of("recouvrement_fec_customer_action")

    def action_view_moves(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Takeover Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("takeover_import_id", "in", self.ids)],
        }

    def action_view_debtors(self):
        """The debtors whose items were taken over."""
        partners = self.customer_ids.partner_id
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_debtor_action"
        )
        action["domain"] = [("partner_id", "in", partners.ids)]
        return action
