"""Files of the bank become statements, once, and say what is wrong with them."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .bank_file_common import IBAN, PAYER_IBAN, BankFileCommon


@tagged("post_install", "-at_install")
class TestBankFile(BankFileCommon):
    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def test_a_statement_becomes_posted_lines_that_keep_what_the_bank_told(self):
        file = self._load(
            self._camt(
                [
                    (
                        120.5,
                        {
                            "name": "Moreau",
                            "iban": PAYER_IBAN,
                            "text": "Facture 42",
                            "ref": "R1",
                        },
                    ),
                    (-20, {"text": "Frais", "ref": "R2", "family": ("ACMT", "CHRG")}),
                ]
            )
        )
        self.assertEqual(file.state, "loaded", file.issue_ids.mapped("text"))
        self.assertEqual((file.line_count, file.partner_count), (2, 1))
        statement = file.statement_ids
        self.assertRecordValues(
            statement,
            [
                {
                    "journal_id": self.bank.id,
                    "balance_start": 1000,
                    "balance_end": 1100.5,
                    "balance_end_real": 1100.5,
                    "is_complete": True,
                    "is_valid": True,
                    "reference": "S1",
                }
            ],
        )
        self.assertRecordValues(
            statement.line_ids.sorted("internal_index"),
            [
                {
                    "amount": 120.5,
                    "payment_ref": "Facture 42",
                    "partner_name": "Moreau",
                    "account_number": PAYER_IBAN,
                    "partner_id": self.payer.id,
                    "state": "posted",
                    "is_reconciled": False,
                },
                {
                    "amount": -20,
                    "payment_ref": "Frais",
                    "partner_name": False,
                    "account_number": False,
                    "partner_id": False,
                    "state": "posted",
                    "is_reconciled": False,
                },
            ],
        )

    def test_copies_are_what_the_orm_would_have_written(self):
        """Every stored column of the three tables, but for ids and stamps."""
        rows = [
            (10 + n, {"name": f"P{n}", "text": f"T{n}", "ref": f"R{n}", "day": day})
            for n, day in enumerate(["2026-03-02", "2026-03-02", "2026-04-07"] * 2)
        ]
        rows += [(-5 - n, {"text": f"D{n}", "iban": PAYER_IBAN}) for n in range(3)]
        fast = self._load(self._camt(rows, number="fast")).statement_ids
        fast_shape = self._shape(fast)
        self.files.search([]).action_undo()
        statement = type(self.env["account.bank.statement"])
        self.patch(statement, "_get_kind", lambda self, journal, row: None)
        slow = self._load(self._camt(rows, number="slow")).statement_ids
        self.assertEqual(len(fast_shape[0]), len(rows))
        for fast_rows, slow_rows in zip(fast_shape, self._shape(slow), strict=True):
            for fast_row, slow_row in zip(fast_rows, slow_rows, strict=True):
                self.assertEqual(fast_row, slow_row)

    def _shape(self, statement):
        """Rows of a statement's lines, moves and items, less what names them."""
        self.env.flush_all()
        lines = statement.line_ids.sorted("internal_index")
        free = {
            "id",
            "create_date",
            "write_date",
            "posting_time",
            "statement_id",
            "internal_index",
            "move_id",
            "move_name",
            "name",
            "sequence_number",
            "statement_line_id",
            "reference",
        }
        shapes = []
        for records in (lines, lines.move_id, lines.move_id.line_ids.sorted("id")):
            self.env.cr.execute(
                f'SELECT * FROM "{records._table}" WHERE id = ANY(%s)', [records.ids]
            )
            found = {row["id"]: row for row in self.env.cr.dictfetchall()}
            kept = free - ({"name"} if records._name == "account.move.line" else set())
            shapes.append(
                [
                    {key: val for key, val in found[one.id].items() if key not in kept}
                    for one in records
                ]
            )
        names = lines.move_id.sorted("id").mapped("name")
        self.assertEqual(len(set(names)), len(lines), names)
        self.assertTrue(all(names))
        return shapes

    def test_numbers_follow_each_other_without_a_hole(self):
        rows = [(n + 1, {"ref": str(n)}) for n in range(7)]
        file = self._load(self._camt(rows))
        moves = file.statement_ids.line_ids.sorted("internal_index").move_id
        numbers = moves.mapped("sequence_number")
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 7)))
        self.assertFalse(any(moves.mapped("made_sequence_gap")))
        more = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-03-02", "amount": 1}
        )
        self.assertEqual(more.move_id.sequence_number, numbers[-1] + 1)

    def test_lines_keep_the_order_of_the_bank_within_a_day(self):
        amounts = [5, -3, 0, 7, -1, 2]
        file = self._load(
            self._camt([(a, {"ref": str(n)}) for n, a in enumerate(amounts)])
        )
        lines = file.statement_ids.line_ids.sorted("internal_index")
        self.assertEqual(lines.mapped("amount"), amounts)
        running = [1005, 1002, 1002, 1009, 1008, 1010]
        self.assertEqual(lines.mapped("running_balance"), running)

    def test_queries_do_not_grow_with_the_lines_of_a_batch(self):
        counts = []
        for size, opening in ((50, 0), (400, 50)):
            rows = [
                (1, {"ref": f"{size}-{n}", "iban": PAYER_IBAN}) for n in range(size)
            ]
            content = self._camt(rows, opening=opening, number=str(size))
            before = self.cr.sql_log_count
            file = self._load(content)
            self.assertEqual(file.line_count, size)
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 20, counts)

    def test_a_line_can_be_matched_like_any_other(self):
        partner = self.payer
        invoice = self._make_invoice(partner, 300, due=-5)
        file = self._load(
            self._camt([(1, {"ref": "a"}), (300, {"iban": PAYER_IBAN, "ref": "b"})])
        )
        line = file.statement_ids.line_ids.filtered(lambda one: one.amount == 300)
        _bank, suspense, _other = line._seek_for_lines()
        item = invoice.line_ids.filtered("amount_residual")
        suspense.account_id = item.account_id
        (suspense | item).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertTrue(line.is_reconciled)

    def test_transactions_told_to_the_cent_are_lines_of_their_own(self):
        inner = self._transaction(30, name="A") + self._transaction(12, name="B")
        both = {"details": f"<NtryDtls>{inner}</NtryDtls>"}
        partly = {"details": f"<NtryDtls>{inner}</NtryDtls>", "ref": "x"}
        file = self._load(self._camt([(42, both), (50, partly)]))
        self.assertEqual(
            file.statement_ids.line_ids.sorted("internal_index").mapped("amount"),
            [30, 12, 50],
        )

    def test_what_is_only_announced_is_not_booked(self):
        file = self._load(self._camt([(10, {}), (99, {"status": "PDNG"})]))
        self.assertEqual((file.line_count, file.statement_ids.balance_end), (1, 1010))
        self.assertIn("skipped_pending", self._codes(file))

    def test_a_flat_french_statement_is_loaded(self):
        def record(kind, **at):
            line = [" "] * 120
            places = {1: kind, 3: "30006", 12: "00001", 17: "EUR2", 22: "12345678901"}
            places.update({int(name[1:]): text for name, text in at.items()})
            for start, text in places.items():
                line[start - 1 : start - 1 + len(text)] = text
            return "".join(line)

        lines = [
            record("01", p35="010326", p91="0000000010000{"),
            record(
                "04", p33="05", p35="020326", p49="VIR MOREAU", p91="0000000001234E"
            ),
            record("05", p33="05", p35="020326", p46="LCC", p49="Facture 42"),
            record("07", p35="020326", p91="0000000011234E"),
        ]
        file = self._load("\r\n".join(lines), name="releve.txt")
        self.assertEqual(file.state, "loaded", file.issue_ids.mapped("text"))
        self.assertEqual(file.kind, "cfonb120")
        line = file.statement_ids.line_ids
        self.assertEqual(
            (line.amount, line.payment_ref), (123.45, "VIR MOREAU Facture 42")
        )
        self.assertEqual(file.statement_ids.balance_end_real, 1123.45)

    # ------------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------------

    def test_the_same_file_twice_is_refused_and_the_first_is_named(self):
        content = self._camt([(10, {})])
        self._load(content, name="first.xml")
        with self.assertRaisesRegex(UserError, "first.xml"):
            self._load(content, name="second.xml")

    def test_the_same_bookings_in_another_file_are_not_loaded_again(self):
        rows = [(10, {"ref": "a"}), (20, {"ref": "b"})]
        self._load(self._camt(rows))
        again = self._load(self._camt(rows) + " ")
        self.assertEqual((again.state, again.line_count), ("loaded", 0))
        self.assertEqual(self._codes(again), ["already"])
        self.assertFalse(again.statement_ids)

    def test_a_statement_that_overlaps_another_is_refused_as_a_whole(self):
        self._load(self._camt([(10, {"ref": "a"})]))
        more = self._load(self._camt([(10, {"ref": "a"}), (20, {"ref": "b"})]))
        self.assertEqual(more.state, "failed")
        self.assertEqual(self._codes(more), ["overlap"])
        self.assertFalse(more.statement_ids)

    def test_equal_bookings_of_one_day_are_all_kept(self):
        file = self._load(self._camt([(-2, {"text": "Frais"})] * 3))
        self.assertEqual(file.line_count, 3)
        later = self._load(
            self._camt([(-2, {"text": "Frais"})], opening=994, number="2")
        )
        self.assertEqual(later.line_count, 1, "the balance tells it from the others")

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def test_a_file_whose_figures_disagree_leaves_nothing(self):
        good = self._camt([(10, {"ref": "a"})], number="1")
        bad = self._camt([(10, {"ref": "b"})], opening=1010, closing=5, number="2")
        before = self.env["account.move"].search_count([])
        file = self._load(good + bad)
        self.assertEqual(file.state, "failed")
        self.assertEqual(self._codes(file), ["balance"])
        self.assertIn("1,010.00", file.issue_ids.text)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_a_missing_statement_is_told(self):
        self._load(self._camt([(10, {"ref": "a"})]))
        late = self._load(
            self._camt(
                [(5, {"ref": "c", "day": "2026-03-05"})], opening=1050, number="3"
            )
        )
        self.assertEqual(late.state, "loaded")
        self.assertEqual(self._codes(late), ["gap"])
        self.assertIn("1,050.00", late.issue_ids.text)

    def test_an_account_that_no_journal_has_is_never_guessed(self):
        other = "FR7610107001011234567890129"
        file = self._load(self._camt([(10, {})], account=other))
        self.assertEqual(
            (file.state, self._codes(file)), ("failed", ["unknown_account"])
        )
        self.assertIn(other, file.issue_ids.text)
        self.bank.bank_account_id = self.env["res.partner.bank"].create(
            {"acc_number": other, "partner_id": self.company.partner_id.id}
        )
        file.action_load_again()
        self.assertEqual((file.state, file.line_count), ("loaded", 1))
        self.assertFalse(file.issue_ids)

    def test_a_statement_in_another_currency_is_refused(self):
        file = self._load(self._camt([(10, {})], currency="USD"))
        self.assertEqual(self._codes(file), ["currency"])

    def test_nothing_is_booked_in_a_closed_period(self):
        self.company.fiscalyear_lock_date = "2026-03-31"
        file = self._load(self._camt([(10, {})]))
        self.assertEqual(self._codes(file), ["closed"])

    def test_a_broken_file_says_where_and_what_to_do(self):
        whole = self._camt([(10, {}), (20, {})])
        cases = {
            "xml": whole[:-40],
            "amount": whole.replace("20.00", "2O.OO", 1),
            "decimals": whole.replace(">20.00<", ">20.00123<", 1),
            "doctype": whole.replace("<Document", "<!DOCTYPE x><Document", 1),
            "format": "rien",
            "empty": " ",
            "compressed": "PK\x03\x04",
        }
        for code, content in cases.items():
            with self.subTest(code):
                file = self._load(content)
                self.assertEqual((file.state, self._codes(file)), ("failed", [code]))
                self.assertTrue(file.issue_ids.text)
                self.assertTrue(file.issue_ids.cure)
        file = self.files.search([("issue_ids.code", "=", "amount")])
        self.assertEqual(file.issue_ids.place, "document 1, entry 2")

    def test_a_file_that_is_too_big_is_not_kept(self):
        self.env["ir.config_parameter"].set_param(
            "recouvrement_sepa.bank_file_megabytes", "0"
        )
        file = self._load(self._camt([(10, {})]))
        self.assertEqual(self._codes(file), ["too_big"])
        self.assertFalse(file.attachment_id)

    def test_several_files_are_loaded_each_on_its_own(self):
        contents = [self._camt([(10, {})]), "rien", self._camt([(5, {})], opening=1010)]
        attachments = self.env["ir.attachment"].create(
            [
                {"name": f"{n}.xml", "raw": text.encode()}
                for n, text in enumerate(contents)
            ]
        )
        files = self.files._take_attachments(attachments)
        self.assertEqual(files.mapped("state"), ["loaded", "failed", "loaded"])

    def test_one_known_file_among_several_stops_no_other(self):
        known = self._camt([(10, {})])
        first = self._load(known)
        new = self._camt([(5, {})], opening=1010)
        attachments = self.env["ir.attachment"].create(
            [{"name": "x.xml", "raw": text.encode()} for text in (known, new)]
        )
        files = self.files._take_attachments(attachments)
        self.assertEqual(files[0], first)
        self.assertEqual(files.mapped("state"), ["loaded", "loaded"])

    def test_the_wizard_loads_what_the_user_added(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "a.xml", "raw": self._camt([(10, {})]).encode()}
        )
        wizard = self.env["recouvrement.bank.file.import"].create(
            {"attachment_ids": attachment.ids}
        )
        action = wizard.action_load()
        file = self.files.browse(action["res_id"])
        self.assertEqual((file.name, file.state), ("a.xml", "loaded"))
        with self.assertRaises(UserError):
            self.env["recouvrement.bank.file.import"].create({}).action_load()

    # ------------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------------

    def test_a_file_is_undone_while_nothing_was_matched(self):
        content = self._camt([(10, {}), (-4, {})])
        before = self.env["account.move"].search_count([])
        file = self._load(content)
        self.assertTrue(file.can_undo)
        file.action_undo()
        self.assertEqual(file.state, "undone")
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self._load(content).line_count, 2, "it can be loaded anew")

    def test_a_file_with_a_matched_line_stays(self):
        invoice = self._make_invoice(self.payer, 10, due=-5)
        file = self._load(self._camt([(10, {})]))
        _bank, suspense, _other = file.statement_ids.line_ids._seek_for_lines()
        item = invoice.line_ids.filtered("amount_residual")
        suspense.account_id = item.account_id
        (suspense | item).reconcile()
        self.assertFalse(file.can_undo)
        with self.assertRaises(UserError):
            file.action_undo()

    def test_two_journals_with_the_same_account_are_not_chosen_between(self):
        self.bank.copy(
            {"code": "BNKX", "bank_account_id": self.bank.bank_account_id.id}
        )
        journals = self.env["account.journal"].search(
            [("bank_account_id.sanitized_acc_number", "=", IBAN)]
        )
        if len(journals) < 2:
            self.skipTest("the account is on one journal only")
        file = self._load(self._camt([(10, {})]))
        self.assertEqual(self._codes(file), ["two_journals"])
