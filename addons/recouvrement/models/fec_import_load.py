"""Loading: the checks before, then one committed batch after the other."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

PARTNER_BATCH = 1_000
JOURNAL_CODE = "REP"


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
        self.write(
            {
                "load_step": "partners",
                "load_total": record._count_to_load(),
                "load_done": 0,
            }
        )

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
        if count := load():
            self._add_progress(0 if self.load_step == "partners" else count)
            return False
        if following:
            self.load_step = following
            return False
        return self._finish_load()

    def _load_partners(self):
        return self._create_partners(PARTNER_BATCH)

    def _add_progress(self, count):
        self.load_done += count
        self.progress = 99.0 * self.load_done / max(self.load_total, 1)
