"""The pack of last month, ready to be sent; the month before was sent to the chief
financial officer."""

from odoo import Command

from ..tools.period import Period

NOTE = (
    "L'encours progresse avec l'activité de fin de mois. Les relances de niveau 3 sont "
    "passées au téléphone ; les litiges sont vus chaque semaine avec le commerce."
)


def build(world):
    """Packs of the main company."""
    company = world.companies["main"]
    env = world.env(su=True)
    reader = env["res.partner"].create(
        {
            "name": "Hélène Marchand (DAF)",
            "email": "daf@demo.example.com",
            "lang": world.language("fr_FR"),
            "parent_id": company.partner_id.id,
        }
    )
    company.write(
        {
            "recouvrement_pack_recipient_ids": [Command.set(reader.ids)],
            "recouvrement_pack_user_id": world.users["manager"].id,
        }
    )
    last = Period.month(Period.month(world.today).eve)
    env["recouvrement.pack"].create(
        {
            "company_id": company.id,
            "date_start": last.start,
            "note": NOTE,
            "recipient_ids": [Command.set(reader.ids)],
        }
    ).action_prepare()
