import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from odoo import fields, models
from odoo.tools import SQL, format_datetime, formatLang, split_every

from ..tools.fec import FecError, FecSource, Options, Step, analyse

MAX_ISSUES = 5_000
INSERT_CHUNK = 5_000
DEFAULT_MAX_BYTES = 2 * 1024**3
SUPERSEDED = "-"
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

    # ------------------------------------------------------------------
    # SOURCES
    # ------------------------------------------------------------------

    def _get_earlier(self):
        """Takeovers of the same company that are in force."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "loaded"),
                ("id", "!=", self.id),
            ],
            order="date_loaded, id",
        )

    def _get_sources(self):
        """Own files, and those of earlier takeovers that they continue."""
        own = self.attachment_ids
        known = set(own.mapped("checksum"))
        earlier = self._get_earlier().attachment_ids.filtered(
            lambda file: file.checksum not in known
        )
        names = Counter()
        sources = []
        for file in own | earlier:
            names[file.name] += 1
            twin = names[file.name]
            name = f"{file.name} ({twin})" if twin > 1 else file.name
            sources.append(self._get_source(file, name))
        return sources

    def _get_source(self, attachment, name):
        """Stream the file from the filestore, or give it from the database."""
        if attachment.store_fname:
            path = Path(attachment._full_path(attachment.store_fname))
            return FecSource(name, path=path)
        return FecSource(name, data=attachment.raw or b"")

    def _get_today(self):
        return fields.Date.context_today(self)

    def _get_reader_options(self):
        max_bytes = self.env["ir.config_parameter"].get_param(
            "recouvrement.fec_max_bytes", DEFAULT_MAX_BYTES
        )
        return Options(
            terms_days=self.terms_days,
            as_of=self.as_of or None,
            accounts=self._get_account_prefixes(),
            history_steps=tuple(Step),
            max_bytes=int(max_bytes),
        )

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    def _analyse(self, committing=False):
        """Read the files and keep what was found; a broken file changes nothing.

        :return: True, the reading is one batch.
        """
        self._forget_analysis()
        again = self._get_known_files()
        if again and len(again) == len(self.attachment_ids):
            return self._fail(
                "\n".join(
                    f"{file}: {self._format_issue(issue)}"
                    for file, issue in again.items()
                )
            )
        progress = self._commit_reading_progress if committing else None
        try:
            analysis = analyse(
                self._get_sources(), self._get_reader_options(), progress
            )
        except FecError as error:
            self._store_issues([error.issue])
            return self._fail(self._format_fatal(error.issue))
        self._store_analysis(analysis, list(again.values()))
        self.write({"state": "analysed", "progress": 100, "attempts": 0})
        return True

    def _commit_reading_progress(self, done, total):
        """Show how far the reading is; nothing else is written before its end."""
        percent = 90 * done // total if total else 90
        if percent >= self.progress + 5:
            self.progress = percent
            self.env["ir.cron"]._commit_progress()

    def _forget_analysis(self):
        """Drop what an earlier reading kept."""
        tables = ("match", "item", "customer", "issue")
        self.env.flush_all()
        for name in tables:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE import_id = %s",
                    SQL.identifier(f"recouvrement_fec_{name}"),
                    self.id,
                )
            )
        self.env.invalidate_all()
        self.write(
            {
                "report_data": False,
                "line_count": 0,
                "customer_count": 0,
                "balance": 0,
                "posted_balance": 0,
                "is_proven": False,
                "load_step": False,
                "date_loaded": False,
            }
        )

    def _store_analysis(self, analysis, remarks):
        report = analysis.report
        customers = self._store_customers(analysis.customers)
        self._store_items(analysis, customers)
        self.env.invalidate_all()
        remarks += self._match_customers()
        self._set_due_dates()
        remarks += self._get_takeover_remarks(analysis)
        self._store_issues([*remarks, *report.refused, *report.doubtful])
        self.write(
            {
                "report_data": self._prepare_report_data(report),
                "line_count": report.lines,
                "customer_count": report.customers,
                "balance": report.balance_411,
                "takeover_date": self.takeover_date or self._get_end(report),
                "balancing_account_id": self.balancing_account_id.id
                or self._find_balancing_account().id,
            }
        )
        self._apply_steps()

    def _get_end(self, report):
        """Last day of the newest file, but no day to come."""
        end = max(one.end for one in report.files if one.role == "current")
        return min(end, self._get_today())

    # ------------------------------------------------------------------
    # STORAGE
    # ------------------------------------------------------------------

    def _insert_rows(self, model_name, names, rows):
        """Insert many rows in few statements.

        :param rows: iterable of tuples in the order of ``names``.
        """
        model = self.env[model_name]
        types = [SQL(model._fields[name].column_type[0]) for name in names]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        for chunk in split_every(INSERT_CHUNK, rows, list):
            arrays = SQL(", ").join(
                SQL("%s::%s[]", list(values), column_type)
                for values, column_type in zip(
                    zip(*chunk, strict=True), types, strict=True
                )
            )
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %s (create_uid, create_date, write_uid, write_date, %s)
                    SELECT %s::integer, %s::timestamp, %s::integer, %s::timestamp, u.*
                      FROM unnest(%s) u
                    """,
                    SQL.identifier(model._table),
                    columns,
                    self.env.uid,
                    self.env.cr.now(),
                    self.env.uid,
                    self.env.cr.now(),
                    arrays,
                )
            )

    def _store_customers(self, customers):
        """:return: id by customer key."""
        self._insert_rows(
            "recouvrement.fec.customer",
            (
                "import_id",
                "company_id",
                "account_code",
                "aux_code",
                "name",
                "line_count",
                "balance",
                "chaseable",
            ),
            (
                (
                    self.id,
                    self.company_id.id,
                    *customer.key,
                    customer.name,
                    customer.lines,
                    customer.balance,
                    customer.chaseable,
                )
                for customer in customers
            ),
        )
        return {
            (account, aux): customer_id
            for customer_id, account, aux in self.env.execute_query(
                SQL(
                    """SELECT id, account_code, aux_code
                         FROM recouvrement_fec_customer WHERE import_id = %s""",
                    self.id,
                )
            )
        }

    def _store_items(self, analysis, customers):
        """Keep every line that is open or was matched, and the matches."""
        opened = {item.uid for item in analysis.open_items}
        items = {item.uid: item for item in analysis.open_items}
        for match in analysis.matches:
            items.setdefault(match.debit.uid, match.debit)
            items.setdefault(match.credit.uid, match.credit)
        paid = {one.item.uid: one for one in analysis.history}
        self._insert_rows(
            "recouvrement.fec.item",
            self._get_item_columns(),
            (
                self._prepare_item_row(item, uid in opened, paid.get(uid), customers)
                for uid, item in items.items()
            ),
        )
        self._store_matches(analysis)

    def _store_matches(self, analysis):
        ids = {
            uid.removeprefix(SUPERSEDED): item_id
            for uid, item_id in self.env.execute_query(
                SQL(
                    "SELECT uid, id FROM recouvrement_fec_item WHERE import_id = %s",
                    self.id,
                )
            )
        }
        newest = {one.name for one in analysis.report.files if one.role == "current"}
        self._insert_rows(
            "recouvrement.fec.match",
            (
                "import_id",
                "debit_item_id",
                "credit_item_id",
                "amount",
                "date",
                "step",
                "in_newest",
            ),
            (
                (
                    self.id,
                    ids[match.debit.uid],
                    ids[match.credit.uid],
                    match.amount,
                    match.date,
                    match.step.value,
                    match.debit.file in newest or match.credit.file in newest,
                )
                for match in analysis.matches
            ),
        )

    def _get_item_columns(self):
        return (
            "import_id",
            "company_id",
            "customer_id",
            "uid",
            "ledger_uid",
            "file_name",
            "line_no",
            "journal",
            "ref",
            "label",
            "date",
            "piece_date",
            "date_due",
            "kind",
            "lettering",
            "original_amount",
            "matched_amount",
            "open_amount",
            "posted_amount",
            "to_post",
            "currency_amount",
            "currency_name",
            "age_certain",
            "settled_later",
            "unnamed",
            "paid_step",
            "paid_date",
        )

    def _prepare_item_row(self, item, is_open, paid, customers):
        """Values of ``_get_item_columns``.

        What an older year left open and the newest repeats under another line is
        superseded: it is kept for its matches only.
        """
        uid = item.uid
        if item.amount and not is_open:
            uid = SUPERSEDED + uid
        left = item.amount if is_open else 0
        unnamed = item.amount > 0 and not item.chaseable and not item.settled_later
        return (
            self.id,
            self.company_id.id,
            customers[item.customer_key],
            uid,
            uid,
            item.file,
            item.line_no,
            item.journal,
            item.ref,
            item.label,
            item.date,
            item.piece_date,
            item.due_date,
            item.kind.value,
            item.lettering,
            item.original_amount,
            left,
            left,
            None,
            left,
            item.currency_amount,
            item.currency,
            item.age_certain and item.due_date is not None,
            item.settled_later,
            unnamed,
            paid.step.value if paid else None,
            paid.paid_date if paid else None,
        )

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
        known = set(self.env["res.currency"].search([]).mapped("name"))
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
