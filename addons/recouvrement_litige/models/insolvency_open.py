"""One click: earlier items are frozen, all that runs on them stops, the clock starts.
And the way back, as long as nothing was declared."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.insolvency import PRIOR, split


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    @api.model
    def _open(self, debtor, vals, later_ids=(), prior_ids=(), running_ids=()):
        """Enter proceedings against a debtor and stop what must stop.

        :param debtor: one ``recouvrement.debtor``.
        :param dict vals: ``kind_id``, ``date_judgment`` and what else is known.
        :param later_ids: items that the user puts after the judgment.
        :param prior_ids: items that the user puts before it.
        :param running_ids: items whose interest runs on (L622-28).
        :return: the proceedings.
        :raise UserError: on a day to come, or when the debtor is in proceedings.
        """
        debtor.ensure_one()
        self.check_access("write")
        debtor.check_access("write")
        day = fields.Date.to_date(vals["date_judgment"])
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("The judgment is of today or earlier."))
        debtor = debtor.sudo()
        debtor.lock_for_update()
        proceedings = self.sudo()
        proceedings._check_none(debtor)
        one = proceedings.create(
            {
                "debtor_id": debtor.id,
                "user_id": self.env.uid,
                "with_interest": True,
                **vals,
            }
        )
        one._add_claims(later_ids, prior_ids, running_ids)
        one._stop()
        one._sync_deadlines()
        one._tell_opened()
        return one.sudo(False)

    def _check_none(self, debtor):
        known = self.search(
            [
                ("debtor_id", "=", debtor.id),
                ("state", "not in", ("closed", "undone")),
            ],
            limit=1,
        )
        if known:
            raise UserError(
                self.env._(
                    "%(customer)s is in proceedings already: %(file)s. Convert that "
                    "file instead.",
                    customer=debtor.display_name,
                    file=known.name,
                )
            )

    def _get_reason(self):
        """Why something stops, in one line."""
        self.ensure_one()
        return self.env._(
            "%(kind)s of %(day)s (%(file)s)",
            kind=self.kind_id.name,
            day=format_date(self.env, self.date_judgment),
            file=self.name,
        )

    def _add_claims(self, later_ids=(), prior_ids=(), running_ids=(), line_ids=None):
        """Write the items on both sides of the judgment, as the ledger and the user
        say.

        :return: the claims written.
        """
        self.ensure_one()
        found = self._read_items(self.debtor_id, self.date_judgment, line_ids)
        sides = {part.key: part for part in self._split(found)}
        forced = {
            **dict.fromkeys(later_ids, "later"),
            **dict.fromkeys(prior_ids, PRIOR),
        }
        claims = self.env["recouvrement.insolvency.claim"].create(
            [
                self._prepare_claim_vals(
                    *found[key], part, forced.get(key, part.side), key in running_ids
                )
                for key, part in sides.items()
            ]
        )
        claims._value()
        self._refresh_amounts()
        return claims

    def _split(self, found):
        return split([item for item, _row in found.values()], self.date_judgment)

    def _prepare_claim_vals(self, item, row, part, side, runs):
        prior = side == PRIOR
        owed = item.is_open + item.received_since
        return {
            "insolvency_id": self.id,
            "move_line_id": row["id"],
            "name": row["name"] or "/",
            "document_date": row["document_date"],
            "date_due": row["date_due"],
            "date_born": part.born,
            "side": side,
            "to_come": bool(row["date_due"] and row["date_due"] >= self.date_judgment),
            "currency_id": row["currency_id"],
            "amount": float(owed) if prior else float(item.is_open),
            "paid_after": float(item.received_since) if prior else 0.0,
            "received": float(item.received_since) if prior else 0.0,
            "interest_runs": prior and runs,
            "is_live": prior,
        }

    # ------------------------------------------------------------------
    # STOPPING
    # ------------------------------------------------------------------

    def _stop(self):
        """Stop what runs on the earlier items: reminders, interest, promises, plans,
        direct debits, acts of enforcement."""
        self.ensure_one()
        lines = self._get_lines()
        reason = self._get_reason()
        lines._commit("insolvency", reason)
        self._pause_interest()
        stopped = self.debtor_id._on_proceedings_opened(
            lines, self.date_judgment, reason
        )
        told = stopped.pop("told", [])
        self.write({"stopped": stopped, "stopped_told": "\n".join(told) or False})
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    def _get_lines(self):
        """Items that the proceedings freeze."""
        return self.claim_ids.filtered("is_live").move_line_id

    def _pause_interest(self):
        """No interest from the day of the judgment on, but on the contracts that the
        law leaves out."""
        lines = self.claim_ids.filtered(
            lambda claim: claim.is_live and not claim.interest_runs
        ).move_line_id
        if not self.kind_id.pauses or not lines:
            if self.pause_id:
                self.pause_id.unlink()
            return
        vals = {
            "debtor_id": self.debtor_id.id,
            "kind": self.kind_id.pauses,
            "date_from": self.date_judgment,
            "line_ids": [fields.Command.set(lines.ids)],
            "reason": self._get_reason(),
        }
        if self.pause_id:
            self.pause_id.write(vals)
        else:
            self.pause_id = self.env["recouvrement.interest.pause"].create(vals)

    def _tell_opened(self):
        prior = self.claim_ids.filtered("is_live")
        self._log(
            self.env._(
                "%(count)s earlier items frozen, %(amount)s",
                count=len(prior),
                amount=self._format(self.amount_prior),
            ),
            detail="\n".join(filter(None, (self._get_reason(), self.stopped_told))),
            amount=self.amount_prior,
        )
        if self.stopped_told:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("To stop elsewhere"),
                note=self.stopped_told.replace("\n", "<br/>"),
                user_id=self.user_id.id,
            )

    # ------------------------------------------------------------------
    # CHANGING SIDES
    # ------------------------------------------------------------------

    def _switch(self, claims):
        """Put claims on the other side; what runs or stops follows."""
        one = self.sudo()
        one.debtor_id.lock_for_update()
        to_later = claims.sudo().filtered("is_live")
        to_prior = (claims.sudo() - to_later).filtered("move_line_id")
        lines = to_later.move_line_id
        to_later.write({"is_live": False, "side": "later"})
        lines._release("insolvency", one._get_reason())
        to_prior.write({"is_live": True, "side": PRIOR})
        (to_later | to_prior)._value()
        one._freeze_more(to_prior.move_line_id)
        one._refresh_amounts()
        one._log(
            one.env._("items change sides of the judgment"),
            detail=", ".join(claims.mapped("name")),
        )

    def _freeze_more(self, lines):
        """Stop what runs on items that join the earlier ones."""
        self._pause_interest()
        if not lines:
            return
        reason = self._get_reason()
        lines._commit("insolvency", reason)
        more = self.debtor_id._on_proceedings_opened(lines, self.date_judgment, reason)
        told = more.pop("told", [])
        stopped = dict(self.stopped or {})
        for key, value in more.items():
            kept = stopped.get(key)
            stopped[key] = kept + value if isinstance(kept, list) else value
        told = list(filter(None, [self.stopped_told, *told]))
        self.write({"stopped": stopped, "stopped_told": "\n".join(told) or False})
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    def action_add_items(self):
        """Items booked since the file was opened, on their side of the judgment."""
        self.check_access("write")
        for one in self.sudo():
            one._check_state("opened")
            known = one.claim_ids.move_line_id.ids
            found = one._read_items(one.debtor_id, one.date_judgment)
            fresh = [key for key in found if key not in known]
            if fresh:
                claims = one._add_claims(line_ids=fresh)
                one._freeze_more(claims.filtered("is_live").move_line_id)
        return True

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def _undo(self, reason):
        """Take the click back: everything runs again as it did.

        :raise UserError: without a reason, or once the claim was declared.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this was a mistake."))
        self.check_access("write")
        self._check_state("opened")
        for one in self.sudo():
            one.debtor_id.lock_for_update()
            lines = one._get_lines()
            one.claim_ids.write({"is_live": False})
            one.write({"state": "undone", "undo_reason": reason.strip()})
            one.pause_id.unlink()
            lines._release("insolvency", reason.strip())
            one.debtor_id._on_proceedings_undone(one.stopped or {})
            one._sync_deadlines()
            one.activity_unlink(["mail.mail_activity_data_todo"])
            one._log(one.env._("taken back"), detail=reason.strip())
            self.env["recouvrement.debtor"]._mark_dirty_debtors(one.debtor_id.ids)
