{
    "name": "Recouvrement: SEPA Direct Debits",
    "summary": "Mandates, collections and returns of SEPA direct debits",
    "version": "19.0.1.0.0",
    "category": "Accounting/Collections",
    "author": "Recouvrement",
    "license": "LGPL-3",
    "depends": ["recouvrement"],
    "external_dependencies": {"python": ["python-stdnum", "schwifty", "sepaxml"]},
    "data": [
        "security/ir.model.access.csv",
        "security/mandate_rules.xml",
        "views/sepa_menus.xml",
        "views/sepa_settings_views.xml",
        "views/mandate_views.xml",
    ],
    "demo": ["demo/demo.xml"],
    "assets": {
        "web.assets_frontend": ["recouvrement_sepa/static/src/portal/**/*"],
    },
}
