from odoo.addons.recouvrement.tests.rights import RightsCommon


class SepaRights(RightsCommon):
    MODULE = "recouvrement_sepa"
