"""Property managers of the demonstration: who manages which association since when, a
change that took effect, one that waits for customer accounting, one being entered."""

from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

SUFFIX = " (syndic)"
YEARS_IN_OFFICE = 3
ADDRESSES = (
    ("24 rue du Faubourg-Saint-Antoine", "75012", "Paris"),
    ("9 avenue du Général-Leclerc", "91400", "Orsay"),
    ("112 cours de l’Intendance", "33000", "Bordeaux"),
    ("3 quai Saint-Antoine", "69002", "Lyon"),
    ("58 rue Paradis", "13006", "Marseille"),
    ("17 rue du Palais", "17000", "La Rochelle"),
)
NEW = {
    "manager_name": "Syndic Horizon",
    "manager_siret": "999 009 202 00014",
    "manager_street": "40 boulevard de la Libération",
    "manager_zip": "94300",
    "manager_city": "Vincennes",
    "manager_email": "comptabilite@syndic-horizon.example",
    "manager_phone": "+33 1 99 00 45 12",
    "contact_name": "Mme Inès Vasseur",
    "rnc_number": "AB1234567",
    "mandate_state": "asked",
}


def build(world):
    """Only in the company whose associations are on file."""
    tag = world.env.ref("recouvrement.tag_property_manager")
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("partner_id.category_id", "in", tag.ids),
        ],
        order="id",
    )
    _appoint(world, debtors)
    if len(debtors) < 4:
        return
    _changed(world, debtors[1])
    _waiting(world, debtors[0], debtors[2].manager_id)
    _entered(world, debtors[3])
    world.env["recouvrement.debtor"]._process_dirty()


def _appoint(world, debtors):
    """The manager that the file names has been in office for years."""
    partners = world.env["res.partner"]
    known = {}
    for debtor in debtors:
        contact = debtor.partner_id.child_ids.filtered(lambda p: p.type == "collection")
        if not contact:
            continue
        name = contact[0].name.removesuffix(SUFFIX)
        if name not in known:
            street, zip_code, city = ADDRESSES[len(known) % len(ADDRESSES)]
            known[name] = partners.create(
                {
                    "name": name,
                    "is_company": True,
                    "street": street,
                    "zip": zip_code,
                    "city": city,
                    "country_id": debtor.partner_id.country_id.id,
                    "lang": debtor.partner_id.lang,
                    "email": f"gestion{len(known) + 1}@example.com",
                    "phone": contact[0].phone,
                }
            )
        world.env["recouvrement.representative"].create(
            {
                "debtor_id": debtor.id,
                "partner_id": known[name].id,
                "date_from": world.today - timedelta(days=365 * YEARS_IN_OFFICE),
            }
        )
    world.env["recouvrement.debtor"]._process_dirty()


def _enter(world, debtor, days, **vals):
    """As the collector enters it, with the minutes."""
    env = _as(world, "collector", _days_ago(world, days))
    meeting = world.today - timedelta(days=days + 12)
    mutation = env["recouvrement.mutation"].create(
        {
            "debtor_id": debtor.id,
            "date_decision": meeting,
            "date_effect": meeting + timedelta(days=1),
            "user_id": world.users["collector"].id,
            **vals,
        }
    )
    return mutation


def _receive(mutation):
    for piece in mutation.piece_ids.filtered("required"):
        piece.action_receive()


def _changed(world, debtor):
    """Validated by the accountant three weeks ago."""
    mutation = _enter(world, debtor, 24, **NEW)
    _receive(mutation)
    mutation.action_submit()
    env = _as(world, "accountant", _days_ago(world, 22))
    mutation = mutation.with_env(env)
    mutation.piece_ids.filtered("required").action_check()
    mutation.action_validate()
    world.name_records({"mutation_validated": mutation})


def _waiting(world, debtor, manager):
    """Sent to customer accounting yesterday."""
    mutation = _enter(
        world,
        debtor,
        1,
        new_partner_id=manager.id,
        note="Le conseil syndical demande un relevé complet avant la passation.",
    )
    _receive(mutation)
    mutation.action_submit()
    world.name_records({"mutation_waiting": mutation})


def _entered(world, debtor):
    """The minutes are still to come."""
    mutation = _enter(
        world,
        debtor,
        0,
        manager_name="Foncière du Val de Seine",
        date_effect=world.today + timedelta(days=20),
        decision="merger",
    )
    world.name_records({"mutation_draft": mutation})
