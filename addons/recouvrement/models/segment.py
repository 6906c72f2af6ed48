from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .selections import REGIMES


class RecouvrementSegment(models.Model):
    _name = "recouvrement.segment"
    _description = "Debtor Segment"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=lambda self: self._next_sequence())
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    partner_domain = fields.Char(
        string="Customers",
        default="[]",
        help="New debtors go to the first segment, in sequence, whose filter matches. "
        "Without a filter a segment takes none: its debtors are put in it by hand.",
    )
    is_catch_all = fields.Boolean(
        string="Takes All Others",
        copy=False,
        help="New debtors that no filter matches go to this segment, which comes last "
        "whatever its place in the list.",
    )
    regime = fields.Selection(
        REGIMES,
        string="Legal Regime",
        required=True,
        default="b2b",
        help="Decides the wording of reminders and what the law lets the company ask.",
    )
    chase = fields.Boolean(
        string="Chased",
        default=True,
        help="Debtors of a segment that is not chased get no policy and no reminder.",
    )
    priority_weight = fields.Float(
        default=1.0, help="Multiplies the priority of the segment's debtors."
    )
    default_collector_id = fields.Many2one(
        "res.users", help="Collector given to new debtors of the segment."
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The segment code must be unique."
    )

    _catch_all_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE is_catch_all AND active",
        "One segment only takes all other customers.",
    )

    @api.model
    def _next_sequence(self):
        """A new segment comes after those that are there: it takes what they leave."""
        last = self.sudo().search([], order="sequence DESC", limit=1)
        return last.sequence + 10

    def _auto_init(self):
        """Segments without a filter took all customers once: the last one goes on."""
        is_new = column_exists(self.env.cr, self._table, "sequence")
        is_new = is_new and not column_exists(self.env.cr, self._table, "is_catch_all")
        result = super()._auto_init()
        if is_new:
            self._keep_last_without_filter()
        return result

    def _keep_last_without_filter(self):
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_segment SET is_catch_all = TRUE WHERE id IN (
                    SELECT DISTINCT ON (company_id) id FROM recouvrement_segment
                     WHERE active AND COALESCE(partner_domain, '[]') = '[]'
                  ORDER BY company_id, sequence DESC, id DESC)
                """
            )
        )

    @api.constrains("is_catch_all", "partner_domain")
    def _check_catch_all(self):
        for segment in self.filtered("is_catch_all"):
            if not segment._get_partner_domain().is_true():
                raise ValidationError(
                    self.env._(
                        "Segment “%s” takes all other customers: it has no filter.",
                        segment.name,
                    )
                )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for segment in self:
            try:
                segment._get_partner_domain().validate(self.env["res.partner"])
            except (ValueError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "The customer filter of segment “%(segment)s” cannot be "
                        "read: %(error)s",
                        segment=segment.name,
                        error=error,
                    )
                ) from error

    def _get_partner_domain(self):
        """Filter on ``res.partner`` as a ``Domain``."""
        self.ensure_one()
        return Domain(literal_eval(self.partner_domain or "[]"))

    @api.model
    def _match_partners(self, partners, company):
        """Segment of each partner: ``{partner_id: segment}``, first match wins; what is
        left goes to the one that takes all others.

        One search per segment, whatever the number of partners.
        """
        found = {}
        if not partners:
            return found
        remaining = set(partners.ids)
        segments = self.sudo().search(Domain("company_id", "in", [False, company.id]))
        for segment in segments._filter_matching():
            if not remaining:
                break
            matching = (
                self.env["res.partner"]
                .sudo()
                .with_context(active_test=False)
                ._search(
                    segment._get_partner_domain() & Domain("id", "in", list(remaining))
                )
            )
            ids = set(matching)
            found.update(dict.fromkeys(ids, segment))
            remaining -= ids
        others = segments.filtered("is_catch_all")
        # That of the company before the one of all companies.
        others = others.sorted(lambda one: not one.company_id)[:1]
        return found | (dict.fromkeys(remaining, others) if others else {})

    def _filter_matching(self):
        """Those with a filter: an empty one would take every customer."""
        return self.filtered(lambda one: not one._get_partner_domain().is_true())
