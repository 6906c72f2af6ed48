"""Campaigns that are killed or worked on by two at a time, with real commits.

These tests see what other transactions see, so they cannot run inside one that is
rolled back: they make books of their own and delete them at the end.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import LockError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, config, mute_logger

FAULTS = Path(__file__).with_name("faults.py")
BATCH = 3
DEBTORS = 8
RETRIED = (SerializationFailure, UniqueViolation, LockError)


@tagged("post_install", "-at_install")
class TestRunFaults(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._delete_books)
        with cls._committed() as env:
            cls._make_books(env)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._delete_campaigns)
        patcher = patch(
            "odoo.addons.recouvrement.models.dunning_run_proposal.PROPOSAL_BATCH", BATCH
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    # ------------------------------------------------------------------
    # BOOKS OF THEIR OWN
    # ------------------------------------------------------------------

    @classmethod
    @contextmanager
    def _committed(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _make_books(cls, env):
        company = env.ref("base.main_company")
        cls.company_id = company.id
        cls.settings = {
            name: company[name]
            for name in ("recouvrement_test_mode", "recouvrement_mail_batch")
        }
        company.write(
            {"recouvrement_test_mode": False, "recouvrement_mail_batch": BATCH}
        )
        receivable, revenue = env["account.account"].create(
            [
                {
                    "name": f"Faults {kind}",
                    "code": code,
                    "account_type": kind,
                    "company_ids": company.ids,
                }
                for kind, code in (("asset_receivable", "411FLT"), ("income", "706FLT"))
            ]
        )
        journal = env["account.journal"].create(
            {
                "name": "Faults",
                "code": "FLT",
                "type": "general",
                "company_id": company.id,
            }
        )
        template = env["mail.template"].create(
            {
                "name": "Faults",
                "model_id": env["ir.model"]._get_id("recouvrement.reminder"),
                "subject": "Faults",
                "body_html": "<p>Faults</p>",
            }
        )
        policy = env["recouvrement.dunning.policy"].create(
            {
                "name": "Faults",
                "company_id": company.id,
                "min_open_amount": 1e12,
                "level_ids": [
                    Command.create(
                        {
                            "name": "Level 1",
                            "rank": 1,
                            "delay_days": 5,
                            "channel": "email",
                            "approval": "none",
                            "template_id": template.id,
                            "include_statement": False,
                        }
                    )
                ],
            }
        )
        cls.ids = {
            "account": (receivable + revenue).ids,
            "journal": journal.ids,
            "template": template.ids,
            "policy": policy.ids,
        }
        partners = env["res.partner"].create(
            [
                {"name": f"Faults {n}", "email": f"faults{n}@example.com"}
                for n in range(DEBTORS)
            ]
        )
        cls.ids["partner"] = partners.ids
        day = fields.Date.today() - timedelta(days=10)
        moves = env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": day,
                    "line_ids": [
                        Command.create(
                            {
                                "name": f"Item {part}",
                                "partner_id": partner.id,
                                "account_id": receivable.id,
                                "date_maturity": day,
                                "balance": 100,
                            }
                        )
                        for part in range(2)
                    ]
                    + [Command.create({"account_id": revenue.id, "balance": -200})],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        cls.ids["move"] = moves.ids
        debtors = env["recouvrement.debtor"].search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        )
        debtors.forced_policy_id = policy
        cls.ids["debtor"] = debtors.ids

    def _delete_campaigns(self):
        with self._committed() as env:
            for query in (
                "DELETE FROM recouvrement_event WHERE debtor_id = ANY(%s)",
                "DELETE FROM recouvrement_reminder_line WHERE debtor_id = ANY(%s)",
                "DELETE FROM recouvrement_reminder WHERE debtor_id = ANY(%s)",
                "DELETE FROM mail_message WHERE model = 'recouvrement.debtor'"
                " AND res_id = ANY(%s)",
            ):
                env.cr.execute(SQL(query, self.ids["debtor"]))
            env.cr.execute(
                SQL(
                    """DELETE FROM recouvrement_dunning_run r
                        USING recouvrement_run_policy_rel p
                        WHERE p.run_id = r.id AND p.policy_id = ANY(%s)""",
                    self.ids["policy"],
                )
            )

    @classmethod
    def _delete_books(cls):
        with cls._committed() as env:
            ids = getattr(cls, "ids", {})
            if not ids:
                return
            env["res.company"].browse(cls.company_id).write(cls.settings)
            for query, key in (
                ("DELETE FROM recouvrement_debtor WHERE id = ANY(%s)", "debtor"),
                ("DELETE FROM account_move WHERE id = ANY(%s)", "move"),
                (
                    "DELETE FROM recouvrement_dunning_policy WHERE id = ANY(%s)",
                    "policy",
                ),
            ):
                env.cr.execute(SQL(query, ids.get(key, [])))
            env.invalidate_all()
            env["res.partner"].browse(ids.get("partner", [])).unlink()
            env["account.journal"].browse(ids["journal"]).unlink()
            env["account.account"].browse(ids["account"]).unlink()
            env["mail.template"].browse(ids["template"]).unlink()

    # ------------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------------

    def _start(self, env):
        run = env["recouvrement.dunning.run"].create(
            {
                "company_ids": [Command.set([self.company_id])],
                "policy_ids": [Command.set(self.ids["policy"])],
            }
        )
        run.action_propose()
        return run.id

    def _propose(self, env):
        run_id = self._start(env)
        env.cr.commit()
        env["recouvrement.dunning.run"]._cron_process()
        return run_id

    def _approve(self, env, run_id):
        run = env["recouvrement.dunning.run"].browse(run_id)
        run.action_approve_all()
        run.action_send()
        env.cr.commit()
        return run

    def _kill(self, model, method, at):
        """Work on campaigns in a process that dies at a call of a method."""
        process = self._start_worker(kill_in=[model, method], kill_at=at)
        _output, trace = process.communicate(timeout=120)
        self.assertEqual(process.returncode, -signal.SIGKILL, trace[-4000:])
        self._wait_for_rollback()

    def _wait_for_rollback(self):
        """PostgreSQL notices a killed client after its last statement: wait until
        the locks are gone."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT id FROM recouvrement_dunning_run FOR UPDATE")
            cr.execute("SELECT id FROM recouvrement_reminder FOR UPDATE")

    def _start_worker(self, **settings):
        """A process that works on the campaigns under way (``faults.py``)."""
        options = [
            f"--addons-path={','.join(config['addons_path'])}",
            f"--data-dir={config['data_dir']}",
            "--no-http",
            *(
                f"--{name}={config[name]}"
                for name in ("db_host", "db_port", "db_user")
                if config[name]
            ),
        ]
        settings |= {"options": options, "database": get_db_name(), "batch": BATCH}
        return subprocess.Popen(
            [sys.executable, str(FAULTS), json.dumps(settings)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _assert_every_item_once(self, env, run_id, state):
        """Every item has the level exactly once, every debtor one reminder."""
        rows = env.execute_query(
            SQL(
                """SELECT l.id, COUNT(rl.id) FILTER (WHERE rl.claimed)
                     FROM account_move_line l
                LEFT JOIN recouvrement_reminder_line rl ON rl.move_line_id = l.id
                    WHERE l.move_id = ANY(%s) AND l.partner_id IS NOT NULL
                      AND l.account_id = %s
                 GROUP BY l.id""",
                self.ids["move"],
                self.ids["account"][0],
            )
        )
        self.assertEqual(len(rows), 2 * DEBTORS)
        self.assertEqual({count for _item, count in rows}, {1})
        reminders = env["recouvrement.reminder"].search([("run_id", "=", run_id)])
        self.assertEqual(sorted(reminders.debtor_id.ids), sorted(self.ids["debtor"]))
        self.assertEqual(len(reminders), DEBTORS)
        self.assertEqual(set(reminders.mapped("state")), {state})
        self.assertEqual(set(reminders.mapped("amount_net")), {200.0})
        return reminders

    def _mails(self, env):
        return env["mail.mail"].search(
            [
                ("model", "=", "recouvrement.debtor"),
                ("res_id", "in", self.ids["debtor"]),
            ]
        )

    # ------------------------------------------------------------------
    # KILLED IN THE MIDDLE
    # ------------------------------------------------------------------

    def test_a_proposal_killed_in_the_middle_goes_on_where_it_was(self):
        with self._committed() as env:
            run_id = self._start(env)
        self._kill("recouvrement.dunning.run", "_insert_reminders", 2)
        with self._committed() as env:
            run = env["recouvrement.dunning.run"].browse(run_id)
            self.assertEqual((run.state, run.reminder_count), ("proposing", BATCH))
            env["recouvrement.dunning.run"]._cron_process()
            self.assertEqual(run.state, "proposed")
            self._assert_every_item_once(env, run_id, "proposed")

    def test_a_sending_killed_in_the_middle_goes_on_where_it_was(self):
        with self._committed() as env:
            run_id = self._propose(env)
            self._approve(env, run_id)
        self._kill("recouvrement.reminder", "_send", 2)
        with self._committed() as env:
            run = env["recouvrement.dunning.run"].browse(run_id)
            self.assertEqual(run.state, "sending")
            self.assertEqual((run.queued_count, run.approved_count), (3, DEBTORS - 3))
            self.assertEqual(len(self._mails(env)), 3)
            env["recouvrement.dunning.run"]._cron_process()
            self.assertEqual(run.state, "done")
            reminders = self._assert_every_item_once(env, run_id, "queued")
            self.assertEqual(len(self._mails(env)), DEBTORS)
            self.assertEqual(len(reminders.mail_message_id), DEBTORS)

    @mute_logger("odoo.addons.recouvrement.models.batched")
    def test_a_campaign_that_fails_does_not_keep_the_others_waiting(self):
        with self._committed() as env:
            broken_id, run_id = self._start(env), self._start(env)
        model = self.registry["recouvrement.dunning.run"]
        insert = model._insert_reminders

        def fail_one(run, debtor_ids):
            if run.id == broken_id:
                raise ValueError("broken")
            return insert(run, debtor_ids)

        with (
            patch.object(model, "_insert_reminders", fail_one),
            self._committed() as env,
        ):
            env["recouvrement.dunning.run"]._cron_process()
        with self._committed() as env:
            runs = env["recouvrement.dunning.run"].browse([broken_id, run_id])
            self.assertEqual(runs.mapped("state"), ["proposing", "proposed"])
            self._assert_every_item_once(env, run_id, "proposed")
            env["recouvrement.dunning.run"]._cron_process()
            self.assertEqual(runs[0].state, "proposed")
            self.assertFalse(runs[0].reminder_ids)

    # ------------------------------------------------------------------
    # TWO AT A TIME
    # ------------------------------------------------------------------

    def _in_two(self, first, second):
        """Run two transactions that overlap: both have read before either writes.

        :return: what each raised, or None; ``first`` commits first.
        """
        with self.registry.cursor() as one, self.registry.cursor() as two:
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (one, two)]
            for env in envs:
                env["recouvrement.reminder"].search([]).mapped("state")
                env["recouvrement.dunning.run"].search([]).mapped("state")
            raised = []
            for env, act in zip(envs, (first, second), strict=True):
                try:
                    act(env)
                    env.cr.commit()
                    raised.append(None)
                except (*RETRIED, UserError) as error:
                    env.cr.rollback()
                    raised.append(error)
            return raised

    @mute_logger("odoo.sql_db")
    def test_two_transactions_approve_the_same_campaign(self):
        with self._committed() as env:
            run_id = self._propose(env)

        def approve(env):
            env["recouvrement.dunning.run"].browse(run_id).action_approve_all()

        first, second = self._in_two(approve, approve)
        self.assertIsNone(first)
        self.assertIsInstance(second, SerializationFailure)
        with self._committed() as env:
            self._assert_every_item_once(env, run_id, "approved")

    @mute_logger("odoo.sql_db")
    def test_two_transactions_send_the_same_reminders(self):
        with self._committed() as env:
            run_id = self._propose(env)

        def send(env):
            run = env["recouvrement.dunning.run"].browse(run_id)
            run.reminder_ids.action_send_now()

        first, second = self._in_two(send, send)
        self.assertIsNone(first)
        self.assertIsInstance(second, SerializationFailure)
        with self._committed() as env:
            self._assert_every_item_once(env, run_id, "queued")
            self.assertEqual(len(self._mails(env)), DEBTORS)
            with self.assertRaises(UserError):
                send(env)

    def test_what_another_transaction_is_sending_is_skipped(self):
        with self._committed() as env:
            run_id = self._propose(env)
            self._approve(env, run_id)
        with self.registry.cursor() as busy:
            env_busy = api.Environment(busy, SUPERUSER_ID, {})
            held = env_busy["recouvrement.reminder"].search(
                [("run_id", "=", run_id)], limit=2, order="id"
            )
            held.lock_for_update()
            with self._committed() as env:
                run = env["recouvrement.dunning.run"].browse(run_id)
                with self.assertRaises(UserError):
                    env["recouvrement.reminder"].browse(held.ids).action_send_now()
                run._process_batch()
                left = run.reminder_ids.filtered(lambda r: r.state == "queued")
                self.assertEqual(len(left), BATCH - 2)
                self.assertFalse(left & env["recouvrement.reminder"].browse(held.ids))
        with self._committed() as env:
            env["recouvrement.dunning.run"]._cron_process()
            self._assert_every_item_once(env, run_id, "queued")
            self.assertEqual(len(self._mails(env)), DEBTORS)

    @mute_logger("odoo.sql_db")
    def test_two_campaigns_propose_the_same_items_at_the_same_moment(self):
        with self._committed() as env:
            first_id, second_id = self._start(env), self._start(env)

        def work(run_id):
            return lambda env: (
                env["recouvrement.dunning.run"].browse(run_id)._process_batch()
            )

        first, second = self._in_two(work(first_id), work(second_id))
        self.assertIsNone(first)
        # The items are claimed already, or the debtor accounts were judged again.
        self.assertIsInstance(second, RETRIED)
        with self._committed() as env:
            env["recouvrement.dunning.run"]._cron_process()
            runs = env["recouvrement.dunning.run"].browse([first_id, second_id])
            self.assertEqual(set(runs.mapped("state")), {"proposed"})
            self.assertFalse(runs[1].reminder_ids)
            self._assert_every_item_once(env, first_id, "proposed")

    def test_two_schedulers_work_on_one_campaign(self):
        with self._committed() as env:
            run_id = self._start(env)
        self._run_schedulers(2)
        with self._committed() as env:
            self._assert_every_item_once(env, run_id, "proposed")
            self._approve(env, run_id)
        self._run_schedulers(2)
        with self._committed() as env:
            self._assert_every_item_once(env, run_id, "queued")
            self.assertEqual(len(self._mails(env)), DEBTORS)
            self.assertEqual(
                env["recouvrement.dunning.run"].browse(run_id).state, "done"
            )

    def _run_schedulers(self, count):
        """Processes that start together; Odoo's own scheduler would start over what
        a lost transaction left, as the last line does."""
        processes = [self._start_worker(wait_for=count) for _number in range(count)]
        for process in processes:
            _output, trace = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, trace[-4000:])
        with self._committed() as env:
            env["recouvrement.dunning.run"]._cron_process()
