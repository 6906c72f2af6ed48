"""Another party takes over a contract or a debt: what it changes on the accounts.

Transfer of a contract (C. civ. 1216): from its day on, the new party is invoiced; what
was due before stays with the former one, who answers for the rest unless discharged
(1216-1). Debt taken over (1327): the former debtor stays liable with the new one.
Novation (1329-1334): express, the old claims end with what secured them, unless kept,
and new ones are born on the new debtor.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    is_discharged = fields.Boolean(
        string="Former Party Discharged",
        help="Written agreement that the former party is freed for the future "
        "(C. civ. 1216-1). Without it, it answers jointly for the contract.",
    )
    keeps_securities = fields.Boolean(
        string="Securities Kept",
        help="The parties kept the securities of the old claims (C. civ. 1334).",
    )
    transfer_move_id = fields.Many2one(
        "account.move",
        string="Entry to Post",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="Moves the claims from the former debtor to the new one; matched with the "
        "old items when it is posted.",
    )

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def _prepare_novation(self):
        self._get_debtor()
        if not self.novation_kind:
            raise UserError(
                self.env._("Choose the effect: contract, debt taken over or novation.")
            )
        if not self.date_effect:
            raise UserError(self.env._("Write the effective date."))
        party = self.sudo().party_id.commercial_partner_id
        if not party:
            raise UserError(
                self.env._("Choose the other party on file, or create its customer.")
            )
        if party == self.sudo().debtor_id.partner_id:
            raise UserError(self.env._("The other party is the customer itself."))
        if self.novation_kind != "contract":
            self._get_open_lines()

    # ------------------------------------------------------------------
    # EFFECT
    # ------------------------------------------------------------------

    def _accept_novation(self):
        """Do what the agreement says; the entry of a novation waits as a draft."""
        self._prepare_novation()
        getattr(self, f"_take_over_{self.novation_kind}")()
        note = self._describe_novation()
        self._log(self.env._("takes effect"), detail=note)
        self._log_other_party(note)
        self._inform(
            self.env._("Other party for %s", self.sudo().customer_id.name),
            self._get_facts(),
            self.sudo().transfer_move_id or None,
        )
        self._close("done")

    def _take_over_contract(self):
        """Later invoices go to the other party; items stay where they are."""
        self.debtor_id.sudo().terminated_on = self.date_effect

    def _take_over_assumption(self):
        """Both answer for the debt: its items stay with the first debtor, the second
        one is named on the account."""
        self.debtor_id.sudo().codebtor_ids = [
            fields.Command.link(self.sudo().party_id.commercial_partner_id.id)
        ]

    def _take_over_novation(self):
        lines = self._get_open_lines()
        move = self.env["account.move"].sudo().create(self._prepare_transfer(lines))
        self.sudo().transfer_move_id = move

    def _prepare_transfer(self, lines):
        """Draft entry: each item ends on the former debtor and is born, with its due
        date and its currency, on the new one."""
        company = lines.company_id
        if len(company) > 1:
            raise UserError(self.env._("Choose items of one company for one transfer."))
        party = self.sudo().party_id.commercial_partner_id.with_company(company)
        journal = (
            self.env["account.journal"]
            .sudo()
            .search(
                [("type", "=", "general"), ("company_id", "=", company.id)],
                order="sequence, id",
                limit=1,
            )
        )
        commands = []
        for line in lines:
            commands += self._prepare_transfer_lines(line, party)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": max(self.date_effect, max(lines.mapped("date"))),
            "ref": self.env._("Novation %s", self.name),
            "line_ids": commands,
        }

    def _prepare_transfer_lines(self, line, party):
        common = {
            "name": line.move_id.name,
            "currency_id": line.currency_id.id,
            "date_maturity": line.date_maturity,
        }
        return [
            fields.Command.create(
                {
                    **common,
                    "account_id": line.account_id.id,
                    "partner_id": line.partner_id.id,
                    "amount_currency": -line.amount_residual_currency,
                    "balance": -line.amount_residual,
                }
            ),
            fields.Command.create(
                {
                    **common,
                    "account_id": party.property_account_receivable_id.id,
                    "partner_id": party.id,
                    "amount_currency": line.amount_residual_currency,
                    "balance": line.amount_residual,
                }
            ),
        ]

    def _match_transfer(self):
        """The entry was posted: the items of the former debtor are settled by it."""
        for request in self.sudo():
            items = request.move_line_ids.filtered(lambda line: not line.reconciled)
            for account, group in items.grouped("account_id").items():
                ended = request._get_ended_lines(group, account)
                (group | ended).reconcile()

    def _get_ended_lines(self, items, account):
        """Lines of the posted entry that end items on the former debtor."""
        return self.transfer_move_id.line_ids.filtered(
            lambda line: (
                line.partner_id in items.partner_id
                and line.account_id == account
                and line.balance < 0
            )
        )

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _describe_novation(self):
        request = self.sudo()
        rows = [
            request._show("novation_kind"),
            self.env._("Other party: %s", request.party_id.display_name),
            self.env._("From %s", format_date(self.env, request.date_effect)),
        ]
        if request.novation_kind == "contract":
            rows.append(
                self.env._("The former party is discharged for the future.")
                if request.is_discharged
                else self.env._("The former party answers jointly for the contract.")
            )
        if request.novation_kind == "novation":
            rows.append(
                self.env._("The securities were kept.")
                if request.keeps_securities
                else self.env._("The securities end with the old claims.")
            )
        return "\n".join(rows)

    def _log_other_party(self, note):
        """The same in the history of the other party, when it has an account."""
        other = (
            self.env["recouvrement.debtor"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.sudo().party_id.commercial_partner_id.id),
                    ("company_id", "=", self.sudo().company_id.id),
                ]
            )
        )
        other._log_event(
            "request",
            self.env._(
                "%(number)s: takes over from %(customer)s",
                number=self.name,
                customer=self.sudo().customer_id.name,
            ),
            detail=note,
        )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    codebtor_ids = fields.Many2many(
        "res.partner",
        "recouvrement_debtor_codebtor_rel",
        string="Also Liable",
        readonly=True,
        help="Others who took the debt over without the debtor being discharged.",
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'account'
    def _post(self, soft=True):
        posted = super()._post(soft)
        entries = posted.filtered(lambda move: move.move_type == "entry")
        if entries:
            requests = self.env["recouvrement.request"].sudo()
            requests.search([("transfer_move_id", "in", entries.ids)])._match_transfer()
        return posted

    @api.ondelete(at_uninstall=False)
    def _unlink_except_transfer(self):
        """A novation that was accepted keeps its entry."""
        requests = self.env["recouvrement.request"].sudo()
        if requests.search_count([("transfer_move_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("This entry carries out a novation that was accepted.")
            )
