"""Sending e-mails through a mail server that takes everything, printing letters."""

import smtplib
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import _bare
from _measure import Sample, measured

from devkit import server

PORT = 8220
MAIL_ROWS = {
    "mail_message": "id IN (SELECT mail_message_id FROM recouvrement_reminder"
    " WHERE id = ANY(%(ids)s))",
    "mail_mail": "mail_message_id IN (SELECT mail_message_id FROM"
    " recouvrement_reminder WHERE id = ANY(%(ids)s))",
    "mail_notification": "mail_message_id IN (SELECT mail_message_id FROM"
    " recouvrement_reminder WHERE id = ANY(%(ids)s))",
}
BATCHES = (50, 200)


class TakesAll(smtplib.SMTP):
    """An SMTP session that accepts every message and keeps none."""

    taken = 0

    def __init__(self, *_args, **_options):
        super().__init__()

    def ehlo_or_helo_if_needed(self):
        """Nobody to greet."""

    def send_message(self, msg, *_args, **_options):
        """Serialise it, as a real session must."""
        msg.as_bytes()
        TakesAll.taken += 1
        return {}

    def quit(self):
        """Nobody to leave."""


def run(bench):
    """Measure both, with a web server for the styles of the documents."""
    server.start(
        bench.runner, bench.work, server.free_port(PORT), "--max-cron-threads=0"
    )
    try:
        with ExitStack() as stack:
            stack.enter_context(patch("smtplib.SMTP", TakesAll))
            prints = stack.enter_context(_recording())
            if bench.options.mails:
                _mails(bench, prints)
            if bench.options.letters:
                _letters(bench, prints)
    finally:
        server.stop(bench.work)


@contextmanager
def _recording():
    """Remember what wkhtmltopdf was asked, to ask it the same again."""
    from odoo.addons.base.models.ir_actions_report import IrActionsReport

    original = IrActionsReport._run_wkhtmltopdf
    asked = []

    def record(self, bodies, *args, **kwargs):
        bodies = list(bodies)
        asked.append((bodies, args, kwargs))
        return original(self, bodies, *args, **kwargs)

    with patch.object(IrActionsReport, "_run_wkhtmltopdf", record):
        yield Prints(asked, original)


class Prints:
    """The orders that wkhtmltopdf got."""

    def __init__(self, asked, original):
        self.asked = asked
        self.original = original

    def forget(self):
        """Start a new list."""
        self.asked.clear()

    def again(self, env):
        """Seconds that wkhtmltopdf alone takes for the same orders."""
        report = env["ir.actions.report"]
        began = time.perf_counter()
        for bodies, args, kwargs in self.asked:
            self.original(report, bodies, *args, **kwargs)
        return time.perf_counter() - began


# E-mails
def _mails(bench, prints):
    bench.report.head(
        f"Sending {bench.options.mails:,} e-mails to a server that takes all"
    )
    with bench.cursor() as env:
        env["ir.mail_server"].create({"name": "Bench", "smtp_host": "localhost"})
        _batch_sizes(bench, env)
        reminders = _approve(bench, env, "email", bench.options.mails)
        prints.forget()
        TakesAll.taken = 0
        with measured() as writing:
            _send_all(bench, env)
        _bare.stash(env.cr, MAIL_ROWS, {"ids": reminders.ids})
        env.cr.commit()
        with measured() as leaving:
            env["mail.mail"].process_email_queue()
        env.invalidate_all()
        sent = len(reminders.filtered(lambda r: r.state == "sent"))
        bare = _bare_mails(bench, env, prints, reminders)
        plain = _plain_mails(env, len(reminders))
    total = Sample(
        writing.seconds + leaving.seconds,
        writing.queries + leaving.queries,
        max(writing.memory, leaving.memory),
    )
    report = bench.report
    report.row(f"{len(reminders):,} reminders to the server", total, bare)
    report.row("  writing them to the mail queue", writing, bare)
    report.row("  Odoo's queue, one commit each", leaving, plain)
    report.note(
        "bare: inserting the same rows, and wkhtmltopdf alone for the statements"
        f" ({len(prints.asked)} files); of the queue: Odoo with mails of its own"
    )
    met = sent == TakesAll.taken - len(reminders) == len(reminders)
    report.judge(f"{sent:,} proven sendings", met, f"= {len(reminders):,}")


