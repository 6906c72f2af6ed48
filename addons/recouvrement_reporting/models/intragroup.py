"""The two sides of the debts between companies of the database."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.recouvrement.models.open_item import PAYABLE, RECEIVABLE

from ..tools.intragroup import (
    AGREED,
    DRAFT,
    KINDS,
    LATER,
    SETTLED,
    Document,
    normalize,
    reconcile,
)

STRENGTH = (LATER, DRAFT, SETTLED)  # what explains best comes last


class RecouvrementIntragroup(models.AbstractModel):
    """Receivables of a company on another of the database against what that one owes.

    Read in sudo, in a number of statements that depends neither on the documents nor
    on the companies, once the user has the right and both companies.
    """

    _name = "recouvrement.intragroup"
    _description = "Intragroup Reconciliation"

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    @api.model
    def _check_reader(self):
        self.env["recouvrement.intragroup.difference"].check_access("read")

    @api.model
    def _get_companies(self):
        """Legal entities of the user; both of a pair must be among them."""
        self._check_reader()
        return self.env.user.company_ids.root_id.sudo() & (
            self.env.user.company_ids.sudo()
        )

    @api.model
    def _check_pair(self, company_id, other_id):
        """Both companies.

        :raise AccessError: one of them is not the user's.
        """
        companies = self._get_companies()
        pair = [one for one in (company_id, other_id) if one in companies.ids]
        if len(pair) != 2 or company_id == other_id:
            raise AccessError(
                self.env._("This needs access to both companies of the pair.")
            )
        return companies.browse(company_id), companies.browse(other_id)

    @api.model
    def _check_day(self, day):
        try:
            found = fields.Date.to_date(day)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("“%s” is not a date.", day)) from error
        return found or fields.Date.context_today(self)

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _read_pair(self, company, other, day):
        """``(rows, documents)`` of one direction; documents are what is shown."""
        sides = self._read_sides(company | other, day)
        return self._reconcile(company, other, sides), sides["shown"]

    @api.model
    def _read_pairs(self, pairs, day):
        """``{(company, other): {key: row}}`` in the statements of one reading."""
        companies = self.env["res.company"].union(
            *(company | other for company, other in pairs)
        )
        sides = self._read_sides(companies, day) if companies else None
        return {
            (company, other): {
                row.key: row for row in self._reconcile(company, other, sides)
            }
            for company, other in pairs
        }

    @api.model
    def _reconcile(self, company, other, sides):
        ours = sides[RECEIVABLE][company.id, other.id]
        theirs = sides[PAYABLE][other.id, company.id]
        return reconcile(
            ours,
            theirs,
            known_ours=sides["known"][RECEIVABLE, company.id, other.id],
            known_theirs=sides["known"][PAYABLE, other.id, company.id],
            same_home=company.currency_id == other.currency_id,
        )

    @api.model
    def _read_sides(self, companies, day):
        """All open documents between these companies, and what the others are.

        :return: ``{RECEIVABLE | PAYABLE: {(holder, other): [Document]}, "shown":
            {key: facts}, "known": {(type, holder, other): {reference: state}}}``.
        """
        self.env.flush_all()
        sides = {"shown": {}, "known": defaultdict(dict)}
        references = set()
        for account_type in (RECEIVABLE, PAYABLE):
            sides[account_type] = defaultdict(list)
            for facts in self.env.execute_query_dict(
                self._documents_sql(companies, day, account_type)
            ):
                document = self._make_document(facts)
                references |= document.references
                pair = facts["holder_id"], facts["other_id"]
                sides[account_type][pair].append(document)
                sides["shown"][document.key] = facts
        for account_type in (RECEIVABLE, PAYABLE):
            self._read_known(companies, day, account_type, references, sides)
        return sides

    @api.model
    def _make_document(self, facts):
        names = (facts["name"], facts["ref"], facts["payment_reference"])
        return Document(
            key=facts["key"],
            references=frozenset(filter(None, map(normalize, names))),
            date=facts["date"],
            currency=facts["currency_id"],
            amount=Decimal(facts["amount"]),
            total=Decimal(facts["total"]),
            home=Decimal(facts["home"]),
            is_document=facts["is_document"],
        )

    @api.model
    def _kin_sql(self, companies):
        """Partners that are these companies: ``partner_id, root_id``."""
        return SQL(
            """
            SELECT DISTINCT ON (p.commercial_partner_id)
                   p.commercial_partner_id AS partner_id, %(root)s AS root_id
              FROM res_company c
              JOIN res_partner p ON p.id = c.partner_id
             WHERE %(root)s = ANY(%(companies)s)
          ORDER BY p.commercial_partner_id, %(root)s
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            companies=companies.ids,
        )

    @api.model
    def _documents_sql(self, companies, day, account_type):
        """Open items of these companies on each other, by document; an entry of many
        items, such as a takeover, item by item."""
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        condition = SQL(
            """l.partner_id IN (SELECT p.id FROM res_partner p
                                 JOIN (%s) kin ON kin.partner_id =
                                      p.commercial_partner_id)""",
            self._kin_sql(companies),
        )
        return SQL(
            """
            SELECT d.key, d.move_id, d.holder_id, d.other_id, d.currency_id,
                   MAX(d.name) AS name, MAX(d.ref) AS ref,
                   MAX(d.payment_reference) AS payment_reference,
                   MIN(d.day) AS date, MAX(d.date_due) AS date_due,
                   BOOL_AND(d.is_document) AS is_document,
                   SUM(d.amount)::text AS amount, SUM(d.home)::text AS home,
                   COALESCE(MAX(d.whole), SUM(d.part))::text AS total
              FROM (SELECT CASE WHEN m.move_type = 'entry' THEN 'l' || o.id
                                ELSE 'm' || m.id END AS key,
                           m.id AS move_id, %(root)s AS holder_id,
                           kin.root_id AS other_id, o.currency_id,
                           CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '')
                                <> '' THEN l.name ELSE m.name END AS name,
                           m.ref, m.payment_reference,
                           COALESCE(l.takeover_date, m.invoice_date, o.date) AS day,
                           o.date_due,
                           m.move_type <> 'entry'
                               OR COALESCE(l.takeover_kind, '') IN
                                  ('invoice', 'credit_note') AS is_document,
                           %(sign)s * o.residual_currency AS amount,
                           %(sign)s * o.residual AS home,
                           %(sign)s * l.amount_currency AS part,
                           CASE WHEN m.move_type <> 'entry' THEN
                                %(sign)s * m.amount_total_in_currency_signed
                                END AS whole
                      FROM (%(lines)s) o
                      JOIN account_move_line l ON l.id = o.id
                      JOIN account_move m ON m.id = o.move_id
                      JOIN res_company c ON c.id = o.company_id
                      JOIN res_partner p ON p.id = o.partner_id
                      JOIN (%(kin)s) kin ON kin.partner_id = p.commercial_partner_id
                     WHERE %(root)s = ANY(%(companies)s)
                       AND kin.root_id <> %(root)s) d
          GROUP BY d.key, d.move_id, d.holder_id, d.other_id, d.currency_id
          ORDER BY date, d.key
            """,
            root=items._root_company_sql("c"),
            sign=1 if account_type == RECEIVABLE else -1,
            lines=items._open_lines_sql(day, condition, account_type),
            kin=self._kin_sql(companies),
            companies=companies.ids,
        )

    @api.model
    def _read_known(self, companies, day, account_type, references, sides):
        """States of the documents that bear these references, open or not."""
        types = ["out_invoice", "out_refund", "out_receipt"]
        if account_type == PAYABLE:
            types = ["in_invoice", "in_refund", "in_receipt"]
        rows = self.env.execute_query(
            self._known_sql(companies, day, types, sorted(references))
        )
        for holder, other, state, *names in rows:
            known = sides["known"][account_type, holder, other]
            for reference in filter(None, map(normalize, names)):
                best = known.get(reference, LATER)
                if STRENGTH.index(state) >= STRENGTH.index(best):
                    known[reference] = state

    @api.model
    def _known_sql(self, companies, day, types, references):
        names = [
            SQL("m.%s", SQL.identifier(name))
            for name in ("name", "ref", "payment_reference")
        ]
        bears = SQL(" OR ").join(
            SQL(
                "UPPER(REGEXP_REPLACE(%s, '[^A-Za-z0-9]', '', 'g')) = ANY(%s)",
                name,
                references,
            )
            for name in names
        )
        return SQL(
            """
            SELECT %(root)s, kin.root_id,
                   CASE WHEN m.state = 'draft' THEN %(draft)s
                        WHEN m.date > %(day)s THEN %(later)s ELSE %(settled)s END,
                   %(names)s
              FROM account_move m
              JOIN res_company c ON c.id = m.company_id
              JOIN (%(kin)s) kin ON kin.partner_id = m.commercial_partner_id
             WHERE m.move_type = ANY(%(types)s) AND m.state IN ('draft', 'posted')
               AND %(root)s = ANY(%(companies)s) AND kin.root_id <> %(root)s
               AND (%(bears)s)
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            draft=DRAFT,
            later=LATER,
            settled=SETTLED,
            names=SQL(", ").join(names),
            kin=self._kin_sql(companies),
            types=types,
            companies=companies.ids,
            bears=bears,
            day=day,
        )

    # ------------------------------------------------------------------
    # SUMS
    # ------------------------------------------------------------------

    @api.model
    def _sum_pair(self, company, other, sides):
        """One line per currency: claimed, owed, difference and what explains it."""
        rows = self._reconcile(company, other, sides)
        sums = defaultdict(
            lambda: {
                "claimed": Decimal(0),
                "owed": Decimal(0),
                "count": 0,
                "kinds": defaultdict(Decimal),
            }
        )
        for row in rows:
            if row.ours:
                sums[row.ours.currency]["claimed"] += row.ours.amount
            if row.theirs:
                sums[row.theirs.currency]["owed"] += row.theirs.amount
            for currency, amount in row.differences.items():
                if row.kind not in AGREED:
                    sums[currency]["kinds"][row.kind] += amount
            if row.kind not in AGREED:
                sums[next(iter(row.differences))]["count"] += 1
        return rows, {
            currency: {
                **one,
                "difference": one["claimed"] - one["owed"],
                "kinds": {
                    kind: one["kinds"][kind] for kind in KINDS if kind in one["kinds"]
                },
            }
            for currency, one in sorted(sums.items())
        }
