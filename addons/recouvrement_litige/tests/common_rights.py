from odoo.addons.recouvrement.tests.rights import RightsCommon


class LitigeRights(RightsCommon):
    MODULE = "recouvrement_litige"
