{
    "name": "Recouvrement: Reporting",
    "summary": "The aged balance as of any date, and the figures of receivables",
    "version": "19.0.1.0.0",
    "category": "Accounting/Collections",
    "author": "Recouvrement",
    "license": "LGPL-3",
    "depends": ["recouvrement"],
    "data": [
        "security/ir.model.access.csv",
        "security/aged_balance_rules.xml",
        "security/forecast_rules.xml",
        "data/forecast_crons.xml",
        "report/aged_balance_report.xml",
        "views/aged_balance_views.xml",
        "views/old_item_views.xml",
        "views/reporting_menus.xml",
        "views/forecast_views.xml",
    ],
    "demo": ["demo/demo.xml"],
    "assets": {
        "web.assets_backend": ["recouvrement_reporting/static/src/**/*"],
    },
}
