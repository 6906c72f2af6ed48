"""A record of any model, written to the tables as they are: for tests that ask who
sees it, whatever its own rules of creation."""

import inspect

from odoo import fields
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .test_every_model_access import SHARED

ADDON = "recouvrement_litige"


class AnyRecord:
    """Records of the models of the addon, each built once with what it belongs to.

    :param known: the record to be used for each model of another addon.
    :param overrides: ``{model: {field: value}}`` for what is not told by the fields.
    """

    def __init__(self, env, known, overrides=None):
        self.env = env(su=True)
        self.known = {record._name: record.id for record in known}
        self.overrides = overrides or {}
        self.made = {}

    def get(self, model_name, user=None):
        """The record of a model; of a dialog, the one that this user created."""
        model = self.env[model_name]
        key = (model_name, user and user.id if model._transient else None)
        if key not in self.made:
            self.made[key] = self._insert(model, user)
        return model.browse(self.made[key])

    def _insert(self, model, user):
        """First what is required, then what may point back to it."""
        stored = {
            name: field
            for name, field in model._fields.items()
            if field.store and field.column_type and name not in ("id", *_LOG)
        }
        defaults = model.default_get(list(stored))
        values, links = {"create_uid": user.id if user else 1}, {}
        for name, field in stored.items():
            known = field.required or field.comodel_name in self.known
            if field.type == "many2one" and not known:
                links[name] = field
                continue
            value = self._value(field, defaults.get(name), user)
            if value is not None:
                values[name] = field.convert_to_column_insert(value, model)
        values.update(self.overrides.get(model._name, {}))
        [[number]] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
        key = (model._name, user and user.id if model._transient else None)
        self.made[key] = number
        self._point(model, number, links, user)
        if model._transient:
            self._link(model, number, user)
        self.env.invalidate_all()
        return number

    def _point(self, model, number, links, user):
        targets = {name: self._target(field, user) for name, field in links.items()}
        targets.update(self.overrides.get(model._name, {}))
        for name, target in targets.items():
            if name in links and target:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id = %s",
                        SQL.identifier(model._table),
                        SQL.identifier(name),
                        target,
                        number,
                    )
                )

    def _value(self, field, default, user):
        if field.type == "many2one":
            return self._target(field, user) or default or None
        if default not in (None, False) and not isinstance(default, list):
            return default
        if field.type == "selection":
            return next(iter(field.get_values(self.env)), None)
        if field.type in _SAMPLES and (field.required or field.type == "monetary"):
            return _SAMPLES[field.type]
        return None

    def _target(self, field, user):
        comodel = self.env[field.comodel_name]
        if field.comodel_name in self.known:
            return self.known[field.comodel_name]
        if is_own(comodel) and comodel._name not in SHARED:
            return self.get(field.comodel_name, user).id
        return comodel.search([], limit=1).id if field.required else None

    def _link(self, model, number, user):
        """What a dialog is about when it holds several records."""
        for field in model._fields.values():
            if field.type != "many2many" or not field.store:
                continue
            if not table_exists(self.env.cr, field.relation):
                continue
            target = self._target(field, user)
            if target:
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO %s (%s, %s) VALUES (%s, %s) "
                        "ON CONFLICT DO NOTHING",
                        SQL.identifier(field.relation),
                        SQL.identifier(field.column1),
                        SQL.identifier(field.column2),
                        number,
                        target,
                    )
                )


_LOG = ("create_uid", "write_uid", "create_date", "write_date")
_SAMPLES = {
    "char": "x",
    "text": "x",
    "html": "x",
    "date": fields.Date.today(),
    "datetime": fields.Datetime.now(),
    "float": 1.0,
    "monetary": 1.0,
    "integer": 1,
    "many2one_reference": 1,
    "binary": b"eA==",
}


def is_own(model):
    """Whether the addon made this model and it has a table."""
    return model._original_module == ADDON and model._auto and not model._abstract


def get_buttons(model):
    """Names of what the addon lets a screen call on records of a model, with as many
    arguments as they need."""
    for name in sorted(dir(type(model))):
        if not name.startswith("action_") or not _is_of_addon(model, name):
            continue
        function = getattr(type(model), name)
        if getattr(function, "_api_model", False):
            continue
        parameters = list(inspect.signature(function).parameters.values())[1:]
        needed = [one for one in parameters if one.default is one.empty]
        yield name, sum(one.kind == one.POSITIONAL_OR_KEYWORD for one in needed)


def _is_of_addon(model, name):
    return any(
        name in vars(one) and one.__module__.startswith(f"odoo.addons.{ADDON}.")
        for one in type(model).__mro__
    )
