"""The end of a loading: receivables equal the FEC to the cent, or it is not loaded."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

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
        """Drop what was only needed for the review."""
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
