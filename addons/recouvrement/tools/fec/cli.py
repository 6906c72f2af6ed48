"""``./dev fec FILE…``: the control report without Odoo, as text or JSON."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .analyse import analyse
from .issues import FecError
from .model import Analysis, FecReport, FecSource, Options

OK, UNREADABLE = 0, 1
MAX_TERMS = 3650
_LISTED = 50


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; return 0, or 1 when a file cannot be read (2: usage)."""
    try:
        choices = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    options = Options(terms_days=choices.terms_days, as_of=choices.as_of)
    sources = [FecSource.from_path(path) for path in choices.files]
    try:
        analysis = analyse(sources, options, _Progress() if _is_terminal() else None)
    except FecError as error:
        print(f"fec: {error}", file=sys.stderr)
        return UNREADABLE
    print(as_json(analysis.report) if choices.json else as_text(analysis))
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fec", description="Control report of one or several years of FEC."
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="YYYY-MM-DD",
        help="day the ages are counted at (default: last entry of the newest file)",
    )
    parser.add_argument(
        "--terms-days",
        type=_terms,
        default=30,
        metavar="N",
        help="days from PieceDate to the due date (default: 30)",
    )
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date YYYY-MM-DD: {text}") from None


def _terms(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_TERMS):
        raise argparse.ArgumentTypeError(f"not a number of days: {text}")
    return int(text)


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


class _Progress:
    """A percentage on the terminal, redrawn only when it changes."""

    def __init__(self):
        self._shown = -1

    def __call__(self, done: int, total: int):
        percent = done * 100 // total if total else 100
        if percent != self._shown:
            self._shown = percent
            end = "\n" if percent >= 100 else ""
            print(f"\rReading {percent:3d} %", end=end, file=sys.stderr, flush=True)


def as_dict(report: FecReport) -> dict:
    """The stable JSON form: amounts are strings with two decimals."""
    return {
        "files": [one.name for one in report.files],
        "lines": report.lines,
        "refused": [
            {"file": issue.file, "line": issue.line, "reason": issue.text}
            for issue in report.refused
        ],
        "balance_411": _money(report.balance_411),
        "customers": report.customers,
        "debit": {"count": report.debit.count, "sum": _money(report.debit.sum)},
        "credit": {"count": report.credit.count, "sum": _money(report.credit.sum)},
        "open_items": report.open_items,
        "aged": {name: _money(amount) for name, amount in report.aged.items()},
        "matched_by": {
            step: _money(amount) for step, amount in report.matched_by.items()
        },
    }


def as_json(report: FecReport) -> str:
    return json.dumps(as_dict(report), ensure_ascii=False, indent=2)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def as_text(analysis: Analysis) -> str:
    """The same for a reader, with the journals and every doubtful point."""
    report = analysis.report
    blocks = [
        _files_block(report),
        _totals_block(report),
        _aged_block(report),
        _matched_block(report),
        _journals_block(report),
        _issues_block("Refused lines", report.refused),
        _issues_block("To check", report.doubtful),
    ]
    return "\n\n".join(block for block in blocks if block)


def _files_block(report: FecReport) -> str:
    return "\n".join(
        f"{one.name}: {one.lines} lines ({one.refused} refused), {one.start} to"
        f" {one.end}, {one.encoding}, separator {one.separator}, {one.lines_411}"
        f" receivable lines ({one.opening_411} opening: {one.opening_shape}),"
        f" {one.lettered_411} lettered in {one.groups} groups"
        f" ({one.groups_unbalanced} not balanced), read as {one.role}"
        for one in report.files
    )


def _totals_block(report: FecReport) -> str:
    rows = [
        ("Receivables (411)", report.balance_411),
        (f"{report.debit.count} customers in debit", report.debit.sum),
        (f"{report.credit.count} customers in credit", report.credit.sum),
    ]
    tail = (
        f"{report.customers} customers, {report.open_items} open items,"
        f" {report.open_credits} credits to allocate"
    )
    if report.settled_later.count:
        tail += (
            f", {report.settled_later.count} settled later to confirm"
            f" ({_money(report.settled_later.sum)})"
        )
    return _table(rows) + "\n" + tail


def _aged_block(report: FecReport) -> str:
    title = f"Open debits by days overdue on {report.as_of}"
    return title + "\n" + _table(report.aged.items())


def _matched_block(report: FecReport) -> str:
    shares = report.matched_share()
    rows = [
        (f"{step} ({shares[step]:.1%})", amount)
        for step, amount in report.matched_by.items()
    ]
    return "Matched by (piece, amount and oldest are proposals)\n" + _table(rows)


def _journals_block(report: FecReport) -> str:
    rows = [
        f"  {one.code:<8}{one.label[:30]:<32}{one.lines:>8}{one.debit:>18}"
        f"{one.credit:>18}{'' if one.debit == one.credit else '  does not balance'}"
        for one in report.journals
    ]
    return "\n".join(["Journals: lines, debit, credit", *rows])


def _issues_block(title: str, issues: Sequence) -> str:
    if not issues:
        return ""
    lines = [f"  {issue}" for issue in issues[:_LISTED]]
    if len(issues) > _LISTED:
        lines.append(f"  … and {len(issues) - _LISTED} more")
    return "\n".join([f"{title}: {len(issues)}", *lines])


def _table(rows) -> str:
    return "\n".join(f"  {label:<32}{_money(amount):>18}" for label, amount in rows)
