"""What measures are called on screen."""

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, formatLang

from ..tools.kpi import MEASURES


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _label_measure(self, measure):
        if measure.startswith("sales:"):
            day = fields.Date.to_date(measure.partition(":")[2])
            month = format_date(self.env, day, date_format="MMMM yyyy")
            return self.env._("Sales of %s, taxes included", month)
        level = measure.split("_")[1] if measure.startswith("level_") else ""
        bucket = measure.split("_")[1] if measure.startswith("bucket_") else ""
        labels = self._measure_labels()
        if level:
            last = "reached" if measure.endswith("reached") else "recovered"
            return labels[f"level_{last}"] % level
        if bucket and measure != "bucket_91_120":
            label = self._bucket_labels()[int(bucket)]
            return self._at_start(label) if measure.endswith("_start") else label
        if measure.endswith("_start"):
            return self._at_start(labels[measure.removesuffix("_start")])
        return labels[measure]

    @api.model
    def _at_start(self, label):
        return self.env._("%s, at the start", label)

    @api.model
    def _bucket_labels(self):
        return [
            self.env._("Not due"),
            self.env._("1–30 days late"),
            self.env._("31–60 days late"),
            self.env._("61–90 days late"),
            self.env._("More than 90 days late"),
        ]

    @api.model
    def _measure_labels(self):
        return {
            "receivables": self.env._("Receivables"),
            "not_due": self.env._("Not due"),
            "overdue": self.env._("Overdue"),
            "overdue_weighted": self.env._("Overdue × days late"),
            "over_90": self.env._("More than 90 days late"),
            "doubtful": self.env._("Doubtful"),
            "credits": self.env._("Credits to allocate"),
            "unallocated": self.env._("Receipts to allocate"),
            "disputed": self.env._("Disputed"),
            "disputed_overdue": self.env._("Disputed and overdue"),
            "due": self.env._("Due"),
            "bucket_91_120": self.env._("91–120 days late"),
            "falling_due": self.env._("Falls due in the period"),
            "new_due": self.env._("Invoiced and due in the period"),
            "sales": self.env._("Sales, taxes included"),
            "sales_quarter": self.env._("Sales of 3 months, taxes included"),
            "sales_net_year": self.env._("Sales of 12 months, excluding tax"),
            "losses_year": self.env._("Losses of 12 months, excluding tax"),
            "written_off": self.env._("Written off"),
            "collected": self.env._("Collected"),
            "recovered": self.env._("Received on items that were due"),
            "paid_year": self.env._("Paid in 12 months"),
            "paid_days_year": self.env._("Paid × days after the due date"),
            "promises_due": self.env._("Promises fallen due"),
            "promises_kept": self.env._("Promises kept"),
            "promised_amount": self.env._("Promised for the period"),
            "promised_paid": self.env._("Paid in time on promises"),
            "promised_new": self.env._("Promised in the period"),
            "disputes_closed": self.env._("Disputes ended in 12 months"),
            "dispute_days": self.env._("Days of these disputes"),
            "receipts": self.env._("Receipts"),
            "receipts_matched": self.env._("Receipts matched in full"),
            "receipts_auto": self.env._("Receipts matched by the system"),
            "receipts_suggested": self.env._("Receipts matched as suggested"),
            "receipts_by_hand": self.env._("Receipts matched by hand"),
            "items_settled": self.env._("Items that money was matched with"),
            "items_settled_auto": self.env._("Of which by the machine alone"),
            "actions": self.env._("Actions"),
            "action_cost": self.env._("Cost of actions"),
            "actions_priced": self.env._("Actions with a cost"),
            "contacts": self.env._("Contacts"),
            "collectors": self.env._("Collectors with contacts"),
            "cohort": self.env._("Invoices due 90 days before"),
            "cohort_unpaid": self.env._("Unpaid 90 days after the due date"),
            "level_reached": self.env._("Reminded at level %s"),
            "level_recovered": self.env._("Received after level %s"),
            "levels_recovered": self.env._("Received since level 1"),
        }

    @api.model
    def _unit_of(self, measure):
        """``amount``, ``count`` or ``weighted`` (amount × days)."""
        return MEASURES[measure].unit if measure in MEASURES else "amount"

    @api.model
    def _format_measure(self, measure, amount):
        unit = self._unit_of(measure)
        if unit == "amount":
            return format_amount(self.env, amount, self.env.company.currency_id)
        return formatLang(self.env, amount, digits=0 if unit == "count" else 2)
