from odoo import fields, models

from .counsel_assignment import STATUSES

# Statuses that somebody has to act on.
TO_ACT = ("disputed", "insolvent", "untraceable")


class RecouvrementCounselReportLine(models.Model):
    _name = "recouvrement.counsel.report.line"
    _description = "Row of a Report of Counsel"
    _inherit = ["recouvrement.guarded"]
    _order = "report_id, number, id"
    _rec_name = "file"

    report_id = fields.Many2one(
        "recouvrement.counsel.report",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    assignment_id = fields.Many2one(
        "recouvrement.counsel.assignment",
        string="Mandate",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    litigation_id = fields.Many2one(
        related="assignment_id.litigation_id", string="Litigation File"
    )
    file = fields.Char(string="Reference", readonly=True)
    reference = fields.Char(string="Their Reference", readonly=True)
    date = fields.Date(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    paid = fields.Monetary(string="Payment", readonly=True)
    paid_to = fields.Selection([("us", "To Us"), ("them", "To Them")], readonly=True)
    fees = fields.Monetary(readonly=True)
    document = fields.Char(readonly=True)
    comment = fields.Char(readonly=True)
    digest = fields.Char(readonly=True, index="btree_not_null")
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("loaded", "Taken In"),
            ("known", "Known Already"),
            ("wrong", "Left Aside"),
        ],
        required=True,
        readonly=True,
        default="ready",
    )
    problem = fields.Char(string="Remark", readonly=True)

    _once = models.UniqueIndex(
        "(assignment_id, digest) WHERE state = 'loaded'",
        "This row was taken in before.",
    )

    def _carry_out(self):
        """Write what the rows report on their assignments; sudo."""
        for assignment, lines in self.grouped("assignment_id").items():
            last = lines.sorted(lambda one: (str(one.date or ""), one.number))[-1:]
            vals = {"status_date": last.date or fields.Date.context_today(self)}
            told = lines.filtered("status")
            if told:
                vals["status"] = told.sorted(
                    lambda one: (str(one.date or ""), one.number)
                )[-1].status
            if not assignment.reference and last.reference:
                vals["reference"] = last.reference
            if assignment.state == "sent":
                vals["state"] = "accepted"
            assignment.write(vals)
            lines._log(assignment)
        self._make_costs()
        self.assignment_id._refresh_amounts()

    def _log(self, assignment):
        """The file tells what was reported, and somebody acts on what needs it."""
        labels = dict(self._fields["status"]._description_selection(self.env))
        texts = [
            " – ".join(
                filter(
                    None,
                    (
                        str(line.date or ""),
                        labels.get(line.status),
                        line.paid and f"{line.paid:.2f}",
                        line.comment,
                    ),
                )
            )
            for line in self
        ]
        litigation = assignment.litigation_id
        litigation._message_log(
            body=f"{assignment.counsel_id.name}: " + " / ".join(texts)
        )
        if self.filtered(lambda line: line.status in TO_ACT):
            status = assignment.status if assignment.status in TO_ACT else TO_ACT[0]
            litigation.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%(counsel)s reports: %(status)s",
                    counsel=assignment.counsel_id.name,
                    status=labels[status],
                ),
                user_id=litigation.user_id.id or self.env.uid,
            )

    def _make_costs(self):
        """Fees are costs of the file: of amicable collection, so not recoverable
        (CPCE art. L111-8), unless somebody says otherwise."""
        kinds = {"lawyer": "lawyer", "bailiff": "bailiff", "agency": "agency"}
        self.env["recouvrement.litigation.cost"].create(
            [
                {
                    "litigation_id": line.assignment_id.litigation_id.id,
                    "assignment_id": line.assignment_id.id,
                    "counsel_id": line.assignment_id.counsel_id.id,
                    "name": line.comment
                    or self.env._("Fees of %s", line.assignment_id.counsel_id.name),
                    "kind": kinds.get(line.assignment_id.kind, "other"),
                    "date": line.date or fields.Date.context_today(self),
                    "currency_id": line.currency_id.id,
                    "amount": line.fees,
                }
                for line in self.filtered("fees")
            ]
        )
