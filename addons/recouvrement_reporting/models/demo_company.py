from odoo import api, models

from ..demo import CLOSING, LAYERS


class RecouvrementDemoCompany(models.AbstractModel):
    _inherit = "recouvrement.demo.company"

    # EXTENDS 'recouvrement'
    @api.model
    def _load(self, namespace="demo", scale=1.0, seed=19):
        world = super()._load(namespace, scale=scale, seed=seed)
        if namespace == "demo":
            self._join("recouvrement_reporting", LAYERS, world, seed)
        return world

    # EXTENDS 'recouvrement'
    @api.model
    def _close(self, world):
        self._join("recouvrement_reporting_closing", CLOSING, world)
        return super()._close(world)
