from odoo.addons.recouvrement.tests.rights import RightsCommon


class ReportingRights(RightsCommon):
    MODULE = "recouvrement_reporting"
