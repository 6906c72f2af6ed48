"""A synthetic ledger of any size, written by a dozen set-based statements.

Deterministic but for its dates, which are relative to the day it is built. Per
1,000,000 receivable lines: 20,000 debtors over two companies, 100,000 lines open and
overdue, 20,000 open and not yet due, 10,000 free credit notes and receipts, the rest
invoices paid by their own receipt or credit note. One line in ten belongs to an
invoice in three instalments, one debtor in ten is billed in US dollars, one overdue
line in ten is paid in part, and the first debtor alone has 5,000 overdue lines.
"""

import math
from dataclasses import dataclass

from odoo.tools import SQL

COMPANIES = ("Atelier du Nord SA", "Négoce du Midi SAS")
RATE = "1.10"  # US dollars for one euro, throughout
STEP = 60  # zones are multiples of it, so that no invoice straddles two
INDEXED = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
)


@dataclass(frozen=True)
class Plan:
    """How many lines of each kind make ``lines`` receivable lines.

    Invoice lines are numbered: overdue ones first, then not yet due, then paid.
    """

    lines: int

    @property
    def debtors(self):
        return self.lines // 50

    @property
    def big(self):
        """Overdue lines of the first debtor."""
        return self.lines // 200

    @property
    def overdue(self):
        return _rounded(self.lines * 0.1)

    @property
    def not_due(self):
        return _rounded(self.lines * 0.02)

    @property
    def partly_paid(self):
        return self.overdue // 10

    @property
    def free_credits(self):
        return self.lines // 100

    @property
    def invoices(self):
        opened = self.overdue + self.not_due
        rest = self.lines - opened - self.partly_paid - self.free_credits
        return opened + _rounded(rest / 2)


def _rounded(number):
    return math.ceil(number / STEP) * STEP


def build(env, lines):
    """Fill a database that has ``account`` and ``l10n_fr_account``.

    :param int lines: receivable lines wanted, at least 12,000.
    :return: list of ``(step, number of rows)``.
    """
    plan = Plan(lines)
    _prepare(env)
    indexes = _drop_indexes(env.cr)
    env.cr.execute("SET LOCAL session_replication_role = replica")
    done = []
    for step, statement in _statements(plan):
        env.cr.execute(statement)
        done.append((step, max(env.cr.rowcount, 0)))
    env.cr.execute("SET LOCAL session_replication_role = origin")
    env.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for definition in indexes:
        env.cr.execute(definition)
    return done


def _prepare(env):
    """Two French companies with their charts, and what the statements need."""
    env["res.currency"].with_context(active_test=False).search(
        [("name", "in", ("EUR", "USD"))]
    ).active = True
    # install_mode: no localisation modules but those that are there.
    companies = env["res.company"].with_context(install_mode=True)
    for number, name in enumerate(COMPANIES, 1):
        company = companies.create(
            {
                "name": name,
                "country_id": env.ref("base.fr").id,
                "currency_id": env.ref("base.EUR").id,
                "street": f"{number} quai de la Gare",
                "zip": "75013",
                "city": "Paris",
            }
        )
        # Afterwards: creating a company with an address asks a service about it.
        company.partner_id.email = f"compta{number}@bench.example"
        chart = env["account.chart.template"]
        chart.try_loading("fr", company, install_demo=False)
        env.user.company_ids |= company
    env.flush_all()
    env.cr.execute(_SETUP_SQL, {"names": list(COMPANIES)})


