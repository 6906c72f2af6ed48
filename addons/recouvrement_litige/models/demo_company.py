from odoo import api, models

from ..demo import LAYERS


class RecouvrementDemoCompany(models.AbstractModel):
    _inherit = "recouvrement.demo.company"

    # EXTENDS 'recouvrement'
    @api.model
    def _load(self, namespace="demo", scale=1.0, seed=19):
        world = super()._load(namespace, scale=scale, seed=seed)
        if namespace == "demo":
            self._join("recouvrement_litige", LAYERS, world, seed)
        return world