def _approve(bench, env, channel, count):
    """Approve some reminders of the measured campaign; most were to go by e-mail, so
    letters are taken from those of debtors that have an address."""
    env.cr.execute(
        """UPDATE recouvrement_reminder SET state = 'approved', channel = %(channel)s
            WHERE id IN (SELECT r.id FROM recouvrement_reminder r
                           JOIN recouvrement_dunning_level l ON l.id = r.level_id
                           JOIN recouvrement_debtor d ON d.id = r.debtor_id
                          WHERE r.run_id = %(run)s AND r.channel IN ('email', 'letter')
                            AND (r.channel = %(channel)s OR
                                 %(channel)s = 'letter' AND l.letter_template_id > 0)
                            AND d.missing_address IS NOT TRUE
                            AND r.state = 'proposed' AND l.include_invoices IS NOT TRUE
                       ORDER BY r.id LIMIT %(count)s) RETURNING id""",
        {"run": bench.run_id, "channel": channel, "count": count},
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.invalidate_all()
    return env["recouvrement.reminder"].browse(ids)


def _send_all(bench, env):
    run = env["recouvrement.dunning.run"].browse(bench.run_id)
    run.state = "sending"
    finished = False
    while not finished:
        finished = run._process_batch()
        env.cr.commit()


def _batch_sizes(bench, env):
    """Queries of one batch of reminders for two sizes, rolled back."""
    samples = {}
    run = env["recouvrement.dunning.run"].browse(bench.run_id)
    for size in BATCHES:
        with bench.rolled_back(env):
            _approve(bench, env, "email", 2 * size)
            run.company_ids.recouvrement_mail_batch = size
            run.state = "sending"
            env.flush_all()
            env.invalidate_all()
            with measured() as samples[size]:
                run._process_batch()
                env.flush_all()
        bench.report.row(f"one batch of {size}", samples[size])
    few, many = (samples[size].queries for size in BATCHES)
    bench.report.judge("queries per batch do not grow", many <= few * 1.25, "constant")


def _bare_mails(bench, env, prints, reminders):
    """The same rows inserted again, and the same statements printed again."""
    with bench.rolled_back(env):
        env.cr.execute("DELETE FROM mail_mail")
        env.cr.execute(
            "DELETE FROM mail_notification WHERE mail_message_id IN"
            " (SELECT id FROM stash_mail_message)"
        )
        env.cr.execute("UPDATE recouvrement_reminder SET mail_message_id = NULL")
        env.cr.execute(
            "DELETE FROM mail_message WHERE id IN (SELECT id FROM stash_mail_message)"
        )
        with measured() as sample:
            _bare.insert_again(env.cr, MAIL_ROWS)
    sample.seconds += prints.again(env)
    return sample


def _plain_mails(env, count):
    """Odoo's own queue with as many mails that are nobody's reminder."""
    env["mail.mail"].create(
        [
            {
                "subject": f"Plain {number}",
                "body_html": "<p>Plain</p>" * 200,
                "email_from": "desk@bench.example",
                "email_to": f"plain{number}@bench.example",
                "auto_delete": True,
            }
            for number in range(count)
        ]
    )
    env.cr.commit()
    env.invalidate_all()
    with measured() as sample:
        env["mail.mail"].process_email_queue()
    return sample


# Letters
def _letters(bench, prints):
    bench.report.head(f"Rendering {bench.options.letters} letters")
    with bench.cursor() as env:
        reminders = _approve(bench, env, "letter", bench.options.letters)
        run = env["recouvrement.dunning.run"].browse(bench.run_id)
        run.company_ids.recouvrement_mail_batch = bench.options.letters
        env.cr.commit()
        prints.forget()
        with measured() as sample:
            _send_all(bench, env)
        bare = Sample(prints.again(env))
        env.invalidate_all()
        queued = len(
            reminders.filtered(lambda r: r.state == "queued" and r.document_id)
        )
    bench.report.row(f"{len(reminders)} letters", sample, bare)
    bench.report.note(
        f"bare: wkhtmltopdf alone on the same HTML, {len(prints.asked)} files"
    )
    met = queued == len(reminders) > 0
    bench.report.judge(f"{queued} letters printed", met, f"= {len(reminders)}")