_SETUP_SQL = """
    CREATE FUNCTION pg_temp.chance(n bigint, salt bigint) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT (hashint8extended(n, salt) & 1073741823) / 1073741824.0 $$;
    CREATE TABLE bench_company AS
    SELECT ROW_NUMBER() OVER (ORDER BY c.id) AS number, c.id AS company_id,
           (SELECT id FROM account_journal
             WHERE company_id = c.id AND type = 'sale' ORDER BY id LIMIT 1) AS sales,
           (SELECT id FROM account_journal
             WHERE company_id = c.id AND type = 'bank' ORDER BY id LIMIT 1) AS bank,
           (SELECT ml.id FROM account_payment_method_line ml
              JOIN account_payment_method m ON m.id = ml.payment_method_id
              JOIN account_journal j ON j.id = ml.journal_id
             WHERE j.company_id = c.id AND j.type = 'bank'
               AND m.payment_type = 'inbound' ORDER BY ml.id LIMIT 1) AS method_line,
           (SELECT id FROM account_payment_method
             WHERE payment_type = 'inbound' AND code = 'manual') AS method,
           (SELECT a.id FROM account_account a
              JOIN account_account_res_company_rel r ON r.account_account_id = a.id
             WHERE r.res_company_id = c.id AND a.account_type = 'asset_receivable'
               AND a.code_store ->> c.id::text LIKE '411%%'
             ORDER BY a.code_store ->> c.id::text LIMIT 1) AS receivable,
           (SELECT a.id FROM account_account a
              JOIN account_account_res_company_rel r ON r.account_account_id = a.id
             WHERE r.res_company_id = c.id AND a.account_type = 'income'
               AND a.code_store ->> c.id::text LIKE '707%%'
             ORDER BY a.code_store ->> c.id::text LIMIT 1) AS income,
           (SELECT a.id FROM account_account a
              JOIN account_account_res_company_rel r ON r.account_account_id = a.id
             WHERE r.res_company_id = c.id AND a.account_type = 'asset_current'
               AND a.code_store ->> c.id::text LIKE '511%%'
             ORDER BY a.code_store ->> c.id::text LIMIT 1) AS outstanding,
           (SELECT id FROM res_currency WHERE name = 'EUR') AS eur,
           (SELECT id FROM res_currency WHERE name = 'USD') AS usd
      FROM res_company c WHERE c.name = ANY(%(names)s);
"""


def _drop_indexes(cr):
    """Drop what slows down bulk inserts; returns the definitions."""
    cr.execute(
        """SELECT i.indexname, i.indexdef FROM pg_indexes i
            WHERE i.schemaname = 'public' AND i.tablename = ANY(%s)
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c
                               WHERE c.conname = i.indexname)""",
        [list(INDEXED)],
    )
    rows = cr.fetchall()
    for name, _definition in rows:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    return [definition for _name, definition in rows]


def _statements(plan):
    """``(step, statement)`` in order."""
    values = {
        "debtors": plan.debtors,
        "big": plan.big,
        "overdue": plan.overdue,
        "opened": plan.overdue + plan.not_due,
        "invoices": plan.invoices,
        "free": plan.free_credits,
        "rate": SQL(RATE),
    }
    for step, statement in _TEXTS:
        used = {
            key: value for key, value in values.items() if f"%({key})s" in statement
        }
        yield step, SQL(statement, **used) if used else statement.replace("%%", "%")


