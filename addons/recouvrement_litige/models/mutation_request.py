"""A customer's word that the manager changed becomes a change to prepare; the desk and
the history of the association show it."""

from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    rnc_number = fields.Char(
        string="Registration Number (RNC)",
        help="Of an owners' association in the national register of condominiums.",
    )


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    mutation_ids = fields.One2many("recouvrement.mutation", "request_id")

    def _accept_mutation(self):
        """Open the change of manager; the request is done when it is validated."""
        debtor = self._get_debtor()
        mutations = self.env["recouvrement.mutation"].sudo()
        waiting = mutations.search(
            [
                ("debtor_id", "=", debtor.id),
                ("state", "in", ("draft", "to_validate")),
            ],
            limit=1,
        )
        if not waiting:
            waiting = mutations.create(self._prepare_mutation_vals(debtor))
            self._hand_over_files(waiting)
            self._log(self.env._("change prepared"), detail=waiting.name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of Property Manager"),
            "res_model": waiting._name,
            "res_id": waiting.id,
            "view_mode": "form",
        }

    def _hand_over_files(self, mutation):
        """What the customer sent is filed under the first piece asked for."""
        files = self.sudo().attachment_ids
        first = mutation.piece_ids._get_shown()[:1]
        if files and first:
            copies = files.mapped(
                lambda file: file.copy({"res_id": first.id, "res_model": first._name})
            )
            first.attachment_ids = [fields.Command.set(copies.ids)]

    def _prepare_mutation_vals(self, debtor):
        request = self.sudo()
        known = request.party_id.commercial_partner_id
        return {
            "debtor_id": debtor.id,
            "request_id": request.id,
            "user_id": self.env.uid,
            "new_partner_id": known.id,
            "manager_name": request.party_name or known.name,
            "manager_email": request.party_email or known.email,
            "manager_street": request.new_street,
            "manager_zip": request.new_zip,
            "manager_city": request.new_city,
            "date_effect": request.date_effect,
            "note": request.text,
        }

    # EXTENDS 'recouvrement'
    def _on_refused(self, reason):
        result = super()._on_refused(reason)
        waiting = self.sudo().mutation_ids.filtered(
            lambda m: m.state in ("draft", "to_validate")
        )
        for mutation in waiting:
            mutation.write({"state": "refused", "refuse_reason": reason})
            mutation._forget_validation()
            mutation._log(self.env._("refused"), reason)
        return result


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    mutation_count = fields.Integer(compute="_compute_mutation_count")

    def _compute_mutation_count(self):
        counts = dict(
            self.env["recouvrement.mutation"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.mutation_count = counts.get(debtor, 0)

    def action_view_mutations(self):
        action = self._action_related(
            "recouvrement_litige.recouvrement_mutation_action"
        )
        if len(self) == 1:
            action["context"]["default_debtor_id"] = self.id
        return action

    def action_new_mutation(self):
        """Enter a change of manager of this association."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of Property Manager"),
            "res_model": "recouvrement.mutation",
            "view_mode": "form",
            "context": {"default_debtor_id": self.id},
        }

    # EXTENDS 'recouvrement'
    def _desk_blocks(self, options):
        """The representative in office and changes being prepared."""
        blocks = [self._desk_representatives(), self._desk_mutations()]
        return [*super()._desk_blocks(options), *(b for b in blocks if b["items"])]

    def _desk_representatives(self):
        today = fields.Date.context_today(self)
        return self._desk_block(
            "representatives",
            self.env._("Property Manager"),
            "fa-building-o",
            "recouvrement.representative",
            Domain("date_to", "=", False) | Domain("date_to", ">=", today),
            "date_from, id",
            self._desk_representative,
        )

    def _desk_representative(self, one):
        coming = one.date_from > fields.Date.context_today(self)
        return {
            "title": one.partner_id.name,
            "date": one.date_from,
            "state": self.env._("to come") if coming else self.env._("in office"),
            "level": "info" if coming else "success",
            "note": one.contact_id.name or "",
        }

    def _desk_mutations(self):
        return self._desk_block(
            "mutations",
            self.env._("Changes of Manager"),
            "fa-exchange",
            "recouvrement.mutation",
            Domain("state", "in", ("draft", "to_validate")),
            "id",
            lambda mutation: {
                "title": mutation.name,
                "date": mutation.date_effect,
                "state": self._desk_label(mutation, "state"),
                "level": "danger" if mutation.is_late else "warning",
                "note": mutation.manager_name or "",
            },
        )
