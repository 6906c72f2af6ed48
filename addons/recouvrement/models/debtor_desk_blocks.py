"""What is under way with a debtor, on its 360° page: promises, plans, requests, relays.

Each block is read as the user, in one query, the nearest day first.
"""

from odoo import fields, models
from odoo.fields import Domain

SHOWN = 10
PLAN_LEVELS = {"accepted": "success", "late": "danger", "defaulted": "danger"}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_blocks(self, _options):
        """What is under way with the debtor: a hook.

        :return: list of ``{"key", "title", "icon", "items"}``, those that have items;
            an item has ``model``, ``id``, ``title`` and may have ``date``,
            ``amount``, ``currency_id``, ``state`` (label), ``level`` (``danger``,
            ``warning``, ``success``…) and ``note``.
        """
        blocks = [
            self._desk_requests(),
            self._desk_open_promises(),
            self._desk_plans(),
            self._desk_relays(),
        ]
        return [block for block in blocks if block["items"]]

    def _desk_block(self, key, title, icon, model, domain, order, describe):
        """One block: the first records of a model, as the user may read them.

        :param describe: function of a record that gives the rest of its item.
        """
        records = self.env[model]
        if records.has_access("read"):
            own = Domain("debtor_id", "=", self.id) & Domain(domain)
            records = records.search(own, order=order, limit=SHOWN)
        items = [
            {"model": model, "id": record.id, **describe(record)} for record in records
        ]
        return {"key": key, "title": title, "icon": icon, "items": items}

    def _desk_label(self, record, name):
        """Label of a selection field of a record, in the user's language."""
        field = record._fields[name]
        return dict(field._description_selection(self.env)).get(record[name], "")

    # ------------------------------------------------------------------
    # BLOCKS
    # ------------------------------------------------------------------

    def _desk_open_promises(self):
        """Open promises, and those that were broken in the last month."""
        recent = fields.Date.subtract(fields.Date.context_today(self), months=1)
        broken = Domain("state", "in", ["broken", "partly"])
        return self._desk_block(
            "promises",
            self.env._("Promises"),
            "fa-handshake-o",
            "recouvrement.promise",
            Domain("state", "=", "open")
            | (broken & Domain("date_decided", ">=", recent)),
            "date, id",
            self._desk_promise,
        )

    def _desk_promise(self, promise):
        today = fields.Date.context_today(self)
        late = promise.state == "open" and promise.date < today
        is_open = promise.state == "open"
        return {
            "title": promise.partner_id.name or self._desk_label(promise, "source"),
            "date": promise.date,
            "amount": promise.missing_amount if is_open else promise.amount,
            "currency_id": promise.currency_id.id,
            "state": self._desk_label(promise, "state"),
            "level": ("warning" if late else "info") if is_open else "danger",
            "note": promise.note or (not is_open and promise.explanation) or "",
        }

    def _desk_plans(self):
        """Plans that run, wait for somebody, or were forfeited not long ago."""
        recent = fields.Date.subtract(fields.Date.context_today(self), months=3)
        live = ["draft", "to_approve", "offered", "accepted", "late"]
        return self._desk_block(
            "plans",
            self.env._("Instalment Plans"),
            "fa-calendar",
            "recouvrement.payment.plan",
            Domain("state", "in", live)
            | (Domain("state", "=", "defaulted") & Domain("date_closed", ">=", recent)),
            "next_date, id",
            self._desk_plan,
        )

    def _desk_plan(self, plan):
        if plan.state == "draft" and plan.close_reason:
            return self._desk_plan_sent_back(plan)
        note = ""
        if plan.next_date:
            note = self.env._("next instalment")
        return {
            "title": plan.name,
            "date": plan.next_date,
            "amount": plan.amount_remaining,
            "currency_id": plan.currency_id.id,
            "state": self._desk_label(plan, "state"),
            "level": PLAN_LEVELS.get(plan.state, "warning"),
            "note": note,
        }

    def _desk_plan_sent_back(self, plan):
        """A plan that a manager did not agree to, with the reason."""
        return {
            "title": plan.name,
            "amount": plan.amount_remaining,
            "currency_id": plan.currency_id.id,
            "state": self.env._("sent back"),
            "level": "danger",
            "note": plan.close_reason,
        }

    def _desk_requests(self):
        """Requests of the customer that nobody has handled yet."""
        return self._desk_block(
            "requests",
            self.env._("Requests of the Customer"),
            "fa-inbox",
            "recouvrement.request",
            Domain("state", "=", "new"),
            "date_due, id",
            lambda request: {
                "title": self._desk_label(request, "kind"),
                "date": request.date_due,
                "amount": request.amount,
                "currency_id": request.currency_id.id,
                "state": self.env._("late") if request.is_late else "",
                "level": "danger",
                "note": (request.text or "")[:160],
            },
        )

    def _desk_relays(self):
        """Colleagues asked, and what came back and nobody has handled yet."""
        came_back = Domain("state", "in", ["answered", "returned"])
        return self._desk_block(
            "relays",
            self.env._("Colleagues Asked"),
            "fa-bullhorn",
            "recouvrement.relay",
            Domain("state", "=", "asked")
            | (came_back & Domain("is_handled", "!=", True)),
            "date_due, id",
            lambda relay: {
                "title": relay.person_id.name or self._desk_label(relay, "role"),
                "date": relay.date_due,
                "state": self._desk_label(relay, "state"),
                "level": {"answered": "success", "returned": "danger"}.get(
                    relay.state, "info"
                ),
                "note": (relay.answer or relay.question or "")[:160],
            },
        )