_TEXTS = [
    (
        "debtors",
        # One partner in fifty trades with both companies.
        """
        CREATE TABLE bench_debtor AS
        SELECT d, p.base + d - (d %% 50 = 49)::int AS partner_id,
               CASE WHEN d %% 50 = 49
                    THEN CASE WHEN (d - 1) %% 4 = 0 THEN 1 ELSE 2 END
                    ELSE CASE WHEN d %% 4 = 0 THEN 2 ELSE 1 END END AS company,
               (d - (d %% 50 = 49)::int) %% 10 = 3 AS dollars
          FROM generate_series(0, %(debtors)s - 1) d,
               (SELECT MAX(id) + 1 AS base FROM res_partner) p
        """,
    ),
    (
        "partners",
        # 3 % without an e-mail address, 2 % without a street, 10 % consumers.
        """
        INSERT INTO res_partner
               (id, name, complete_name, commercial_partner_id, is_company, type,
                active, street, zip, city, country_id, email, email_normalized, phone,
                lang, ref, customer_rank, supplier_rank, autopost_bills,
                partner_share, color, message_bounce, create_uid, write_uid,
                create_date, write_date)
        SELECT d.partner_id, n.name, n.name, d.partner_id, d %% 10 <> 6, 'contact',
               TRUE, CASE WHEN d %% 50 <> 7 THEN (1 + d %% 90) || ' rue du Port' END,
               CASE WHEN x.country = 'FR'
                    THEN LPAD((1 + d %% 95)::text, 2, '0') || '100'
                    ELSE (1000 + d %% 8000)::text END,
               'Ville ' || d %% 300, c.id, m.mail, m.mail, '+33 1 99 00 '
               || LPAD((d / 100 %% 100)::text, 2, '0') || ' '
               || LPAD((d %% 100)::text, 2, '0'),
               'fr_FR', 'C' || LPAD(d::text, 6, '0'), 1, 0, 'ask', TRUE, 0, 0,
               1, 1, NOW(), NOW()
          FROM bench_debtor d
    CROSS JOIN LATERAL (SELECT CASE WHEN d %% 20 = 8 THEN 'BE' WHEN d %% 20 = 18
                               THEN 'DE' ELSE 'FR' END AS country) x
    CROSS JOIN LATERAL (SELECT CASE WHEN d %% 10 = 6 THEN 'Client ' ELSE 'Société '
                               END || LPAD(d::text, 6, '0') AS name) n
    CROSS JOIN LATERAL (SELECT CASE WHEN d %% 33 <> 5
                               THEN 'compta@c' || d || '.example' END AS mail) m
          JOIN res_country c ON c.code = x.country
         WHERE d %% 50 <> 49
        """,
    ),
    (
        "invoice contacts",
        """
        INSERT INTO res_partner
               (id, name, complete_name, commercial_partner_id, parent_id, is_company,
                type, active, street, zip, city, country_id, email, email_normalized,
                lang, customer_rank, supplier_rank, autopost_bills, partner_share,
                color, message_bounce, commercial_company_name, create_uid, write_uid,
                create_date, write_date)
        SELECT p.id + %(debtors)s, 'Service factures', p.name || ', Service factures',
               p.id, p.id, FALSE, 'invoice', TRUE, p.street, p.zip, p.city,
               p.country_id, 'factures-' || p.email, 'factures-' || p.email, p.lang,
               0, 0, 'ask', TRUE, 0, 0, p.name, 1, 1, NOW(), NOW()
          FROM res_partner p
          JOIN bench_debtor d ON d.partner_id = p.id AND d %% 5 = 1
        """,
    ),
    (
        "invoice lines",
        """
        CREATE TABLE bench_invoice AS
        WITH numbered AS (
            SELECT n, g, (n - g)::int AS part,
                   CASE WHEN n < %(overdue)s THEN 'overdue'
                        WHEN n < %(opened)s THEN 'not_due' ELSE 'paid' END AS zone
              FROM generate_series(0, %(invoices)s - 1) n
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN n >= %(big)s + %(debtors)s + 60 AND n %% 30 < 3
                                THEN n - n %% 30 ELSE n END AS g) grouped
        ), placed AS (
            SELECT x.*, n >= %(big)s + %(debtors)s + 60 AND n %% 30 < 3 AS instalment,
                   CASE WHEN g < %(big)s THEN 0
                        WHEN g < %(big)s + %(debtors)s THEN g - %(big)s
                        ELSE FLOOR(%(debtors)s * POWER(pg_temp.chance(g, 1), 1.5))
                        END AS d,
                   CASE zone
                   WHEN 'overdue' THEN
                        -1 - FLOOR(500 * POWER(pg_temp.chance(g, 2), 2.5))::int
                        - CASE WHEN n %% 30 < 3 THEN 61 ELSE 0 END
                   WHEN 'not_due' THEN FLOOR(45 * pg_temp.chance(g, 2))::int
                   ELSE -61 - FLOOR(1035 * pg_temp.chance(g, 2))::int END AS first_due,
                   CASE WHEN zone = 'paid' THEN 'paid'
                        WHEN zone = 'overdue' AND n %% 10 = 7 THEN 'partial'
                        ELSE 'open' END AS settled
              FROM numbered x
        )
        SELECT n, g, part, instalment, zone, settled,
               settled = 'paid' AND n %% 25 = 4 AS by_credit_note,
               b.partner_id, b.dollars, c.*,
               CURRENT_DATE + first_due - 30 AS date,
               CURRENT_DATE + first_due + 30 * part AS due,
               LEAST(CURRENT_DATE, CURRENT_DATE + first_due + 30 * part - 10
                     + FLOOR(60 * POWER(pg_temp.chance(n, 3), 2))::int) AS paid_on,
               a.balance, ROUND(a.balance * CASE WHEN b.dollars THEN %(rate)s
                                                 ELSE 1 END, 2) AS amount_currency,
               s.balance AS paid,
               ROUND(s.balance * CASE WHEN b.dollars THEN %(rate)s ELSE 1 END, 2)
                   AS paid_currency
          FROM placed p
          JOIN bench_debtor b ON b.d = p.d
          JOIN bench_company c ON c.number = b.company
    CROSS JOIN LATERAL (SELECT ROUND((20 + 5000 * POWER(pg_temp.chance(n, 4), 4))
                                     ::numeric, 2) AS balance) a
    CROSS JOIN LATERAL (SELECT CASE settled WHEN 'paid' THEN a.balance
                                    WHEN 'partial' THEN ROUND(a.balance * 0.4, 2)
                                    ELSE 0 END AS balance) s
        """,
    ),
    (
        "invoices",
        """
        CREATE TABLE bench_move AS
        SELECT g, MIN(part) AS first_part, COUNT(*) AS parts, partner_id, dollars,
               number, company_id, sales AS journal_id, income, receivable, eur, usd,
               date, MAX(due) AS due, SUM(balance) AS balance,
               SUM(amount_currency) AS amount_currency, SUM(balance - paid) AS residual,
               SUM(amount_currency - paid_currency) AS residual_currency,
               BOOL_AND(by_credit_note) AS reversed,
               ROW_NUMBER() OVER (ORDER BY date, g)
                   + (SELECT COALESCE(MAX(id), 0) FROM account_move) AS move_id,
               ROW_NUMBER() OVER (PARTITION BY company_id, EXTRACT(year FROM date)
                                      ORDER BY date, g) AS sequence_number
          FROM bench_invoice
      GROUP BY g, partner_id, dollars, number, company_id, sales, income, receivable,
               eur, usd, date
        """,
    ),
    (
        "credits",
        # What settles invoices, then free credit notes and receipts.
        """
        CREATE TABLE bench_credit AS
        SELECT x.*, ROW_NUMBER() OVER (ORDER BY x.date, x.sort)
                   + (SELECT MAX(move_id) FROM bench_move) AS move_id,
               ROW_NUMBER() OVER (
                   PARTITION BY company_id, EXTRACT(year FROM x.date), credit_note
                       ORDER BY x.date, x.sort) AS sequence_number
          FROM (SELECT n AS sort, n AS invoice, by_credit_note AS credit_note,
                       partner_id, dollars, company_id, sales, bank, method,
                       method_line, income, receivable, outstanding, eur, usd,
                       GREATEST(date, paid_on) AS date, paid AS balance,
                       paid_currency AS amount_currency, FALSE AS free
                  FROM bench_invoice WHERE settled <> 'open'
             UNION ALL
                SELECT -1 - n, NULL, n %% 5 < 2, b.partner_id, b.dollars, c.company_id,
                       c.sales, c.bank, c.method, c.method_line, c.income,
                       c.receivable, c.outstanding, c.eur, c.usd,
                       CURRENT_DATE - FLOOR(120 * pg_temp.chance(n, 6))::int,
                       a.balance,
                       ROUND(a.balance * CASE WHEN b.dollars THEN %(rate)s
                                              ELSE 1 END, 2), TRUE
                  FROM generate_series(1, %(free)s) n
            CROSS JOIN LATERAL (
                        SELECT ROUND((10 + 900 * pg_temp.chance(n, 7))::numeric, 2)
                               AS balance) a
                  JOIN bench_debtor b
                    ON b.d = FLOOR(%(debtors)s * pg_temp.chance(n, 8))
                  JOIN bench_company c ON c.number = b.company) x
        """,
    ),
    ("index of entries", "CREATE INDEX ON bench_move (g) INCLUDE (move_id)"),
    ("statistics", "ANALYZE bench_move, bench_invoice, bench_credit, bench_debtor"),
    (
        "numbers",
        """
        CREATE TABLE bench_number AS
        SELECT (SELECT COALESCE(MAX(id), 0) FROM account_move_line) AS line,
               (SELECT COALESCE(MAX(id), 0) FROM account_payment) AS payment,
               (SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile) AS matched,
               (SELECT COALESCE(MAX(id), 0) FROM account_full_reconcile) AS fully,
               (SELECT MAX(n) + 1 FROM bench_invoice) AS invoices,
               (SELECT MIN(move_id) - 1 FROM bench_credit) AS before_credits
        """,
    ),
    (
        "account_move: invoices",
        """
        INSERT INTO account_move
               (id, name, sequence_prefix, sequence_number, journal_id, company_id,
                state, posted_before, move_type, auto_post, checked, date, invoice_date,
                invoice_date_due, partner_id, commercial_partner_id,
                partner_shipping_id, invoice_partner_display_name, currency_id,
                invoice_currency_rate, payment_reference, payment_state, amount_untaxed,
                amount_tax, amount_total, amount_residual, amount_untaxed_signed,
                amount_untaxed_in_currency_signed, amount_tax_signed,
                amount_total_signed, amount_total_in_currency_signed,
                amount_residual_signed, always_tax_exigible, made_sequence_gap,
                is_manually_modified, is_move_sent, create_uid, write_uid, create_date,
                write_date)
        SELECT m.move_id, x.prefix || LPAD(m.sequence_number::text, 7, '0'), x.prefix,
               m.sequence_number, m.journal_id, m.company_id, 'posted', TRUE,
               'out_invoice', 'no', TRUE, m.date, m.date, m.due,
               COALESCE(contact.id, p.id), p.id, p.id, p.name,
               CASE WHEN m.dollars THEN m.usd ELSE m.eur END,
               CASE WHEN m.dollars THEN %(rate)s ELSE 1 END,
               x.prefix || LPAD(m.sequence_number::text, 7, '0'),
               CASE WHEN m.reversed THEN 'reversed' WHEN m.residual = 0 THEN 'paid'
                    WHEN m.residual < m.balance THEN 'partial' ELSE 'not_paid' END,
               m.amount_currency, 0, m.amount_currency, m.residual_currency, m.balance,
               m.amount_currency, 0, m.balance, m.amount_currency, m.residual, FALSE,
               FALSE, FALSE, TRUE, 1, 1, m.date, m.date
          FROM bench_move m
          JOIN res_partner p ON p.id = m.partner_id
     LEFT JOIN res_partner contact ON contact.parent_id = p.id
    CROSS JOIN LATERAL (
                SELECT 'FAC/' || EXTRACT(year FROM m.date) || '/' AS prefix) x
        """,
    ),
    (
        "account_move: credit notes and receipts",
        """
        INSERT INTO account_move
               (id, name, sequence_prefix, sequence_number, journal_id, company_id,
                state, posted_before, move_type, auto_post, checked, date, invoice_date,
                invoice_date_due, partner_id, commercial_partner_id,
                partner_shipping_id, invoice_partner_display_name, currency_id,
                invoice_currency_rate, origin_payment_id, payment_state, amount_untaxed,
                amount_tax, amount_total, amount_residual, amount_untaxed_signed,
                amount_untaxed_in_currency_signed, amount_tax_signed,
                amount_total_signed, amount_total_in_currency_signed,
                amount_residual_signed, always_tax_exigible, made_sequence_gap,
                is_manually_modified, is_move_sent, create_uid, write_uid, create_date,
                write_date)
        SELECT m.move_id, x.prefix || LPAD(m.sequence_number::text, 7, '0'), x.prefix,
               m.sequence_number, CASE WHEN credit_note THEN sales ELSE bank END,
               m.company_id, 'posted', TRUE,
               CASE WHEN credit_note THEN 'out_refund' ELSE 'entry' END, 'no', TRUE,
               m.date, CASE WHEN credit_note THEN m.date END,
               CASE WHEN credit_note THEN m.date END, p.id, p.id,
               CASE WHEN credit_note THEN p.id END, p.name,
               CASE WHEN dollars THEN usd ELSE eur END,
               CASE WHEN dollars THEN %(rate)s ELSE 1 END,
               CASE WHEN NOT credit_note
                    THEN k.payment + m.move_id - k.before_credits END,
               CASE WHEN credit_note AND NOT free THEN 'paid' ELSE 'not_paid' END,
               c.doc, 0, amount_currency, CASE WHEN free THEN c.doc ELSE 0 END,
               -c.own, -c.doc, 0, CASE WHEN credit_note THEN -balance ELSE balance END,
               CASE WHEN credit_note THEN -amount_currency ELSE amount_currency END,
               CASE WHEN free THEN -c.own ELSE 0 END, FALSE, FALSE, FALSE,
               FALSE, 1, 1, m.date, m.date
          FROM bench_credit m
    CROSS JOIN bench_number k
          JOIN res_partner p ON p.id = m.partner_id
    CROSS JOIN LATERAL (
                SELECT CASE WHEN credit_note THEN 'RFAC/' ELSE 'PBNK1/' END
                       || EXTRACT(year FROM m.date) || '/' AS prefix) x
    CROSS JOIN LATERAL (
                SELECT CASE WHEN credit_note THEN amount_currency ELSE 0 END AS doc,
                       CASE WHEN credit_note THEN balance ELSE 0 END AS own) c
        """,
    ),
    (
        "account_payment",
        """
        INSERT INTO account_payment
               (id, name, move_id, journal_id, company_id, payment_method_line_id,
                payment_method_id, currency_id, partner_id, outstanding_account_id,
                destination_account_id, state, payment_type, partner_type, date,
                amount, amount_company_currency_signed, is_reconciled, is_matched,
                is_sent, create_uid, write_uid, create_date, write_date)
        SELECT k.payment + m.move_id - k.before_credits, am.name, m.move_id, bank,
               m.company_id, method_line, method, am.currency_id, m.partner_id,
               outstanding, receivable, 'paid', 'inbound', 'customer', m.date,
               m.amount_currency, m.balance, NOT free, FALSE, FALSE, 1, 1, m.date,
               m.date
          FROM bench_credit m
    CROSS JOIN bench_number k
          JOIN account_move am ON am.id = m.move_id
         WHERE NOT credit_note
        """,
    ),
    (
        "account_move_line: invoices, receivable",
        """
        INSERT INTO account_move_line
               (id, move_id, move_name, parent_state, journal_id, company_id,
                company_currency_id, sequence, account_id, currency_id, partner_id,
                full_reconcile_id, matching_number, name, display_type, date,
                invoice_date, date_maturity, debit, credit, balance, amount_currency,
                amount_residual, amount_residual_currency, reconciled, no_followup,
                quantity, price_unit, discount, tax_base_amount, is_storno,
                is_imported, create_uid, write_uid, create_date, write_date)
        SELECT k.line + 1 + i.n, m.move_id, am.name, 'posted', m.journal_id,
               m.company_id, i.eur, 10000, i.receivable, am.currency_id, i.partner_id,
               CASE WHEN settled = 'paid' THEN k.fully + 1 + i.n END,
               CASE settled WHEN 'paid' THEN (k.fully + 1 + i.n)::text
                    WHEN 'partial' THEN 'P' || k.matched + 1 + i.n END,
               CASE WHEN instalment
                    THEN am.name || ' installment #' || i.part + 1 ELSE am.name END,
               'payment_term', i.date, i.date, i.due, i.balance, 0, i.balance,
               i.amount_currency, i.balance - i.paid,
               i.amount_currency - i.paid_currency, settled = 'paid', FALSE, 1, 0, 0,
               0, FALSE, FALSE, 1, 1, i.date, i.date
          FROM bench_invoice i
          JOIN bench_move m ON m.g = i.g
          JOIN account_move am ON am.id = m.move_id
    CROSS JOIN bench_number k
      ORDER BY i.date, i.n
        """,
    ),
    (
        "account_move_line: credits, receivable",
        """
        INSERT INTO account_move_line
               (id, move_id, move_name, parent_state, journal_id, company_id,
                company_currency_id, sequence, account_id, currency_id, partner_id,
                payment_id, full_reconcile_id, matching_number, name, display_type,
                date, invoice_date, date_maturity, debit, credit, balance,
                amount_currency, amount_residual, amount_residual_currency, reconciled,
                no_followup, quantity, price_unit, discount, tax_base_amount,
                is_storno, is_imported, create_uid, write_uid, create_date, write_date)
        SELECT k.line + k.invoices + m.move_id - k.before_credits, m.move_id, am.name,
               'posted', am.journal_id, m.company_id, m.eur, 10000, m.receivable,
               am.currency_id, m.partner_id, am.origin_payment_id,
               CASE WHEN i.settled = 'paid' THEN k.fully + 1 + i.n END,
               CASE i.settled WHEN 'paid' THEN (k.fully + 1 + i.n)::text
                    WHEN 'partial' THEN 'P' || k.matched + 1 + i.n END,
               am.name, CASE WHEN m.credit_note THEN 'payment_term' ELSE 'product' END,
               m.date, am.invoice_date, m.date, 0, m.balance, -m.balance,
               -m.amount_currency, CASE WHEN m.free THEN -m.balance ELSE 0 END,
               CASE WHEN m.free THEN -m.amount_currency ELSE 0 END, NOT m.free, FALSE,
               1, 0, 0, 0, FALSE, FALSE, 1, 1, m.date, m.date
          FROM bench_credit m
          JOIN account_move am ON am.id = m.move_id
     LEFT JOIN bench_invoice i ON i.n = m.invoice
    CROSS JOIN bench_number k
      ORDER BY m.move_id
        """,
    ),
    (
        "account_move_line: counterparts",
        """
        INSERT INTO account_move_line
               (id, move_id, move_name, parent_state, journal_id, company_id,
                company_currency_id, sequence, account_id, currency_id, partner_id,
                payment_id, name, display_type, date, invoice_date, date_maturity,
                debit, credit, balance, amount_currency, amount_residual,
                amount_residual_currency, reconciled, no_followup, quantity,
                price_unit, price_subtotal, price_total, discount, tax_base_amount,
                is_storno, is_imported, create_uid, write_uid, create_date, write_date)
        SELECT l.last + ROW_NUMBER() OVER (), x.move_id, am.name, 'posted',
               am.journal_id, am.company_id, x.eur, 100, x.account_id, am.currency_id,
               am.commercial_partner_id, am.origin_payment_id, x.label, 'product',
               am.date, am.invoice_date,
               CASE WHEN am.move_type = 'entry' THEN am.date END,
               GREATEST(x.balance, 0), GREATEST(-x.balance, 0), x.balance,
               x.amount_currency, CASE WHEN x.kept THEN x.balance ELSE 0 END,
               CASE WHEN x.kept THEN x.amount_currency ELSE 0 END, FALSE, FALSE, 1,
               ABS(x.amount_currency), ABS(x.amount_currency),
               ABS(x.amount_currency), 0, 0, FALSE, FALSE, 1, 1, am.date, am.date
          FROM (SELECT move_id, eur, income AS account_id, -balance AS balance,
                       -amount_currency AS amount_currency, 'Marchandises' AS label,
                       FALSE AS kept
                  FROM bench_move
             UNION ALL
                SELECT move_id, eur,
                       CASE WHEN credit_note THEN income ELSE outstanding END, balance,
                       amount_currency,
                       CASE WHEN credit_note THEN 'Retour' ELSE 'Règlement' END,
                       NOT credit_note
                  FROM bench_credit) x
          JOIN account_move am ON am.id = x.move_id
    CROSS JOIN (SELECT MAX(id) AS last FROM account_move_line) l
        """,
    ),
    (
        "account_full_reconcile",
        """
        INSERT INTO account_full_reconcile
               (id, create_uid, write_uid, create_date, write_date)
        SELECT k.fully + 1 + n, 1, 1, paid_on, paid_on
          FROM bench_invoice, bench_number k WHERE settled = 'paid'
        """,
    ),
    (
        "account_partial_reconcile",
        """
        INSERT INTO account_partial_reconcile
               (id, debit_move_id, credit_move_id, full_reconcile_id, company_id,
                debit_currency_id, credit_currency_id, amount, debit_amount_currency,
                credit_amount_currency, max_date, create_uid, write_uid, create_date,
                write_date)
        SELECT k.matched + 1 + i.n, k.line + 1 + i.n,
               k.line + k.invoices + m.move_id - k.before_credits,
               CASE WHEN i.settled = 'paid' THEN k.fully + 1 + i.n END, m.company_id,
               x.currency, x.currency, m.balance, m.amount_currency, m.amount_currency,
               m.date, 1, 1, m.date, m.date
          FROM bench_credit m
          JOIN bench_invoice i ON i.n = m.invoice
    CROSS JOIN bench_number k
    CROSS JOIN LATERAL (
                SELECT CASE WHEN m.dollars THEN m.usd ELSE m.eur END AS currency) x
      ORDER BY m.date
        """,
    ),
    (
        "sequences",
        """
        SELECT SETVAL(t.name || '_id_seq', t.last)
          FROM (SELECT 'account_move' AS name, MAX(id) AS last FROM account_move
          UNION SELECT 'account_move_line', MAX(id) FROM account_move_line
          UNION SELECT 'account_payment', MAX(id) FROM account_payment
          UNION SELECT 'account_partial_reconcile', MAX(id) FROM
                account_partial_reconcile
          UNION SELECT 'account_full_reconcile', MAX(id) FROM account_full_reconcile
          UNION SELECT 'res_partner', MAX(id) FROM res_partner) t
        """,
    ),
    (
        "clean up",
        """
        DROP TABLE bench_debtor, bench_company, bench_invoice, bench_move,
                   bench_credit, bench_number
        """,
    ),
]


