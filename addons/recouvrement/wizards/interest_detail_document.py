"""The statement of a claim (décompte), row by row: an unpatched wkhtmltopdf cuts rows
in two, so that the pages are made here."""

from odoo import fields, models
from odoo.tools import format_date

# Rows of one line that fit under the head of the first page, and on the next pages.
FIRST_PAGE, NEXT_PAGE = 33, 62
LAW_ROWS, SECTION_ROWS, LAST_ROWS = 3, 8, 6
WHOLE = 12  # rows of an item that are kept together


class RecouvrementInterestDetail(models.TransientModel):
    _inherit = "recouvrement.interest.detail"

    def _get_document(self):
        """All that is printed, in the language of the debtor.

        :return: dict ``parties``, ``sections`` (one per currency: see ``_explain``;
            with the ``claim``), ``laws``, ``pages`` and formats.
        """
        self.ensure_one()
        self = self.with_context(lang=self._get_lang())
        feed = self.env["recouvrement.interest"]
        items = self._get_items()
        sections = self._get_sections(items, items)
        laws = self._get_laws(items)
        return {
            "parties": self._get_parties(),
            "sections": sections,
            "laws": laws,
            "pages": self._get_pages(sections, len(laws)),
            "money": feed._format_money,
            "day": format_date(self.env, self.date),
            "issued": self._get_issue_line(),
            "company": self.debtor_id.company_id.sudo(),
        }

    def _get_laws(self, items):
        """Legal regimes behind the amounts, in their order, and what a reader needs to
        know of them."""
        regimes = self.env["recouvrement.legal.regime"].sudo()
        bearing = [item for item in items if item.accrued or item.indemnity]
        found = regimes.browse({item.regime_id for item in bearing}).sorted("sequence")
        return [
            {
                "kind": regime.kind,
                "source": regime.interest_source or "",
                "indemnity": any(
                    item.indemnity for item in bearing if item.regime_id == regime.id
                ),
                "contractual": regime.contractual_allowed
                and any(
                    item.contractual_rate
                    for item in bearing
                    if item.regime_id == regime.id
                ),
            }
            for regime in found
        ]

    # ------------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------------

    def _get_parties(self):
        """Creditor and debtor: ``name, address, siren, vat, ref``."""
        debtor = self.debtor_id
        company = debtor.company_id.sudo()
        writer = self.env["recouvrement.reminder"].new(
            {
                "debtor_id": debtor.id,
                "company_id": company.id,
                "partner_id": debtor.contact_id.id or debtor.partner_id.id,
            }
        )
        partner = debtor.partner_id.sudo()
        return [
            {
                "name": who.name,
                "address": writer._get_address_lines(who),
                "siren": writer._get_siren(owner),
                "vat": who.vat or "",
                "ref": ref,
            }
            for who, owner, ref in (
                (company.partner_id, company, ""),
                (partner, partner, partner.ref or ""),
            )
        ]

    def _get_issue_line(self):
        company = self.debtor_id.company_id
        issued = fields.Date.context_today(self, self.create_date)
        day = format_date(self.env, issued, date_format="long")
        if not company.city:
            return day
        return self.env._("%(city)s, %(date)s", city=company.city, date=day)

    # ------------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------------

    def _get_pages(self, sections, laws):
        """Rows of the computation, page by page.

        An item of a few rows is not cut; a longer one keeps rows under its title.
        """
        pages, rows = [], []
        space = FIRST_PAGE - LAW_ROWS * (laws - 1) - SECTION_ROWS * (len(sections) - 1)
        for block in self._get_blocks(sections):
            head = len(block) if len(block) <= WHOLE else 3
            if rows and len(rows) + head > space:
                pages.append(rows)
                rows, space = [], NEXT_PAGE
            for row in block:
                if len(rows) >= max(space, head):
                    pages.append(rows)
                    rows, space = [], NEXT_PAGE
                rows.append(row)
        pages.append(rows)
        if len(rows) + LAST_ROWS > space:
            pages.append([])
        return pages

    def _get_blocks(self, sections):
        """Lists of rows that begin with a title: a currency, then an item each."""
        several = len(sections) > 1
        for section in sections:
            for place, line in enumerate(section["items"]):
                title = []
                if several and not place:
                    title = [{"kind": "currency", "money": section["currency"]}]
                yield title + self._get_item_rows(line, section["currency"])

    def _get_item_rows(self, line, currency):
        item = line["item"]
        rows = [{"kind": "item", "line": line, "amount": item.principal}]
        rows += [{"kind": "movement", **movement} for movement in line["movements"]]
        rows += [{"kind": "segment", **segment} for segment in line["segments"]]
        if line["remark"]:
            rows.append({"kind": "remark", "text": line["remark"]})
        if item.claimed:
            rows.append({"kind": "claimed", "amount": -item.claimed})
        if item.waived:
            rows.append({"kind": "waived", "amount": -item.waived})
        if item.indemnity:
            claimed = bool(item.indemnity_claimed)
            rows.append(
                {"kind": "indemnity", "claimed": claimed, "amount": item.indemnity}
            )
        rows.append({"kind": "sum", "item": item})
        return [{"money": currency, **row} for row in rows]
