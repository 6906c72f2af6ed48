"""The intragroup reconciliation on screen: the pairs, then the documents of one."""

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.intragroup import AGREED


class RecouvrementIntragroup(models.AbstractModel):
    _inherit = "recouvrement.intragroup"

    @api.model
    def get_pairs(self, day=None):
        """Every pair of companies of the user that has something between them.

        :return: ``{"day", "pairs": [{company_id, other_id, names, currency, claimed,
            owed, difference, count}], "currencies", "companies"}``.
        """
        companies, day = self._get_companies(), self._check_day(day)
        sides = self._read_sides(companies, day) if len(companies) > 1 else None
        followed = self._count_followed(companies)
        pairs = []
        for company in companies.sorted("name") if sides else ():
            for other in (companies - company).sorted("name"):
                sums = self._sum_pair(company, other, sides)[1]
                pairs += [
                    {
                        "company_id": company.id,
                        "other_id": other.id,
                        "company": company.name,
                        "other": other.name,
                        "currency_id": currency,
                        "followed": followed.get((company.id, other.id), 0),
                        **self._plain(one),
                    }
                    for currency, one in sums.items()
                ]
        return {
            "day": fields.Date.to_string(day),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "companies": len(companies),
            "pairs": pairs,
            "currencies": self._get_currencies(),
            "kinds": self._get_kinds(),
        }

    @api.model
    def get_reconciliation(self, company_id, other_id, day=None):
        """Both sides of one pair, document against document."""
        company, other = self._check_pair(company_id, other_id)
        day = self._check_day(day)
        sides = self._read_sides(company | other, day)
        rows, sums = self._sum_pair(company, other, sides)
        notes = self._get_notes(company, other)
        return {
            "day": fields.Date.to_string(day),
            "company": company.name,
            "other": other.name,
            "sums": [
                {"currency_id": currency, **self._plain(one)}
                for currency, one in sums.items()
            ],
            "rows": [self._show_row(row, sides["shown"], notes) for row in rows],
            "can_edit": self.env["recouvrement.intragroup.difference"].has_access(
                "create"
            ),
        }

    @api.model
    def open_document(self, company_id, other_id, key):
        """The document of one side; both companies are then active."""
        company, other = self._check_pair(company_id, other_id)
        if key[:1] == "l" and key[1:].isdecimal():
            line = self.env["account.move.line"].sudo().browse(int(key[1:])).exists()
            move = line.move_id
        else:
            number = int(key[1:]) if key[1:].isdecimal() else 0
            move = self.env["account.move"].sudo().browse(number).exists()
        if move.company_id.root_id not in (company | other):
            move = move.browse()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
            "context": {"allowed_company_ids": self._open_companies(move.company_id)},
        }

    @api.model
    def _open_companies(self, first):
        """Companies that must be active for the document to open."""
        return first.ids

    # ------------------------------------------------------------------
    # PIECES
    # ------------------------------------------------------------------

    @api.model
    def _plain(self, sums):
        return {
            "claimed": float(sums["claimed"]),
            "owed": float(sums["owed"]),
            "difference": float(sums["difference"]),
            "count": sums["count"],
            "kinds": {kind: float(amount) for kind, amount in sums["kinds"].items()},
        }

    @api.model
    def _get_currencies(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search_fetch([("id", "!=", False)], ["name", "rounding"])
        return {
            one.id: {"name": one.name, "digits": one.decimal_places} for one in found
        }

    @api.model
    def _get_kinds(self):
        differences = self.env["recouvrement.intragroup.difference"]
        return dict(differences._fields["kind"]._description_selection(self.env))

    @api.model
    def _count_followed(self, companies):
        """Differences that somebody looks after, per pair."""
        groups = self.env["recouvrement.intragroup.difference"]._read_group(
            [
                ("state", "=", "open"),
                ("company_id", "in", companies.ids),
                ("other_company_id", "in", companies.ids),
            ],
            ["company_id", "other_company_id"],
            ["__count"],
        )
        return {(company.id, other.id): count for company, other, count in groups}

    @api.model
    def _get_notes(self, company, other):
        found = self.env["recouvrement.intragroup.difference"].search(
            [
                ("company_id", "=", company.id),
                ("other_company_id", "=", other.id),
                ("state", "=", "open"),
            ]
        )
        return {
            one.key: {
                "id": one.id,
                "owner": one.user_id.sudo().name or "",
                "comment": one.comment or "",
            }
            for one in found
        }

    @api.model
    def _show_row(self, row, shown, notes):
        differences = [
            {"currency_id": currency, "amount": float(amount)}
            for currency, amount in row.differences.items()
        ]
        return {
            "key": row.key,
            "kind": row.kind,
            "agreed": row.kind in AGREED,
            "ours": row.ours and self._show_document(row.ours, shown),
            "theirs": row.theirs and self._show_document(row.theirs, shown),
            "differences": differences,
            "note": notes.get(row.key),
        }

    @api.model
    def _show_document(self, document, shown):
        facts = shown[document.key]
        return {
            "key": document.key,
            "name": facts["name"] or "",
            "ref": facts["ref"] or "",
            "date": format_date(self.env, facts["date"]),
            "date_due": format_date(self.env, facts["date_due"]),
            "currency_id": document.currency,
            "amount": float(document.amount),
        }
