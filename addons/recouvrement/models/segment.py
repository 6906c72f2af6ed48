from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .selections import REGIMES


class RecouvrementSegment(models.Model):
    _name = "recouvrement.segment"
    _description = "Debtor Segment"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    partner_domain = fields.Char(
        string="Customers",
        default="[]",
        help="New debtors go to the first segment, in sequence, whose filter matches.",
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
        """Segment of each partner: ``{partner_id: segment}``, first match wins.

        One search per segment, whatever the number of partners.
        """
        found = {}
        if not partners:
            return found
        remaining = set(partners.ids)
        for segment in self.sudo().search(
            Domain("company_id", "in", [False, company.id])
        ):
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
        return found
