"""The reconciliation on the customer's page: answers, signature, and who tries to get
at what is not its own."""

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.portal_common import PDF, PortalCommon

from .test_reconciliation import PNG


@tagged("post_install", "-at_install")
class TestPortalReconciliation(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.minutes = cls._send(cls.debtor)
        cls.path = f"/reconciliation/{cls.minutes.id}"
        cls.lines = {line.move_line_id.move_id: line for line in cls.minutes.line_ids}

    @classmethod
    def _send(cls, debtor):
        minutes = cls.env["recouvrement.reconciliation"].create(
            {"debtor_id": debtor.id, "as_of": cls.today}
        )
        minutes.action_send()
        return minutes

    def _fill(self, step="save", files=None, path=None, csrf=None, **values):
        response = self._post(
            path or self.path, {"step": step, **values}, files, csrf=csrf
        )
        self.env.invalidate_all()
        return response

    def _agree(self):
        return {f"answer_{line.id}": "agreed" for line in self.minutes.line_ids}

    def _sign(self, path=None, base=None, **params):
        self.env.flush_all()
        response = self.opener.post(
            f"{self.base_url()}{base or self.base}{path or self.path}/sign",
            json={"jsonrpc": "2.0", "params": params},
            timeout=60,
        )
        self.env.invalidate_all()
        return response.json()

    # ------------------------------------------------------------------
    # THE WAY THROUGH
    # ------------------------------------------------------------------

    def test_the_account_shows_what_is_to_be_reconciled(self):
        text = self._text(self._page())
        self.assertIn("Please compare our items with your books.", text)
        text = self._text(self._page(self.path))
        self.assertIn(self.minutes.name, text)
        self.assertIn(self.overdue.name, text)
        self.assertIn("1,600.49", text)

    def test_answers_are_kept_and_the_minutes_signed(self):
        late = self.lines[self.late]
        response = self._fill(
            **{
                f"answer_{self.lines[self.overdue].id}": "paid",
                f"date_{self.lines[self.overdue].id}": self._day(-3).isoformat(),
                f"paid_{self.lines[self.overdue].id}": "1 000,00",
                f"reference_{self.lines[self.overdue].id}": "VIR 9",
                f"answer_{late.id}": "differs",
                f"amount_{late.id}": "250.50",
                "extra_kind": "credit_note",
                "extra_name": "AV-3",
                "extra_date": self._day(-9).isoformat(),
                "extra_amount": "20",
                "comment": "Voir ci-joint",
            },
            files=[("documents", ("releve.pdf", PDF, "application/pdf"))],
        )
        self.assertEqual(response.status_code, 303, response.text[:2000])
        paid = self.lines[self.overdue]
        self.assertEqual((paid.answer, paid.answer_amount), ("paid", 1000))
        self.assertEqual((paid.customer_amount, late.difference), (200, 50))
        self.assertEqual(self.minutes.extra_ids.customer_amount, -20)
        self.assertEqual(self.minutes.attachment_ids.raw, PDF)
        self.assertEqual(self.minutes.comment, "Voir ci-joint")
        response = self._fill("complete")
        self.assertEqual(response.status_code, 422)
        self.assertIn("have no answer yet", response.text)
        self._fill("agree")
        self.assertFalse(self.minutes.unanswered_count)
        self._fill("complete", comment="Voir ci-joint")
        self.assertEqual(self.minutes.state, "answered")
        # Colleagues may not read the public user, whom the form would show.
        self.assertEqual(self.minutes.activity_ids.create_uid, self.minutes.user_id)
        text = self._text(self._page(self.path))
        self.assertIn(self.minutes.minutes_sha256, text)
        answer = self._sign(name="Alice Bernard", signature=PNG)
        self.assertTrue(answer["result"]["force_refresh"], answer)
        self.assertEqual(self.minutes.signed_name, "Alice Bernard")
        self.assertTrue(self.minutes.signed_ip)
        for kind in ("document", "minutes", "signed"):
            response = self._get(f"{self.path}/{kind}.pdf")
            self.assertEqual(response.content, self.minutes._get_pdf(kind))
        self.minutes.action_sign()
        self.assertIn("Signed by both sides", self._text(self._page(self.path)))

    def test_what_was_filled_in_stays_when_something_is_wrong(self):
        late = self.lines[self.late]
        response = self._fill(
            **{
                f"answer_{late.id}": "differs",
                f"answer_{self.lines[self.overdue].id}": "agreed",
                "comment": "Kept words",
            }
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("Kept words", response.text)
        self.assertFalse(any(self.minutes.line_ids.mapped("answer")))

    def test_answers_can_be_changed_until_they_are_signed(self):
        self._fill("complete", **self._agree())
        self.assertEqual(self.minutes.state, "answered")
        response = self._post(f"{self.path}/correct", csrf=self._get_csrf(self.path))
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.minutes.state, "sent")

    def test_an_item_of_the_customer_is_added_and_removed(self):
        values = {
            "extra_kind": "payment",
            "extra_name": "CHQ",
            "extra_date": self.today.isoformat(),
            "extra_amount": "12.50",
        }
        self._fill(**values)
        self.assertEqual(self.minutes.extra_ids.amount, 12.5)
        self._fill(drop=str(self.minutes.extra_ids.id))
        self.assertFalse(self.minutes.extra_ids)
        for wrong in (
            {"extra_kind": "gift"},
            {"extra_name": ""},
            {"extra_amount": "NaN"},
            {"extra_amount": "0"},
            {"extra_amount": "1e99"},
            {"extra_amount": "Infinity"},
            {"extra_date": ""},
            {"extra_date": self._day(1).isoformat()},
            {"extra_date": "0001-01-01"},
        ):
            with self.subTest(**wrong):
                self.assertEqual(self._fill(**{**values, **wrong}).status_code, 422)
        self.assertFalse(self.minutes.extra_ids)

    # ------------------------------------------------------------------
    # ATTACKS
    # ------------------------------------------------------------------

    def test_minutes_of_others_and_drafts_are_not_found(self):
        theirs = self._send(self.stranger)
        draft = self.env["recouvrement.reconciliation"].create(
            {"debtor_id": self.debtor.id}
        )
        cancelled = self._send(self.debtor)
        cancelled._cancel("Error")
        csrf = self._get_csrf(self.path)
        for minutes in (theirs, draft, cancelled):
            path = f"/reconciliation/{minutes.id}"
            self.assertEqual(self._get(path).status_code, 404)
            self.assertEqual(self._get(f"{path}/document.pdf").status_code, 404)
            self.assertEqual(self._fill(path=path, csrf=csrf).status_code, 404)
            self.assertNotIn("result", self._sign(path, name="M", signature=PNG))
            self.assertFalse(minutes.signed_on)

    def test_the_token_of_another_debtor_opens_nothing_of_this_one(self):
        token = self._give(self.stranger)._get_token()
        base = f"/recouvrement/portal/{token}"
        self.assertEqual(self._get(self.path, base=base).status_code, 404)
        self.assertNotIn("result", self._sign(base=base, name="M", signature=PNG))

    def test_items_of_others_are_not_answered_through_one_s_own_page(self):
        theirs = self._send(self.stranger)
        extra = self.env["recouvrement.reconciliation.extra"].create(
            {"reconciliation_id": theirs.id, "name": "x", "amount": 5}
        )
        line = theirs.line_ids[0]
        self._fill(**{f"answer_{line.id}": "unknown", "drop": str(extra.id)})
        self.assertFalse(line.answer)
        self.assertTrue(extra.exists())

    def test_a_closed_link_answers_and_signs_nothing(self):
        csrf = self._get_csrf(self.path)
        self.link.action_revoke()
        self.assertEqual(self._fill("agree", csrf=csrf).status_code, 404)
        self.assertNotIn("result", self._sign(name="Alice", signature=PNG))
        self.assertFalse(any(self.minutes.line_ids.mapped("answer")))

    def test_without_the_token_of_the_form_nothing_is_written(self):
        self.assertEqual(self._fill("agree", csrf="x").status_code, 400)
        self.assertTrue(self.minutes.unanswered_count)

    def test_a_form_that_is_sent_again_changes_nothing_once_it_is_complete(self):
        csrf = self._get_csrf(self.path)
        self._fill("complete", csrf=csrf, **self._agree())
        line = self.lines[self.late]
        replay = self._fill(csrf=csrf, **{f"answer_{line.id}": "unknown"})
        self.assertEqual(replay.status_code, 422)
        self.assertEqual(line.answer, "agreed")

    def test_nobody_signs_twice_nor_before_the_end(self):
        self.assertIn("error", self._sign(name="Alice", signature=PNG)["result"])
        self._fill("complete", **self._agree())
        self._sign(name="Alice", signature=PNG)
        self.assertIn("error", self._sign(name="Mallory", signature=PNG)["result"])
        self.assertEqual(self.minutes.signed_name, "Alice")
        csrf = self._get_csrf("")
        self._post(f"{self.path}/correct", csrf=csrf)
        self.env.invalidate_all()
        self.assertEqual(self.minutes.state, "answered")

    def test_a_signature_needs_a_name_and_a_picture(self):
        self._fill("complete", **self._agree())
        for vals in (
            {"name": "", "signature": PNG},
            {"name": "Alice", "signature": ""},
            {"name": "Alice", "signature": "PHN2Zz4="},
            {"name": "Alice", "signature": PNG + "A" * 800_000},
            {"name": ["x"], "signature": {"a": 1}},
        ):
            with self.subTest(vals=str(vals)[:60]):
                self.assertIn("error", self._sign(**vals)["result"])
        self.assertFalse(self.minutes.signed_on)

    def test_a_colleague_does_not_answer_for_the_customer(self):
        self.authenticate(self.collector.login, self.collector.login)
        response = self._fill("agree")
        self.assertEqual(response.status_code, 422)
        self.assertIn("only the customer", response.text)
        self.assertIn("error", self._sign(name="Alice", signature=PNG)["result"])

    def test_huge_answers_are_cut_or_refused(self):
        line = self.lines[self.late]
        self._fill(
            comment="x" * 20_000,
            **{f"answer_{line.id}": "unknown", f"text_{line.id}": "y" * 5_000},
        )
        self.assertEqual(len(self.minutes.comment), 4000)
        self.assertEqual(len(line.answer_text), 200)
        response = self._fill(comment="z" * 60_000_000, csrf=self._get_csrf(self.path))
        self.assertGreaterEqual(response.status_code, 400)
        self.assertEqual(len(self.minutes.comment), 4000)
        many = {f"answer_{number}": "agreed" for number in range(5_000)}
        self.assertIn(self._fill(**many).status_code, (303, 400, 413))

    def test_documents_are_limited_in_kind_size_and_number(self):
        for name, content in (
            ("virus.exe", b"MZ"),
            ("page.html", b"<script>"),
            ("big.pdf", PDF + b"x" * (9 * 1024 * 1024)),
            ("not.pdf", b"no pdf"),
        ):
            with self.subTest(name=name):
                files = [("documents", (name, content, "application/pdf"))]
                self.assertEqual(self._fill(files=files).status_code, 422)
        files = [
            ("documents", (f"{number}.pdf", PDF, "application/pdf"))
            for number in range(4)
        ]
        self.assertEqual(self._fill(files=files).status_code, 303)
        self.assertEqual(self._fill(files=files).status_code, 303)
        self.assertEqual(self._fill(files=files).status_code, 422)
        self.assertEqual(len(self.minutes.attachment_ids), 8)

    def test_words_of_the_customer_are_never_markup(self):
        line = self.lines[self.late]
        self._fill(
            comment="<script>alert(1)</script>",
            **{f"answer_{line.id}": "unknown", f"text_{line.id}": "<img src=x>"},
        )
        text = self._get(self.path).text
        self.assertNotIn("<script>alert(1)", text)
        self.assertNotIn("<img src=x>", text)
        self._fill("agree")
        self._fill("complete")
        document = self.minutes._get_pdf("minutes").decode()
        self.assertNotIn("<img src=x>", document)

    # ------------------------------------------------------------------
    # PORTAL USERS, LANGUAGES, LONG ACCOUNTS
    # ------------------------------------------------------------------

    def test_a_portal_user_answers_for_its_own_customer_only(self):
        self._make_portal_user(self.customer, "test_portal_r")
        self.authenticate("test_portal_r", "test_portal_r")
        mine = f"/my/receivables/{self.debtor.id}"
        response = self._post(self.path, {"step": "agree"}, base=mine)
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertFalse(self.minutes.unanswered_count)
        theirs = self._send(self.stranger)
        for base in (mine, f"/my/receivables/{self.stranger.id}"):
            response = self._get(f"/reconciliation/{theirs.id}", base=base)
            self.assertEqual(response.status_code, 404)

    def test_a_long_account_is_answered_page_by_page(self):
        for number in range(60):
            self._make_invoice(self.customer, 10.0 + number, due=-20)
        minutes = self._send(self.debtor)
        path = f"/reconciliation/{minutes.id}"
        rows = self._page(path).xpath("//div[contains(@class,'o_reconcile_row')]")
        self.assertEqual(len(rows), 50)
        values = {f"answer_{line.id}": "agreed" for line in minutes.line_ids[:50]}
        response = self._fill("next", path=path, **values)
        self.assertIn("page=2", response.headers["Location"])
        self.assertEqual(minutes.unanswered_count, 13)
        rows = self._page(path, show="todo").xpath(
            "//div[contains(@class,'o_reconcile_row')]"
        )
        self.assertEqual(len(rows), 13)
        self.assertEqual(self._get(path, page="999999999").status_code, 200)
        self.assertEqual(self._get(path, page="x").status_code, 200)
