"""The claim as it is printed: totals by head, interest by half-year and rate, then the
detail of each item, cut into pages here (an unpatched wkhtmltopdf cuts rows in two)."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from .litigation_claim_row import HEADS

FIRST_PAGE, NEXT_PAGE = 46, 58  # rows of one line under the titles
HEAD_ROWS, RATE_ROWS, SECTION_ROWS = 1, 1, 9
NOTE_ROWS = 9
ITEM_HEADS = ("principal", "interest", "indemnity", "penalties")


class RecouvrementLitigationClaim(models.Model):
    _inherit = "recouvrement.litigation.claim"

    def _get_document(self):
        """All that is printed, in the language of the court."""
        self.ensure_one()
        claim = self.with_context(lang=self.lang)
        feed = claim.env["recouvrement.interest"]
        litigation = claim.litigation_id.sudo()
        document = claim.env["recouvrement.litigation.document"]
        sections = claim._get_document_sections()
        return {
            "creditor": document._describe_party(litigation.company_id.partner_id),
            "debtor": document._describe_party(litigation.customer_id),
            "litigation": litigation,
            "sections": sections,
            "pages": claim._get_document_pages(sections),
            "money": feed._format_money,
            "rate": lambda rate: feed._format_rate(Decimal(str(rate))),
            "day": feed._format_day,
            "long_day": format_date(claim.env, claim.date, date_format="long"),
            "several": len(sections) > 1 or (
                sections and sections[0]["currency"] != claim.currency_id
            ),
        }  # fmt: skip

    def _get_document_sections(self):
        """Sums by head and interest by half-year, for each currency."""
        labels = dict(self.row_ids._fields["head"]._description_selection(self.env))
        rates = defaultdict(list)
        for one in self._sum_interest():
            rates[one["currency"]].append(one)
        sections = []
        for currency, rows in self.row_ids.grouped("currency_id").items():
            sums = {}
            for row in rows:
                sums[row.head] = currency.round(sums.get(row.head, 0.0) + row.amount)
            sections.append(
                {
                    "currency": currency,
                    "heads": [
                        {"label": labels[head], "amount": sums[head]}
                        for head, _label in HEADS
                        if sums.get(head)
                    ],
                    "rates": rates[currency],
                    "total": currency.round(sum(rows.mapped("amount"))),
                }
            )
        return sections

    def _get_document_pages(self, sections):
        """Rows of the detail, page by page; an item is not cut when it is short."""
        space = FIRST_PAGE - sum(
            SECTION_ROWS
            + HEAD_ROWS * len(section["heads"])
            + RATE_ROWS * len(section["rates"])
            for section in sections
        )
        pages, rows = [], []
        for block in self._get_document_blocks():
            while block:
                room = max(space, 0) - len(rows)
                if len(block) > room and (rows or space < 6):
                    pages.append(rows)
                    rows, space = [], NEXT_PAGE
                    continue
                taken, block = block[:room], block[room:]
                rows += taken
        pages.append(rows)
        if len(rows) + NOTE_ROWS > space:
            pages.append([])
        return pages

    def _get_document_blocks(self):
        """Rows of each item together, the others at the end."""
        blocks = defaultdict(list)
        for row in self.row_ids:
            key = row.move_line_id.id if row.head in ITEM_HEADS else f"z{row.head}"
            blocks[key].append(row)
        order = {head: place for place, (head, _label) in enumerate(HEADS)}
        return [
            sorted(rows, key=lambda row: (order[row.head], row.sequence))
            for rows in blocks.values()
        ]
