"""Reading the files; a broken one changes nothing."""

import logging
from collections import Counter
from pathlib import Path

from odoo import fields, models
from odoo.tools import SQL

from ..tools.fec import FecError, FecInternalError, FecSource, Options, Step, analyse

_logger = logging.getLogger(__name__)

DEFAULT_MAX_BYTES = 2 * 1024**3


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
        except FecInternalError as error:
            _logger.exception("The reading of a FEC could not be proven")
            return self._fail(
                self.env._(
                    "The reading could not be proven: %s. Nothing was done; please "
                    "report this fault of the program.",
                    error,
                )
            )
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
        self._analyze_tables()
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
