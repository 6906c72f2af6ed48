"""Extracts of the Sirene directory: what ceased is told, once, of customers only."""

import base64
import io
import tracemalloc
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import sirene
from .access_common import AccessCommon

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
STRANGER = "404833048"
COMPANY_HEAD = (
    "siren,statutDiffusionUniteLegale,dateDebut,etatAdministratifUniteLegale,"
    "denominationUniteLegale,activitePrincipaleUniteLegale"
)
SITE_HEAD = "siren,nic,siret,dateDebut,etatAdministratifEtablissement"


def companies(*rows):
    return "\n".join([COMPANY_HEAD, *rows, ""]).encode()


def zipped(*members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


CEASED = companies(
    f"{STRANGER},O,2020-01-01,C,STRANGER,47.11A",
    f'{SIREN},O,2026-09-30,C,"OWN, ET FILS",43.32A',
)


@tagged("post_install", "-at_install")
class TestSirene(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.partner_id.company_registry = SIRET
        cls.finding = cls.env["recouvrement.identity.finding"]

    def _load(self, content, role="accountant", name="StockUniteLegale_utf8.csv"):
        wizard = self._as(self.env["recouvrement.sirene.upload"], role).create(
            {
                "company_id": self.company.id,
                "content": base64.b64encode(content),
                "name": name,
            }
        )
        wizard.action_import()
        return wizard

    def _found(self, debtor=None):
        found = self.finding.search([("debtor_id", "=", (debtor or self.own).id)])
        return {one.kind: one for one in found}

    def _events(self):
        return self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.own.id), ("summary", "ilike", "Sirene")]
        )

    def _risks(self):
        return self.env["recouvrement.risk.item"].search(
            [
                ("debtor_id", "in", self.debtors.ids),
                ("kind", "in", ("company_ceased", "establishment_closed")),
            ]
        )

    # ------------------------------------------------------------------
    # WHAT IS FOUND
    # ------------------------------------------------------------------

    def test_a_company_that_ceased_is_an_anomaly_an_event_and_a_risk(self):
        wizard = self._load(CEASED)
        self.assertEqual((wizard.row_count, wizard.told_count), (2, 1))
        self.assertEqual((wizard.ceased_count, wizard.refused_count), (1, 0))
        self.assertFalse(wizard.content)
        [kind] = self._found()
        finding = self._found()[kind]
        self.assertEqual(kind, "company_ceased")
        self.assertEqual(finding.date, date(2026, 9, 30))
        self.assertEqual(finding.value, SIREN)
        event = self._events()
        self.assertEqual(event.user_id, self.users["accountant"])
        self.assertIn(SIREN, event.detail)
        risk = self._risks()
        self.assertEqual((risk.debtor_id, risk.kind), (self.own, "company_ceased"))
        self.assertEqual(risk.date, date(2026, 9, 30))

    def test_loading_twice_changes_nothing(self):
        self._load(CEASED)
        finding = self._found()["company_ceased"]
        finding._accept("Known: bought by its parent")
        again = self._load(zipped(("StockUniteLegale_utf8.csv", CEASED)))
        self.assertEqual((again.told_count, again.ceased_count), (1, 0))
        self.assertEqual(self._found(), {"company_ceased": finding})
        self.assertTrue(finding.date_accepted)
        self.assertEqual(len(self._events()), 1)
        self.assertFalse(self._risks())

    def test_who_is_active_again_or_has_another_number_has_no_anomaly(self):
        self._load(CEASED)
        self.own.partner_id.company_registry = STRANGER
        self.assertNotIn("company_ceased", self._found())
        self.own.partner_id.company_registry = SIREN
        self.assertIn("company_ceased", self._found())
        self._load(companies(f"{SIREN},O,2026-10-01,A,OWN,43.32A"))
        self.assertFalse(self._found())
        self._load(CEASED)
        self.assertEqual(len(self._events()), 2)

    def test_a_closed_establishment_is_told_of_its_siret_only(self):
        rows = (
            f"{SIREN},00009,{SIREN}00009,2020-05-05,F",
            f"{SIREN},00074,{SIRET},2026-02-28,F",
        )
        self.nobodys.partner_id.company_registry = SIREN
        self._load("\n".join([SITE_HEAD, *rows]).encode())
        found = self._found()["establishment_closed"]
        self.assertEqual((found.value, found.date), (SIRET, date(2026, 2, 28)))
        self.assertNotIn("establishment_closed", self._found(self.nobodys))
        self.assertEqual(self._risks().kind, "establishment_closed")

    def test_of_several_periods_the_newest_counts(self):
        rows = [
            f"{SIREN},O,{day},{state},OWN,43.32A"
            for day, state in (("2026-01-01", "A"), ("2019-01-01", "C"))
        ]
        self._load(companies(*rows))
        self.assertFalse(self._found())

    def test_a_customer_is_found_by_its_vat_number_too(self):
        self.own.partner_id.write({"company_registry": False, "vat": VAT})
        self._load(CEASED)
        self.assertIn("company_ceased", self._found())

    def test_another_name_is_told_without_legal_forms_and_may_be_accepted(self):
        self.own.partner_id.name = "S.A.R.L. Own Ménuiserie"
        self._load(companies(f"{SIREN},O,2020-01-01,A,OWN MENUISERIE ET FILS,43"))
        self.assertFalse(self._found())
        self._load(companies(f"{SIREN},O,2020-01-01,A,BATIPLUS,43"))
        finding = self._found()["name_differs"]
        self.assertEqual(finding.detail, "BATIPLUS")
        self.assertFalse(finding.proposal)
        self.assertFalse(self._risks())
        finding._accept("Trade name")
        self.own.partner_id.name = "Batiplus SAS"
        self.assertFalse(self._found())
        self._load(companies(f"{SIREN},P,2020-01-01,A,[ND],43"))
        self.assertFalse(self.own.sirene_name)

    def test_customers_of_other_legal_entities_are_left_alone(self):
        self.elsewhere.partner_id.company_registry = SIREN
        self._load(CEASED)
        self.assertNotIn("company_ceased", self._found(self.elsewhere))
        with self.assertRaises(AccessError):
            wizard = self._as(self.env["recouvrement.sirene.upload"], "accountant")
            wizard.create(
                {"company_id": self.other.id, "content": base64.b64encode(CEASED)}
            ).sudo(False).action_import()

    def test_collectors_and_others_load_nothing(self):
        for role in ("salesperson", "collector", "auditor", self.portal):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._load(CEASED, role)

    def test_what_the_directory_said_is_not_entered_by_hand(self):
        with self.assertRaises(AccessError):
            self._rpc("manager", self.own, "write", {"sirene_ceased": True})

    def test_many_customers_cost_as_many_queries_as_one(self):
        for debtor, number in zip(
            self.debtors, (SIREN, STRANGER, "552081317"), strict=True
        ):
            debtor.partner_id.company_registry = number

        def cost(debtors, day):
            extract = sirene.read(
                io.BytesIO(
                    companies(
                        *(
                            f"{one.partner_id.company_registry},O,{day},C,X,43"
                            for one in debtors
                        )
                    )
                ),
                set(debtors.mapped("partner_id.company_registry")),
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            told, _ceased = debtors.sudo()._take_sirene(extract)
            self.env.flush_all()
            self.assertEqual(told, debtors)
            return self.cr.sql_log_count - before

        one = cost(self.nobodys, "2026-01-01")
        (self.debtors).sudo().write({"sirene_ceased": False})
        self.assertEqual(cost(self.debtors, "2026-01-02"), one)

    # ------------------------------------------------------------------
    # HOSTILE FILES
    # ------------------------------------------------------------------

    def _refused(self, content, code):
        with self.assertRaises(sirene.SireneError) as caught:
            sirene.read(io.BytesIO(content), {SIREN})
        self.assertEqual(caught.exception.code, code)
        with self.assertRaises(UserError):
            self._load(content)

    def test_what_is_no_extract_is_refused_whole(self):
        latin = companies(f"{SIREN},O,2020-01-01,A,CAFÉ,56").decode().encode("cp1252")
        for content, code in (
            (b"\n", "empty"),
            (COMPANY_HEAD.encode() + b"\n", "empty"),
            (b"siren,name\n732829320,Own\n", "columns"),
            (latin, "encoding"),
            (CEASED.decode().encode("utf-16"), "encoding"),
            (companies(f"{SIREN},O,2020-01-01,A,{'x' * 40000},43"), "line"),
            (companies(f'{SIREN},O,2020-01-01,A,"x' + "\nx" * 140000), "line"),
            (b"PK\x03\x04 no archive", "archive"),
            (zipped(("a.csv", CEASED), ("b.csv", CEASED)), "archive"),
            (zipped(("readme.txt", b"Nothing")), "archive"),
            (zipped(*((f"{n}.txt", b"") for n in range(30))), "archive"),
            (zipped(("a.csv", CEASED))[:-90] + b"\0" * 90, "archive"),
        ):
            with self.subTest(code=code, content=content[:30]):
                self._refused(content, code)
        self.assertFalse(self._found())

    def test_an_archive_that_unpacks_to_too_much_is_cut_off(self):
        bomb = zipped(("a.csv", companies(*["1,O,,A,,"] * 300_000)))
        self.assertLess(len(bomb), 20_000)
        with patch.object(sirene, "UNPACKED_MAX", 1_000_000):
            self._refused(bomb, "unpacked")
        with patch.object(sirene, "ROWS_MAX", 1000):
            self._refused(bomb, "rows")
        with patch.object(sirene, "FILE_MAX", 100):
            self._refused(bomb, "size")

    def test_rows_that_cannot_be_read_are_counted(self):
        wizard = self._load(
            companies(
                f"{SIREN},O,2020-01-01,Z,OWN,43",
                f"{SIREN},O,2020-01-01",
                f"{STRANGER},O,not a day,A,,",
            )
        )
        self.assertEqual((wizard.row_count, wizard.refused_count), (3, 2))
        self.assertFalse(self._found())

    def test_a_long_file_is_read_in_a_memory_that_does_not_grow(self):
        def peak(count):
            content = zipped(
                (
                    "a.csv",
                    companies(*[f"{STRANGER},O,2020-01-01,A,STRANGER,43"] * count),
                )
            )
            tracemalloc.start()
            sirene.read(io.BytesIO(content), {SIREN})
            top = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return top

        self.assertLess(peak(100_000), peak(5_000) + 2_000_000)
