"""The doubtful points, of the files and of the takeover itself."""

import re
from collections import Counter
from dataclasses import dataclass, field

from odoo import models
from odoo.tools import format_datetime, formatLang

MAX_ISSUES = 5_000
LEVELS = ("fatal", "refused", "doubtful", "info")
_SIREN = re.compile(r"(\d{9})FEC\d{8}", re.ASCII | re.IGNORECASE)
_DIGITS = re.compile(r"\D", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remark:
    """What the takeover itself has to say, in the form of the reader's issues."""

    code: str
    params: dict = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    level: str = "doubtful"


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _store_issues(self, issues):
        """Keep the remarks, the gravest first; too many of them are counted."""
        issues = sorted(issues, key=lambda issue: LEVELS.index(issue.level))
        rows = [self._prepare_issue_row(issue) for issue in issues[:MAX_ISSUES]]
        if len(issues) > MAX_ISSUES:
            count = len(issues) - MAX_ISSUES
            more = Remark("more_issues", {"count": count}, level="info")
            rows.append(self._prepare_issue_row(more))
        self._insert_rows(
            "recouvrement.fec.issue",
            (
                "import_id",
                "company_id",
                "level",
                "code",
                "file_name",
                "line_no",
                "text",
            ),
            rows,
        )

    def _prepare_issue_row(self, issue):
        return (
            self.id,
            self.company_id.id,
            str(issue.level),
            issue.code,
            issue.file,
            issue.line,
            self._format_issue(issue),
        )

    # ------------------------------------------------------------------
    # REMARKS OF THE TAKEOVER
    # ------------------------------------------------------------------

    def _get_known_files(self):
        """Remark for each own file that an earlier takeover loaded, by its name."""
        loaded = {
            file.checksum: earlier
            for earlier in self._get_earlier()
            for file in earlier.attachment_ids
        }
        return {
            file.name: Remark(
                "already_loaded",
                {
                    "date": format_datetime(self.env, earlier.date_loaded),
                    "user": earlier.user_id.name,
                    "takeover": earlier.name,
                },
                file.name,
            )
            for file in self.attachment_ids
            if (earlier := loaded.get(file.checksum))
        }

    def _get_takeover_remarks(self, analysis):
        return [
            *self._get_earlier_remarks(),
            *self._get_siren_remarks(),
            *self._get_own_items_remarks(),
            *self._get_currency_remarks(analysis.open_items),
        ]

    def _get_earlier_remarks(self):
        own = set(self.attachment_ids.mapped("checksum"))
        return [
            Remark(
                "read_with",
                {
                    "file": file.name,
                    "date": format_datetime(self.env, earlier.date_loaded),
                },
                file.name,
                level="info",
            )
            for earlier in self._get_earlier()
            for file in earlier.attachment_ids
            if file.checksum not in own
        ]

    def _get_siren_remarks(self):
        """The law names the file by the SIREN of its company (LPF A47 A-1, XIII)."""
        company = self.company_id
        number = _DIGITS.sub("", company.company_registry or "") or _DIGITS.sub(
            "", (company.vat or "")[4:]
        )
        if len(number) < 9:
            return []
        return [
            Remark(
                "other_company",
                {
                    "siren": match[1],
                    "company": company.name,
                    "expected": number[:9],
                },
                file.name,
            )
            for file in self.attachment_ids
            if (match := _SIREN.search(file.name)) and match[1] != number[:9]
        ]

    def _get_own_items_remarks(self):
        [(count, amount)] = self.env["account.move.line"]._read_group(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("move_id.takeover_import_id", "=", False),
            ],
            aggregates=["__count", "amount_residual:sum"],
        )
        if not count:
            return []
        amount = formatLang(self.env, amount, currency_obj=self.currency_id)
        company = self.company_id.name
        params = {"company": company, "count": count, "amount": amount}
        return [Remark("own_items", params)]

    def _get_currency_remarks(self, items):
        known = set(
            self.env["res.currency"].search([("active", "=", True)]).mapped("name")
        )
        foreign = Counter(
            item.currency
            for item in items
            if item.currency and item.currency_amount and item.currency not in known
        )
        company_currency = self.currency_id.name
        return [
            Remark(
                "currency_unknown",
                {
                    "count": count,
                    "currency": currency,
                    "company_currency": company_currency,
                },
            )
            for currency, count in foreign.items()
        ]
