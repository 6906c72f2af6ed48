"""Posting what the plan says, in committed batches."""

from collections import defaultdict

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, split_every

PARTNER_BATCH = 1_000
ITEM_BATCH = 2_000
HISTORY_BATCH = 500
MAX_LINES = 500
JOURNAL_CODE = "REP"
LOAD_CONTEXT = {
    "skip_invoice_sync": True,
    "skip_is_manually_modified": True,
    "tracking_disable": True,
    "mail_notrack": True,
}


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    # ------------------------------------------------------------------
    # PREPARATION
    # ------------------------------------------------------------------

    def _prepare_load(self):
        """Check what is needed to post; nothing is posted yet."""
        record = self._as_worker()
        if not record.journal_id:
            record.journal_id = record._get_takeover_journal()
        if not record.balancing_account_id:
            raise UserError(self.env._("Choose the balancing account."))
        if record.balancing_account_id.account_type == "asset_receivable":
            raise UserError(
                self.env._("The balancing account cannot be a receivable account.")
            )
        record._check_lock_dates()
        record._plan()
        record._unarchive_partners()
        self.load_step = "partners"

    def _get_takeover_journal(self):
        """The company's takeover journal, created when it has none."""
        journals = self.env["account.journal"].sudo()
        domain = [
            *journals._check_company_domain(self.company_id),
            ("type", "=", "general"),
        ]
        journal = journals.search([*domain, ("code", "=", JOURNAL_CODE)], limit=1)
        return journal or journals.create(
            {
                "name": self.env._("Takeover of Receivables"),
                "code": self._get_free_journal_code(),
                "type": "general",
                "company_id": self.company_id.id,
                "show_on_dashboard": False,
            }
        )

    def _get_free_journal_code(self):
        journals = self.env["account.journal"].with_context(active_test=False)
        taken = journals.search([("company_id", "=", self.company_id.id)])
        codes = (JOURNAL_CODE, *(f"{JOURNAL_CODE}{number}" for number in range(1, 99)))
        return next(code for code in codes if code not in taken.mapped("code"))

    def _find_balancing_account(self):
        """The suspense account 471 of the French chart, else unallocated earnings."""
        accounts = self.env["account.account"].with_company(self.company_id).sudo()
        domain = Domain(accounts._check_company_domain(self.company_id)) & Domain(
            "account_type", "in", ("asset_current", "liability_current")
        )
        suspense = accounts.search(domain & Domain("code", "=like", "471%"), limit=1)
        return suspense or accounts.search(
            Domain(accounts._check_company_domain(self.company_id))
            & Domain("account_type", "=", "equity_unaffected"),
            limit=1,
        )

    def _check_lock_dates(self):
        days = [self.takeover_date]
        if self.load_history != "none":
            [[first]] = self.env.execute_query(
                SQL(
                    """SELECT MIN(piece_date) FROM recouvrement_fec_item
                        WHERE import_id = %s AND %s""",
                    self.id,
                    self._history_condition(),
                )
            )
            days += [first] if first else []
        if self.takeover_date > self._get_today():
            raise UserError(self.env._("The takeover date cannot be in the future."))
        for day in days:
            if self.company_id._get_violated_lock_dates(day, False, self.journal_id):
                raise UserError(
                    self.env._(
                        "The books are locked on %(date)s. Choose a later takeover "
                        "date, or do not take over the paid items.",
                        date=format_date(self.env, day),
                    )
                )

    def _unarchive_partners(self):
        """Customers that the undoing of an earlier takeover had archived."""
        partners = self._get_customers_to_load().partner_id
        archived = partners.filtered(lambda partner: not partner.active)
        archived.action_unarchive()
        debtors = self.env["recouvrement.debtor"].with_context(active_test=False)
        debtors.search(
            [("partner_id", "in", archived.ids), ("active", "=", False)]
        ).action_unarchive()

    # ------------------------------------------------------------------
    # BATCHES
    # ------------------------------------------------------------------

    def _load_batch(self):
        """:return: whether everything is loaded and proven."""
        steps = {
            "partners": (self._load_partners, "items"),
            "items": (self._load_items, "history"),
            "history": (self._load_history_items, False),
        }
        load, following = steps[self.load_step]
        if load():
            self._update_load_progress()
            return False
        if following:
            self.load_step = following
            return False
        return self._finish_load()

    def _load_partners(self):
        return self._create_partners(PARTNER_BATCH)

    def _update_load_progress(self):
        [(done, total)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE role IS NOT NULL),
                       COUNT(*) FILTER (WHERE role IS NOT NULL OR to_post <> 0 OR %s)
                  FROM recouvrement_fec_item WHERE import_id = %s
                """,
                self._history_condition(),
                self.id,
            )
        )
        self.progress = 99.0 * done / max(total, 1)

    # == Open items ==

    def _load_items(self):
        """Post the next items. :return: how many."""
        self.env.flush_all()
        items = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.*, c.partner_id, c.chaseable, c.name AS customer_name
                  FROM recouvrement_fec_item i
                  JOIN recouvrement_fec_customer c ON c.id = i.customer_id
                 WHERE i.import_id = %s AND i.role IS NULL AND i.to_post <> 0
              ORDER BY i.customer_id, i.id LIMIT %s
                """,
                self.id,
                ITEM_BATCH,
            )
        )
        if not items:
            return 0
        accounts = self._get_receivable_accounts(items)
        postings = [
            (item, self.takeover_date, self._prepare_line_vals(item, accounts))
            for item in items
        ]
        lines = self._post(postings)
        self._mark_posted(items, lines)
        changed = [item["id"] for item in items if self._is_change(item)]
        if changed:
            self._reconcile_changes(changed)
        return len(items)

    @staticmethod
    def _is_change(item):
        """Whether an earlier takeover has posted the item."""
        return item["posted_amount"] is not None

    def _get_receivable_accounts(self, items):
        """Receivable account id by partner id."""
        partners = self.env["res.partner"].browse({one["partner_id"] for one in items})
        return {
            partner.id: partner.property_account_receivable_id.id
            for partner in partners
        }

    def _prepare_line_vals(self, item, accounts):
        """Values of the receivable line that takes over an item."""
        amount = item["to_post"]
        reason = self._get_exclusion_reason(item)
        age_known = item["date_due"] is not None and item["age_certain"]
        due = item["date_due"] or item["piece_date"] or item["date"]
        vals = {
            "name": self._get_line_name(item),
            "partner_id": item["partner_id"],
            "account_id": accounts[item["partner_id"]],
            "balance": float(amount),
            "date_maturity": due,
            "no_followup": bool(reason),
            "collection_reason": reason,
            "takeover_kind": self._get_takeover_kind(item),
            "takeover_date": item["piece_date"] or item["date"],
            "takeover_age_unknown": not age_known,
        }
        if self._is_change(item) and item["paid_date"]:
            vals |= {
                "takeover_date": item["paid_date"],
                "date_maturity": item["paid_date"],
            }
        return vals | self._prepare_currency_vals(item)

    def _get_line_name(self, item):
        ref, label = item["ref"] or "", item["label"] or ""
        if not ref or ref in label:
            return label or item["customer_name"]
        return f"{ref} - {label}" if label else ref

    def _get_takeover_kind(self, item):
        """Nature of the item in Odoo's words; a returned payment is another entry."""
        amount = item["to_post"]
        if self._is_change(item):
            return "payment" if amount < 0 else "other"
        kind = item["kind"]
        if kind == "opening":
            return "invoice" if amount > 0 and item["age_certain"] else "other"
        if kind == "invoice" and amount < 0:
            return "credit_note"
        if kind == "payment" and amount > 0:
            return "other"
        return kind

    def _get_exclusion_reason(self, item):
        """Why an item is not to be chased, or an empty text."""
        if item["to_post"] < 0 or self._is_change(item):
            return ""
        if item["settled_later"]:
            return self.env._(
                "Lettered (%s) with a payment that is not in the FEC: confirm that it "
                "is still owed before chasing",
                item["lettering"],
            )
        if item["unnamed"] or not item["chaseable"]:
            return self.env._("The account gathers customers that it does not name")
        return ""

    def _prepare_currency_vals(self, item):
        """The amount in foreign currency, in proportion to what is left.

        FEC files often give Montantdevise without a sign.
        """
        currency = self._get_currencies().get(item["currency_name"])
        if not currency or not item["currency_amount"]:
            return {}
        share = item["to_post"] / item["original_amount"]
        whole = abs(item["currency_amount"])
        amount = currency.round(float(whole * abs(share)))
        if currency.is_zero(amount):
            return {}
        return {
            "currency_id": currency.id,
            "amount_currency": amount if item["to_post"] > 0 else -amount,
        }

    def _get_currencies(self):
        """Active foreign currencies by name."""
        currencies = self.env["res.currency"].search(
            [("id", "!=", self.currency_id.id)]
        )
        return {currency.name: currency for currency in currencies}

    # == Paid items ==

    def _load_history_items(self):
        """Post the next paid items with what paid them, matched. :return: how many."""
        if self.load_history == "none":
            return 0
        self.env.flush_all()
        debits = self._get_next_history()
        if not debits:
            return 0
        accounts = self._get_receivable_accounts(debits)
        credits = self._get_history_credits(debits)
        postings = [
            (item, item["piece_date"], self._prepare_history_vals(item, accounts))
            for item in debits
        ] + [
            (item, item["date"], self._prepare_history_vals(item, accounts))
            for item in credits
        ]
        lines = self._post(postings)
        self._mark_posted(debits, lines[: len(debits)], "history")
        plan = defaultdict(lambda: self.env["account.move.line"])
        for item, line in zip([*debits, *credits], lines, strict=True):
            plan[item["debit_id"]] |= line
        self._reconcile(list(plan.values()))
        return len(debits)

    def _get_next_history(self):
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT recouvrement_fec_item.*, recouvrement_fec_item.id AS debit_id,
                       original_amount AS amount, c.partner_id,
                       c.name AS customer_name
                  FROM recouvrement_fec_item
                  JOIN recouvrement_fec_customer c ON c.id = customer_id
                 WHERE recouvrement_fec_item.import_id = %s AND %s
              ORDER BY piece_date, recouvrement_fec_item.id LIMIT %s
                """,
                self.id,
                self._history_condition(),
                HISTORY_BATCH,
            )
        )

    def _get_history_credits(self, debits):
        """One line a match: the part of a credit that paid one of the debits."""
        partners = {one["id"]: one["partner_id"] for one in debits}
        credits = self.env.execute_query_dict(
            SQL(
                """
                SELECT m.debit_item_id AS debit_id, -m.amount AS amount, m.date,
                       i.piece_date, i.ref, i.label, i.kind, '' AS customer_name
                  FROM recouvrement_fec_match m
                  JOIN recouvrement_fec_item i ON i.id = m.credit_item_id
                 WHERE m.debit_item_id = ANY(%s)
              ORDER BY m.id
                """,
                list(partners),
            )
        )
        for credit in credits:
            credit["partner_id"] = partners[credit["debit_id"]]
            credit["date_due"] = credit["date"]
        return credits

    def _prepare_history_vals(self, item, accounts):
        is_debit = item["amount"] > 0
        kind = "invoice" if is_debit else "payment"
        if not is_debit and item["kind"] == "credit_note":
            kind = "credit_note"
        return {
            "name": self._get_line_name(item),
            "partner_id": item["partner_id"],
            "account_id": accounts[item["partner_id"]],
            "balance": float(item["amount"]),
            "date_maturity": item["date_due"],
            "no_followup": False,
            "takeover_kind": kind,
            "takeover_date": item["piece_date"] if is_debit else item["date"],
        }

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    def _post(self, postings):
        """Post entries of at most ``MAX_LINES`` items, one day each.

        :param postings: list of (item, day, values of its line).
        :return: the lines, in the order of ``postings``.
        """
        by_day = defaultdict(list)
        for position, (_item, day, vals) in enumerate(postings):
            by_day[day].append((position, vals))
        chunks = [
            (day, chunk)
            for day in sorted(by_day)
            for chunk in split_every(MAX_LINES, by_day[day], list)
        ]
        moves = self.env["account.move"].with_context(**LOAD_CONTEXT)
        moves = moves.create(
            [
                self._prepare_move_vals(day, [vals for _position, vals in chunk])
                for day, chunk in chunks
            ]
        )
        moves._post(soft=False)
        ids = [0] * len(postings)
        for move, (_day, chunk) in zip(moves, chunks, strict=True):
            lines = move.line_ids.sorted("id")
            for line, (position, _vals) in zip(lines, chunk, strict=False):
                ids[position] = line.id
        return self.env["account.move.line"].browse(ids)

    def _prepare_move_vals(self, day, lines):
        total = self.currency_id.round(sum(vals["balance"] for vals in lines))
        commands = [Command.create(vals) for vals in lines]
        if total:
            commands.append(Command.create(self._prepare_balancing_vals(-total)))
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": day,
            "ref": self.name,
            "takeover_import_id": self.id,
            "line_ids": commands,
        }

    def _prepare_balancing_vals(self, balance):
        return {
            "name": self.env._("Takeover of receivables"),
            "account_id": self.balancing_account_id.id,
            "balance": balance,
        }

    def _mark_posted(self, items, lines, role=None):
        """Record what was posted; the database refuses an item posted before."""
        roles = [
            role or ("adjust" if self._is_change(one) else "open") for one in items
        ]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i
                   SET role = v.role, move_line_id = v.line_id
                  FROM unnest(%s::integer[], %s::varchar[], %s::integer[])
                       AS v(id, role, line_id)
                 WHERE i.id = v.id
                """,
                [item["id"] for item in items],
                roles,
                lines.ids,
            )
        )
        self.env["recouvrement.fec.item"].invalidate_model(["role", "move_line_id"])

    def _reconcile_changes(self, item_ids):
        """Match the changes of items already here with the items themselves."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.move_line_id, l.id
                  FROM recouvrement_fec_item i
                  JOIN recouvrement_fec_item o ON o.company_id = i.company_id
                   AND o.ledger_uid = i.ledger_uid AND o.role = 'open'
                  JOIN account_move_line l ON l.id = o.move_line_id
                   AND l.reconciled IS NOT TRUE
                  JOIN account_move_line own ON own.id = i.move_line_id
                   AND own.account_id = l.account_id
                 WHERE i.id = ANY(%s)
                """,
                item_ids,
            )
        )
        self._reconcile([self.env["account.move.line"].browse(pair) for pair in rows])

    def _reconcile(self, plan):
        """Match journal items by groups, in one go."""
        if plan:
            lines = self.env["account.move.line"].with_context(
                **LOAD_CONTEXT, no_exchange_difference=True
            )
            lines._reconcile_plan([lines.browse(group.ids) for group in plan])

    # ------------------------------------------------------------------
    # END
    # ------------------------------------------------------------------

    def _finish_load(self):
        """Prove, then say so.

        :raises UserError: when receivables are not those of the FEC to the cent.
        """
        self.env.flush_all()
        self._prove()
        self._purge_unposted()
        self.write(
            {
                "state": "loaded",
                "progress": 100,
                "load_step": False,
                "is_proven": True,
                "posted_balance": self._get_posted_balance(),
                "date_loaded": self.env.cr.now(),
            }
        )
        self._log_takeover()
        return True

    def _proof_sql(self):
        """Posted and expected receivables per customer account, where they differ."""
        return SQL(
            """
            SELECT COALESCE(e.account_code, p.account_code) AS account,
                   COALESCE(e.aux_code, p.aux_code) AS aux,
                   COALESCE(e.balance, 0) AS expected, COALESCE(p.amount, 0) AS posted
              FROM (SELECT account_code, aux_code, balance
                      FROM recouvrement_fec_customer WHERE import_id = %(id)s) e
         FULL JOIN (
                   SELECT c.account_code, c.aux_code, SUM(l.balance) AS amount
                     FROM recouvrement_fec_item i
                     JOIN recouvrement_fec_import t ON t.id = i.import_id
                      AND (t.state = 'loaded' OR t.id = %(id)s)
                     JOIN recouvrement_fec_customer c ON c.id = i.customer_id
                     JOIN account_move_line l ON l.id = i.move_line_id
                      AND l.parent_state = 'posted'
                    WHERE i.company_id = %(company)s AND i.role IN ('open', 'adjust')
                 GROUP BY c.account_code, c.aux_code) p
                ON p.account_code = e.account_code AND p.aux_code = e.aux_code
             WHERE COALESCE(e.balance, 0) <> COALESCE(p.amount, 0)
          ORDER BY 1, 2
            """,
            id=self.id,
            company=self.company_id.id,
        )

    def _prove(self):
        """Receivables taken over = balance of the FEC, per customer and in total."""
        wrong = self.env.execute_query(self._proof_sql())
        total = self._get_posted_balance()
        if not wrong and self.currency_id.compare_amounts(total, self.balance) == 0:
            return
        details = "\n".join(
            f"{account} {aux}: {posted} ≠ {expected}"
            for account, aux, expected, posted in wrong[:20]
        )
        raise UserError(
            self.env._(
                "The receivables taken over (%(posted)s) are not those of the FEC "
                "(%(expected)s). Undo this takeover and report the fault.\n%(details)s",
                posted=total,
                expected=self.balance,
                details=details,
            )
        )

    def _get_posted_balance(self):
        """Receivables of all takeovers in force, summed from the ledger itself."""
        takeovers = self | self._get_earlier()
        [[total]] = self.env["account.move.line"]._read_group(
            [
                ("move_id.takeover_import_id", "in", takeovers.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            aggregates=["balance:sum"],
        )
        return total

    def _purge_unposted(self):
        """Drop what was only needed to review: lines that were matched and not posted."""
        self.env.cr.execute(
            SQL("DELETE FROM recouvrement_fec_match WHERE import_id = %s", self.id)
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM recouvrement_fec_item
                    WHERE import_id = %s AND role IS NULL""",
                self.id,
            )
        )
        self.env["recouvrement.fec.item"].invalidate_model()

    def _log_takeover(self):
        """One event in the history of each debtor, one message here."""
        figures = self.env["account.move.line"]._read_group(
            [
                ("move_id.takeover_import_id", "=", self.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("partner_id", "!=", False),
            ],
            ["partner_id"],
            ["balance:sum", "__count"],
        )
        debtors = self._get_debtors([partner.id for partner, *_figures in figures])
        self.env["recouvrement.event"].create(
            [
                self._prepare_event_vals(debtor, amount, count)
                for partner, amount, count in figures
                if (debtor := debtors.get(partner.id))
            ]
        )
        self.message_post(
            body=self.env._(
                "Loaded: receivables of %s, equal to the FEC to the cent.",
                self.currency_id.format(self.posted_balance),
            )
        )

    def _get_debtors(self, partner_ids):
        """Debtor accounts by partner id, archived ones included."""
        debtors = self.env["recouvrement.debtor"].with_context(active_test=False)
        found = debtors.search(
            [
                ("partner_id", "in", partner_ids),
                ("company_id", "=", self.company_id.root_id.id),
            ]
        )
        return {debtor.partner_id.id: debtor for debtor in found}

    def _prepare_event_vals(self, debtor, amount, count):
        return {
            "debtor_id": debtor.id,
            "company_id": debtor.company_id.id,
            "user_id": self.user_id.id,
            "kind": "takeover",
            "summary": self.env._(
                "%(count)s items taken over from %(name)s", count=count, name=self.name
            ),
            "amount": amount,
            "currency_id": self.currency_id.id,
        }
