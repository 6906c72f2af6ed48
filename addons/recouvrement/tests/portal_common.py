"""A customer with a page, and what reads it as a browser does."""

import re
from datetime import timedelta

from lxml import html

from odoo.tests import HttpCase, new_test_user

from .common import RecouvrementCommon

PDF = b"%PDF-1.4 proof"


class PortalCommon(RecouvrementCommon, HttpCase):
    """Two customers of one company; the first one also owes another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._make_user("collector")
        cls.customer = cls._make_customer("Fournil Bernard", lang="en_US", ref="C042")
        cls.overdue = cls._make_invoice(cls.customer, 1200.0, due=-40)
        cls.late = cls._make_invoice(cls.customer, 300.5, due=-5)
        cls.coming = cls._make_invoice(cls.customer, 99.99, due=20)
        cls.debtor = cls._debtor(cls.customer)
        cls.debtor.collector_id = cls.collector
        cls.stranger = cls._make_debtor("Etranger", items=((777.77, -60),))
        cls.link = cls._give(cls.debtor)
        cls.base = f"/recouvrement/portal/{cls.link._get_token()}"

    @classmethod
    def _give(cls, debtor, partner=None, days=60):
        links = cls.env["recouvrement.access.link"]
        return links._give("portal", debtor, partner or debtor.partner_id, days)

    @classmethod
    def _make_portal_user(cls, partner, login):
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=partner.id
        )

    @classmethod
    def _line(cls, move):
        return cls._items(move).ensure_one()

    # ------------------------------------------------------------------
    # BROWSER
    # ------------------------------------------------------------------

    def _get(self, path="", base=None, **params):
        """GET a page of the account."""
        self.env.flush_all()
        address = f"{self.base_url()}{base or self.base}{path}"
        return self.opener.get(
            address, params=params, timeout=60, allow_redirects=False
        )

    def _page(self, path="", base=None, **params):
        """A page that opens, as a tree."""
        response = self._get(path, base, **params)
        self.assertEqual(response.status_code, 200, response.text[:500])
        return html.fromstring(response.text)

    def _text(self, tree):
        """What is to be read, in one line."""
        parts = tree.xpath("//div[@id='wrap']//text()")
        return re.sub(r"\s+", " ", " ".join(parts)).replace("\xa0", " ")

    def _post(self, path, values=None, files=None, base=None, csrf=None):
        """POST a form of the account with its own token against forgery."""
        if csrf is None:
            csrf = self._get_csrf(path, base)
        self.env.flush_all()
        return self.opener.post(
            f"{self.base_url()}{base or self.base}{path}",
            data={"csrf_token": csrf, **(values or {})},
            files=files,
            timeout=60,
            allow_redirects=False,
        )

    def _get_csrf(self, path, base=None):
        response = self._get(path.replace("/decline", ""), base)
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        return found[1] if found else ""

    def _names(self, tree):
        """Documents in the list of items."""
        cells = tree.xpath("//form[contains(@class,'o_receivable_items')]//tbody/tr")
        return [re.sub(r"\s+", " ", row.text_content()).strip() for row in cells]

    def _later(self, days):
        return (self.today + timedelta(days=days)).isoformat()
