from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

WAY_KEY = "matching_way"
WAYS = [
    ("hand", "By Hand"),
    ("suggested", "Suggested, Confirmed by a Person"),
    ("machine", "By the Machine"),
    ("takeover", "Taken Over"),
]


class Way(str):
    """A way of matching that code puts in the context key ``matching_way``: what a
    remote call puts there is a plain text, and is not believed."""


BY_MACHINE = {WAY_KEY: Way("machine")}
BY_SUGGESTION = {WAY_KEY: Way("suggested")}
BY_TAKEOVER = {WAY_KEY: Way("takeover")}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    matching_way = fields.Selection(
        WAYS,
        readonly=True,
        copy=False,
        help="Whether a person chose the items, or what settles what was found without "
        "one: a rule, a job, a payment on line, a direct debit.",
    )

    # Reads back the items that were open at a past date.
    _recouvrement_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        way = self._get_way()
        partials = super().create([{**vals, WAY_KEY: way} for vals in vals_list])
        lines = partials.debit_move_id | partials.credit_move_id
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        return partials

    def write(self, vals):
        """How it was made is noted once."""
        vals = {name: value for name, value in vals.items() if name != WAY_KEY}
        return super().write(vals)

    @api.model
    def _get_way(self):
        """What is matched in the name of nobody of the house is matched by the machine:
        jobs, and customers who pay on line."""
        way = self.env.context.get(WAY_KEY)
        if isinstance(way, Way):
            return str(way)
        is_person = self.env.uid != SUPERUSER_ID and not self.env.user.share
        return "hand" if is_person else "machine"

    @api.model
    def _way_sql(self, alias):
        """How a matching was made; of older ones their author is known only."""
        return SQL(
            """COALESCE(%(way)s, CASE WHEN %(author)s = %(robot)s
                             THEN 'machine' ELSE 'hand' END)""",
            way=SQL.identifier(alias, WAY_KEY),
            author=SQL.identifier(alias, "create_uid"),
            robot=SUPERUSER_ID,
        )

    def unlink(self):
        lines = self.debit_move_id | self.credit_move_id
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        result = super().unlink()
        # Again: what was marked may have been read while the matching was still there.
        lines = lines.exists()
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        # Items that were paid before the addon came have no status: ``hooks.py``.
        reopened = lines.filtered(lambda line: not line.collection_status)
        self.env.add_to_compute(lines._fields["collection_status"], reopened)
        return result
