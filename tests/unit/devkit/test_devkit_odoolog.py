"""Counting Odoo's tests from its log."""

import pytest

from devkit import odoolog

STAMP = "2026-11-22 01:15:06,101 4711 {level} h1_toy {logger}: {text}"


def log(*entries):
    """A log as Odoo writes it, from (level, logger, text)."""
    text = "\n".join(
        STAMP.format(level=level, logger=logger, text=text)
        for level, logger, text in entries
    )
    return text.splitlines(keepends=True)


def total(failed, errors, run, level="INFO"):
    text = (
        f"{failed} failed, {errors} error(s) of {run} tests when loading database 'x'"
    )
    return (level, "odoo.tests.result", text)


TESTS = "odoo.addons.toy.tests.test_toy"


def test_all_passed():
    outcome = odoolog.parse(log(total(0, 0, 12)))
    assert (outcome.passed, outcome.failed) == (12, 0)
    assert outcome.line() == "12 passed, 0 failed"


def test_a_failure_keeps_its_traceback():
    text = 'FAIL: TestToy.test_bad\nTraceback (most recent call last):\n  File "x"'
    outcome = odoolog.parse(log(("ERROR", TESTS, text), total(1, 0, 3, "ERROR")))
    assert (outcome.passed, outcome.failed) == (2, 1)
    assert outcome.failures == [text]


def test_subtests_of_one_test_are_one_failed_test():
    entries = [
        ("ERROR", TESTS, f"FAIL: Subtest TestToy.test_sub (i={number})\nTraceback")
        for number in (0, 2)
    ]
    outcome = odoolog.parse(log(*entries, total(2, 0, 3, "ERROR")))
    assert (outcome.passed, outcome.failed) == (2, 1)
    assert len(outcome.failures) == 2


def test_the_same_name_in_two_modules_is_two_tests():
    entries = [
        ("ERROR", f"odoo.addons.{name}.tests.test_x", "FAIL: TestX.test_a\nTraceback")
        for name in ("one", "two")
    ]
    outcome = odoolog.parse(log(*entries, total(2, 0, 2, "ERROR")))
    assert (outcome.passed, outcome.failed) == (0, 2)


def test_a_broken_setup_of_a_class_is_not_among_the_tests_run():
    text = "ERROR: setUpClass (odoo.addons.toy.tests.test_toy.TestX)\nTraceback"
    outcome = odoolog.parse(log(("ERROR", TESTS, text), total(0, 1, 5, "ERROR")))
    assert (outcome.passed, outcome.failed) == (5, 1)


def test_skipped_tests_are_named_and_not_passed():
    text = "skipped TestToy.test_skip : Chrome executable not found"
    outcome = odoolog.parse(log(("INFO", TESTS, text), total(0, 0, 4)))
    assert outcome.passed == 3
    assert outcome.skipped == ["TestToy.test_skip: Chrome executable not found"]
    assert odoolog.NO_BROWSER.search(outcome.skipped[0])


def test_failures_that_the_log_does_not_show_are_still_counted():
    outcome = odoolog.parse(log(total(2, 1, 10, "ERROR")))
    assert (outcome.passed, outcome.failed) == (7, 3)


def test_an_installation_that_breaks_is_a_failure():
    entry = ("CRITICAL", "odoo.service.server", "Failed to initialize database `x`.")
    outcome = odoolog.parse(log(entry))
    assert (outcome.passed, outcome.failed) == (0, 1)


@pytest.mark.parametrize("lines", [[], ["no log at all\n", "\n"], ["\x00\x00"]])
def test_anything_else_counts_nothing(lines):
    assert odoolog.parse(lines).total == 0


def test_outcomes_add_up():
    both = odoolog.Outcome(2, 1, ["s"], ["f"]) + odoolog.Outcome(3, 0, [], [])
    assert both.line() == "5 passed, 1 failed"
    assert (both.skipped, both.failures) == (["s"], ["f"])
