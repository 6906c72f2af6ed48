from odoo import fields, models

from odoo.addons.recouvrement.models.account_partial_reconcile import BY_MACHINE


class AccountMoveLine(models.Model):
    """Items of the entries that book collections and returns.

    A receivable item of such an entry is a receipt (``takeover_kind`` is ``payment``),
    except the part that credit notes paid.
    """

    _inherit = "account.move.line"

    sepa_line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Direct Debit",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    sepa_item_id = fields.Many2one(
        "recouvrement.sepa.collection.item",
        string="Item Collected",
        readonly=True,
        copy=False,
    )
    sepa_role = fields.Selection(
        [
            ("collected", "Collected"),
            ("netted", "Netted"),
            ("transit", "Under Way"),
            ("collected_back", "Collected, Returned"),
            ("netted_back", "Netted, Returned"),
            ("transit_back", "Under Way, Returned"),
            ("fee", "Bank Charges"),
        ],
        string="Role in the Collection",
        readonly=True,
        copy=False,
    )
    sepa_payment_info = fields.Char(
        string="Payment Information", readonly=True, copy=False
    )

    # Whatever crashes: an item is booked once and undone once.
    _sepa_item_uniq = models.UniqueIndex(
        "(sepa_item_id, sepa_role) WHERE sepa_item_id IS NOT NULL",
        "This direct debit is booked already.",
    )

    def _match_sepa(self, plan):
        """Match groups of items in one go.

        :param list plan: recordsets, matched each on its own.
        """
        if not plan:
            return
        items = self.browse().concat(*plan).sudo()
        # Odoo reads the taxes of each entry apart, unless they are known.
        items.move_id.line_ids.tax_ids  # noqa: B018
        items.with_context(tracking_disable=True, **BY_MACHINE)._reconcile_plan(
            [group.sudo() for group in plan]
        )
