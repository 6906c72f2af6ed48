"""Who the customers of a FEC are in Odoo, and when they have to pay."""

import re
from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from .fec_import_remarks import Remark

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"\w{3,}")
_NOT_CODE = re.compile(r"[^0-9A-Z]")
_LEGAL_FORMS = frozenset({"sarl", "sas", "sasu", "eurl", "sci", "snc", "scp", "ste"})


def plain_name(name):
    """Name without case and without spaces that do not count."""
    return _SPACES.sub(" ", (name or "").strip()).casefold()


def share_a_word(name, other):
    """Whether two names have a word of three letters in common, legal form aside."""
    words, others = (
        set(_WORDS.findall(plain_name(text))) - _LEGAL_FORMS for text in (name, other)
    )
    return bool(words & others) or not words or not others


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def _match_customers(self):
        """Find the partners of the customer accounts.

        By what an earlier takeover decided, then reference, then registration
        number, then name; several candidates are no match.

        :return: remarks on what is doubtful.
        """
        remarks = []
        found = self._find_by_earlier_takeover()
        for step, finder in (
            ("ref", self._find_by_ref),
            ("number", self._find_by_number),
            ("name", self._find_by_name),
        ):
            missing = self.customer_ids.filtered(lambda one: one.id not in found)
            for customer, partners in finder(missing).items():
                if len(partners) > 1:
                    remarks.append(self._remark_ambiguous(customer))
                    continue
                found[customer.id] = (step, partners.id)
                if step == "ref" and not share_a_word(customer.name, partners.name):
                    remarks.append(self._remark_other_name(customer, partners))
        self._write_matches(found)
        return remarks

    def _write_matches(self, found):
        groups = defaultdict(list)
        for customer_id, match in found.items():
            groups[match].append(customer_id)
        self._insert_matches(
            [
                (customer_id, step, partner_id)
                for (step, partner_id), customer_ids in groups.items()
                for customer_id in customer_ids
            ]
        )

    def _insert_matches(self, rows):
        """:param rows: (customer account id, how it was matched, partner id)."""
        if not rows:
            return
        customers, steps, partners = (
            list(column) for column in zip(*rows, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_customer c
                   SET matched_by = m.step, partner_id = m.partner_id
                  FROM unnest(%s::integer[], %s::varchar[], %s::integer[])
                       AS m(id, step, partner_id)
                 WHERE c.id = m.id
                """,
                customers,
                steps,
                partners,
            )
        )
        self.customer_ids.invalidate_recordset(["matched_by", "partner_id"])

    def _find_by_earlier_takeover(self):
        """What an earlier takeover of the company decided, undone ones included."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (c.id) c.id, e.partner_id
                  FROM recouvrement_fec_customer c
                  JOIN recouvrement_fec_customer e
                    ON e.company_id = c.company_id AND e.import_id <> c.import_id
                   AND e.account_code = c.account_code AND e.aux_code = c.aux_code
                   AND e.partner_id IS NOT NULL
                  JOIN recouvrement_fec_import i ON i.id = e.import_id
                   AND i.state IN ('loaded', 'undone')
                 WHERE c.import_id = %s
              ORDER BY c.id, e.id DESC
                """,
                self.id,
            )
        )
        return {customer_id: ("earlier", partner) for customer_id, partner in rows}

    def _get_partner_domain(self):
        return [
            ("parent_id", "=", False),
            ("company_id", "in", (False, *self.company_id.parent_ids.ids)),
        ]

    def _find_by_ref(self, customers):
        """Partners whose reference is the customer account."""
        by_ref = self._search_partners("ref", {self._get_ref(one) for one in customers})
        return {
            customer: partners
            for customer in customers
            if (partners := by_ref.get(self._get_ref(customer)))
        }

    def _get_ref(self, customer):
        """Reference of a customer: its subsidiary account, or its own account."""
        return customer.aux_code or customer.account_code

    def _find_by_number(self, customers):
        """Partners whose VAT or registration number is the customer account."""
        codes = {
            customer: code
            for customer in customers
            if (code := _NOT_CODE.sub("", (customer.aux_code or "").upper()))
            and len(code) >= 9
            and sum(char.isdigit() for char in code) >= 9
        }
        by_number = self._search_partners("vat", set(codes.values()))
        by_number |= self._search_partners("company_registry", set(codes.values()))
        return {
            customer: partners
            for customer, code in codes.items()
            if (partners := by_number.get(code))
        }

    def _search_partners(self, field_name, values):
        """Partners by the value of a field."""
        values.discard("")
        partners = self.env["res.partner"].search_fetch(
            [*self._get_partner_domain(), (field_name, "in", list(values))],
            [field_name, "name"],
        )
        return partners.grouped(field_name)

    def _find_by_name(self, customers):
        """Companies and persons of exactly this name, whatever its case."""
        names = {plain_name(customer.name): customer for customer in customers}
        query = self.env["res.partner"]._search(self._get_partner_domain())
        plain = SQL(
            "lower(regexp_replace(trim(%s), '\\s+', ' ', 'g'))",
            SQL.identifier(query.table, "name"),
        )
        query.add_where(SQL("%s = ANY(%s)", plain, list(names)))
        rows = self.env.execute_query(
            query.select(plain, SQL.identifier(query.table, "id"))
        )
        by_name = defaultdict(list)
        for name, partner_id in rows:
            by_name[name].append(partner_id)
        return {
            customer: self.env["res.partner"].browse(by_name[name])
            for customer in customers
            if (name := plain_name(customer.name)) in by_name
        }

    def _remark_ambiguous(self, customer):
        return Remark("partner_ambiguous", {"customer": customer.display_name})

    def _remark_other_name(self, customer, partner):
        return Remark(
            "partner_name_differs",
            {"customer": customer.display_name, "partner": partner.display_name},
        )

    # ------------------------------------------------------------------
    # DUE DATES
    # ------------------------------------------------------------------

    def _set_due_dates(self, customers=None):
        """Due dates of the invoices, by the terms of the customer in Odoo, else those
        of the takeover, else a number of days (C. com. art. L441-10).

        :param customers: customer accounts to look at; None: all.
        """
        if customers is not None:
            customers = customers.with_env(self.env)
        terms = self._get_terms(self.customer_ids if customers is None else customers)
        condition = SQL("i.import_id = %s", self.id)
        if customers is not None:
            condition = SQL("%s AND i.customer_id = ANY(%s)", condition, customers.ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT i.customer_id, COALESCE(i.piece_date, i.date) AS day
                  FROM recouvrement_fec_item i
                 WHERE %s AND i.original_amount > 0 AND i.date_due IS NOT NULL
                """,
                condition,
            )
        )
        due = {}
        values = []
        for customer_id, day in rows:
            term = terms[customer_id]
            if (term, day) not in due:
                due[term, day] = self._get_due_date(term, day)
            values.append((customer_id, day, due[term, day]))
        self._write_due_dates(values)

    def _write_due_dates(self, rows):
        if not rows:
            return
        customers, days, dues = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i SET date_due = v.due
                  FROM unnest(%s::integer[], %s::date[], %s::date[])
                       AS v(customer_id, day, due)
                 WHERE i.import_id = %s AND i.customer_id = v.customer_id
                   AND COALESCE(i.piece_date, i.date) = v.day
                   AND i.original_amount > 0 AND i.date_due IS NOT NULL
                   AND i.date_due <> v.due
                """,
                customers,
                days,
                dues,
                self.id,
            )
        )
        self.env["recouvrement.fec.item"].invalidate_model(["date_due"])

    def _get_terms(self, customers):
        """Payment terms by customer account id; the empty term counts in days."""
        return {
            customer.id: customer.partner_id.property_payment_term_id
            or self.payment_term_id
            for customer in customers
        }

    def _get_due_date(self, term, day):
        """The last due date when the terms have instalments."""
        if not term.line_ids:
            return fields.Date.add(day, days=self.terms_days)
        return max(line._get_due_date(day) for line in term.line_ids)

    # ------------------------------------------------------------------
    # CREATION
    # ------------------------------------------------------------------

    def _create_partners(self, limit):
        """Create the next partners; the accounts of one customer share one.

        :return: how many customer accounts were dealt with.
        """
        customers = self._get_customers_to_load().filtered(
            lambda one: not one.partner_id
        )[:limit]
        if not customers:
            return 0
        groups = customers.grouped(self._get_partner_key)
        partners = self._get_created_partners()
        new = [key for key in groups if key not in partners]
        created = self.env["res.partner"].create(
            [self._prepare_partner_vals(groups[key][0]) for key in new]
        )
        partners |= dict(zip(new, created, strict=True))
        self._insert_matches(
            [
                (customer.id, "created", partners[key].id)
                for key, group in groups.items()
                for customer in group
            ]
        )
        return len(customers)

    def _get_created_partners(self):
        """Partners this takeover has created so far."""
        created = self.customer_ids.filtered(lambda one: one.matched_by == "created")
        return {self._get_partner_key(one): one.partner_id for one in created}

    def _get_partner_key(self, customer):
        """Accounts of the same code and name are one customer."""
        return customer.aux_code or customer.account_code, plain_name(customer.name)

    def _prepare_partner_vals(self, customer):
        return {
            "name": customer.name,
            "ref": self._get_ref(customer),
            "is_company": True,
            "company_id": self.company_id.root_id.id,
            "customer_rank": 1,
            "lang": self.user_id.lang,
        }

    def _get_customers_to_load(self):
        """Customer accounts with something to post."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT customer_id FROM recouvrement_fec_item
                 WHERE import_id = %s AND role IS NULL AND (to_post <> 0 OR %s)
                """,
                self.id,
                self._history_condition(),
            )
        )
        return self.env["recouvrement.fec.customer"].browse(
            customer_id for [customer_id] in sorted(rows)
        )
