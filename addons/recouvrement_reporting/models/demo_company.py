from odoo import api, fields, models

from odoo.addons.recouvrement.demo.world import World

from ..demo import LAYERS


class RecouvrementDemoCompany(models.AbstractModel):
    _inherit = "recouvrement.demo.company"

    # EXTENDS 'recouvrement'
    @api.model
    def _load(self, namespace="demo", scale=1.0, seed=19):
        """Reporting joins a demonstration that is being built, or that was there."""
        world = super()._load(namespace, scale=scale, seed=seed)
        if namespace == "demo" and not self._has_reporting():
            self._build_reporting(world or self._find_world(namespace, seed))
        return world

    @api.model
    def _has_reporting(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("recouvrement_reporting.demo"))

    @api.model
    def _build_reporting(self, world):
        for layer in LAYERS:
            layer.build(world)
        world.env.flush_all()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("recouvrement_reporting.demo", "1")

    @api.model
    def _find_world(self, namespace, seed):
        """The demonstration that was built before; its customers are not read again."""
        env = self.env(su=True, context=dict(self.env.context, install_mode=True))
        prefix = f"recouvrement.{namespace}_"
        return World(
            env=env,
            today=fields.Date.context_today(self),
            namespace=namespace,
            seed=seed,
            companies={
                key: env.ref(f"{prefix}company_{key}") for key in ("main", "services")
            },
            users={
                user.login: user
                for user in env["res.users"].search([("login", "!=", False)])
            },
        )
