"""Chapter of a pack on provisions."""

from odoo import models

from ..tools.pack import Section, cell

# Lines that an increase or a decrease is the sum of.
SIDES = {
    "amount_increase": [("delta", ">", 0)],
    "amount_decrease": [("delta", "<", 0)],
}


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _make_provisions(self, section, known):
        runs = self.env["recouvrement.impairment"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<=", self.date_end),
                ("state", "!=", "cancelled"),
            ],
            order="date desc, state desc, id desc",
            limit=2,
        )
        if not runs:
            section.text("", [self.env._("No provision was worked out until then.")])
            return
        run, before = runs[0], runs[1:]
        states = dict(run._fields["state"]._description_selection(self.env))
        section.note = f"{run.display_name} ({states[run.state]})"
        labels = {
            "amount_open": self.env._("Claims looked at"),
            "amount_provision": self.env._("Provision"),
            "amount_increase": self.env._("Increase"),
            "amount_decrease": self.env._("Decrease"),
        }
        rows = [
            [
                label,
                section.number(
                    self.env._("Provisions: %s", label),
                    self._amount(run[name]),
                    self._amount(before[name]) if before else None,
                    **self._provision_source(run, *SIDES.get(name, ())),
                ),
                cell(self._amount(before[name]) if before else None),
            ]
            for name, label in labels.items()
        ]
        heads = [self.env._("Figure"), *self._describe_runs(run, before)]
        section.table("", heads, rows)
        self._make_provision_reasons(section, run)

    def _describe_runs(self, run, before):
        describe = self.env["recouvrement.aged.balance"]._describe_day
        return [describe(run.date), describe(before.date) if before else ""]

    def _provision_source(self, run, *domain):
        return {
            "kind": "records",
            "model": "recouvrement.impairment.line",
            "domain": [("impairment_id", "=", run.id), *domain],
        }

    def _make_provision_reasons(self, section, run):
        lines = self.env["recouvrement.impairment.line"]
        methods = dict(lines._fields["method"]._description_selection(self.env))
        groups = lines._read_group(
            [("impairment_id", "=", run.id)],
            ["method", "reason_id"],
            ["residual:sum", "provision:sum", "delta:sum"],
        )
        listed = Section("provisions", "")
        rows = []
        for method, reason, residual, provision, delta in groups:
            name = " · ".join(filter(None, (methods[method], reason.name)))
            domain = [("method", "=", method), ("reason_id", "=", reason.id)]
            cells = [
                listed.number(
                    f"{name}: {label}",
                    self._amount(amount),
                    **self._provision_source(run, *domain),
                )
                for label, amount in (
                    (self.env._("claims"), residual),
                    (self.env._("provision"), provision),
                    (self.env._("change"), delta),
                )
            ]
            rows.append([name, *cells])
        section.figures += listed.figures
        section.table(
            self.env._("By reason"),
            [
                self.env._("Reason"),
                self.env._("Claims"),
                self.env._("Provision"),
                self.env._("Change"),
            ],
            rows,
        )