def check(env, day):
    """Whether the books hold together; read through SQL and through Odoo.

    :return: dict of counts, for the report.
    :raise AssertionError: naming what is wrong.
    """
    for what, query in _PROOFS.items():
        env.cr.execute(query)
        wrong = env.cr.fetchone()[0]
        if wrong:
            raise AssertionError(f"The ledger is wrong: {wrong} × {what}")
    _check_with_odoo(env)
    env.cr.execute(_COUNTS_SQL, {"day": day})
    return env.cr.dictfetchone()


_PROOFS = {
    "unbalanced entry": """
        SELECT COUNT(*) FROM (SELECT 1 FROM account_move_line GROUP BY move_id
        HAVING SUM(balance) <> 0 OR SUM(amount_currency) <> 0) x""",
    "residual that its matching does not explain": """
        SELECT COUNT(*) FROM (
            SELECT 1 FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
               AND a.account_type = 'asset_receivable'
         LEFT JOIN account_partial_reconcile d ON d.debit_move_id = l.id
         LEFT JOIN account_partial_reconcile c ON c.credit_move_id = l.id
             WHERE l.amount_residual <> l.balance - COALESCE(d.amount, 0)
                                        + COALESCE(c.amount, 0)
                OR l.amount_residual_currency <> l.amount_currency
                   - COALESCE(d.debit_amount_currency, 0)
                   + COALESCE(c.credit_amount_currency, 0)
                OR l.reconciled <> (l.amount_residual = 0)) x""",
    "reference to a row that is not there": """
        SELECT (SELECT COUNT(*) FROM account_move_line l LEFT JOIN account_move m
                    ON m.id = l.move_id WHERE m.id IS NULL)
             + (SELECT COUNT(*) FROM account_move_line l LEFT JOIN account_payment p
                    ON p.id = l.payment_id WHERE p.id IS NULL
                                             AND l.payment_id IS NOT NULL)
             + (SELECT COUNT(*) FROM account_partial_reconcile r
             LEFT JOIN account_move_line d ON d.id = r.debit_move_id
             LEFT JOIN account_move_line c ON c.id = r.credit_move_id
             LEFT JOIN account_full_reconcile f ON f.id = r.full_reconcile_id
                 WHERE d.id IS NULL OR c.id IS NULL OR c.partner_id <> d.partner_id
                    OR (f.id IS NULL AND r.full_reconcile_id IS NOT NULL))""",
}
_COUNTS_SQL = """
    SELECT COUNT(*) AS receivable_lines,
           COUNT(*) FILTER (WHERE NOT reconciled) AS open_lines,
           COUNT(*) FILTER (WHERE NOT reconciled AND balance > 0
                              AND date_maturity < %(day)s) AS overdue_lines,
           COUNT(*) FILTER (WHERE NOT reconciled AND balance < 0) AS open_credits,
           COUNT(*) FILTER (WHERE l.currency_id <> l.company_currency_id)
               AS in_dollars,
           COUNT(*) FILTER (WHERE name LIKE '%% installment #%%') AS instalments,
           COUNT(DISTINCT (partner_id, company_id)) AS debtors,
           (SELECT COUNT(*) FROM account_move_line) AS all_lines,
           (SELECT COUNT(*) FROM account_partial_reconcile) AS matchings
      FROM account_move_line l
     WHERE account_id IN (SELECT id FROM account_account
                           WHERE account_type = 'asset_receivable')
"""


def _check_with_odoo(env):
    """Odoo's own computation of a sample gives what the statements wrote."""
    env.cr.execute(
        """SELECT id FROM (SELECT id, ROW_NUMBER() OVER (
                      PARTITION BY move_type, payment_state ORDER BY id DESC) AS rank
                 FROM account_move) x WHERE rank <= 20"""
    )
    moves = env["account.move"].browse(row[0] for row in env.cr.fetchall())
    names = [
        "payment_state",
        "amount_residual",
        "amount_total",
        "amount_residual_signed",
    ]
    before = moves.read(names)
    lines = moves.line_ids
    for fields, records in (
        (["amount_residual", "amount_residual_currency", "reconciled"], lines),
        (names, moves),
    ):
        for name in fields:
            env.add_to_compute(records._fields[name], records)
    after = moves.read(names)
    env.invalidate_all(flush=False)
    if before != after:
        wrong = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        raise AssertionError(f"Odoo computes something else: {wrong[:3]}")
