from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RecouvrementStepped(models.AbstractModel):
    """What goes from state to state, one step at a time."""

    _name = "recouvrement.stepped"
    _description = "Document That Goes through States"

    def _check_state(self, *states):
        """Refuse what the state does not allow.

        :raise UserError: naming the record and its state.
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "%(record)s is “%(state)s”: this is not possible any more.",
                        record=record.display_name,
                        state=labels[record.state],
                    )
                )

    def _lock(self):
        """One decision at a time: the second waits, then sees the first."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_recordset()
