from odoo import api, models
from odoo.exceptions import AccessError


class RecouvrementGuarded(models.AbstractModel):
    """What is read-only on screen is read-only for remote calls too.

    Code that moves such a record on checks the rights of the user, then writes in
    sudo; the author stays the real user.
    """

    _name = "recouvrement.guarded"
    _description = "Model Whose Read-only Fields Are Guarded"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals)
        guarded = self._without_guarded_defaults()
        return super(RecouvrementGuarded, guarded).create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        return super().write(vals)

    @api.model
    def _without_guarded_defaults(self):
        """A caller's context gives no value to what is not entered by hand."""
        if self.env.su:
            return self
        context = {
            key: value
            for key, value in self.env.context.items()
            if not (key.startswith("default_") and self._is_guarded(key[8:]))
        }
        return self.with_env(self.env(context=context))

    @api.model
    def _is_guarded(self, name):
        """What is worked out and kept is guarded as well: it could be overwritten."""
        field = self._fields.get(name)
        return bool(
            field
            and field.store
            and field.readonly
            and name not in models.MAGIC_COLUMNS
        )

    @api.model
    def _check_guarded(self, field_names):
        if self.env.su:
            return
        guarded = [name for name in field_names if self._is_guarded(name)]
        if guarded:
            raise AccessError(
                self.env._(
                    "“%(field)s” of “%(model)s” is not entered by hand: use the "
                    "buttons.",
                    field=self._fields[guarded[0]]._description_string(self.env),
                    model=self._description,
                )
            )

    def _in_desk_languages(self):
        """These records, split by the language of their company: what the night writes
        down is read by its desk, and the night has no language of its own.

        :return: recordsets, each in its language.
        """
        languages = self.grouped(lambda one: one.sudo().company_id.partner_id.lang)
        return [
            records.with_context(lang=lang or self.env.lang)
            for lang, records in languages.items()
        ]

    def _write_changes(self, **vals):
        """Write only the values that differ: what the ledger decides
        seldom moves.

        Numbers are compared at the precision of their currency.
        """
        changed = {}
        for name, value in vals.items():
            field = self._fields[name]
            if field.type == "monetary":
                currency = self[field.get_currency_field(self)]
                if currency.compare_amounts(self[name], value) == 0:
                    continue
            elif self[name] == value:
                continue
            changed[name] = value
        if changed:
            self.write(changed)
