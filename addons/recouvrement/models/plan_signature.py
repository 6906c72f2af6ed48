"""The agreement as a document: made once, its bytes kept with their fingerprint, then
signed on the customer's page or on paper. What was signed is never written again."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

REPORT = "recouvrement.report_plan_agreement"
LINK_DAYS = 90


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    agreement_id = fields.Many2one(
        "ir.attachment", readonly=True, help="The document that was offered."
    )
    agreement_sha256 = fields.Char(
        string="SHA-256 of the Agreement", readonly=True, copy=False
    )
    signed_id = fields.Many2one(string="Signed Agreement")
    recorded_by_id = fields.Many2one(
        "res.users", readonly=True, help="Who checked the agreement signed on paper."
    )
    prescription_event_id = fields.Many2one(
        "recouvrement.prescription.event",
        string="Acknowledgement of the Debt",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # DOCUMENT
    # ------------------------------------------------------------------

    def _make_agreement(self):
        """Make the document to sign and keep it with its fingerprint."""
        self._keep_document(
            "agreement", self._get_file_name(), self._render_kept(REPORT)
        )

    def _make_signed_copy(self):
        """The same document with who signed it, when, from where."""
        name = self._get_file_name(signed=True)
        self._keep_document("signed", name, self._render_kept(REPORT))

    def _get_file_name(self, signed=False):
        env = self.with_context(lang=self.lang).env
        number = self.name.replace("/", "-")
        if signed:
            return env._("Instalment plan %s (signed).pdf", number)
        return env._("Instalment plan %s.pdf", number)

    def _get_agreement_pdf(self):
        """Bytes of the document that was offered, as their fingerprint proves.

        :raise UserError: without a document, or when it is not the one that was made.
        """
        return self._get_kept("agreement")

    def _get_signed_pdf(self):
        """Bytes of the signed document; same checks."""
        return self._get_kept("signed")

    def action_print_agreement(self):
        """The signed copy, else the offer, else the draft as it is now."""
        self.ensure_one()
        document = self.signed_id or self.agreement_id
        if document:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{document.id}?download=true",
                "target": "download",
            }
        return self.env.ref("recouvrement.action_report_plan_agreement").report_action(
            self
        )

    def _get_portal_url(self):
        """Address of the plan on the customer's page, without a password."""
        self.ensure_one()
        link = self.env["recouvrement.access.link"]._give(
            "portal", self.debtor_id, self.partner_id, LINK_DAYS
        )
        return f"{link._get_url()}/plan/{self.id}"

    # ------------------------------------------------------------------
    # SIGNING
    # ------------------------------------------------------------------

    def _accept(self, name, ip, user_agent, signature=None):
        """The customer accepts on its page. The caller proved who may open it.

        :param str name: as typed by who signs.
        :param signature: drawn image, PNG in base64; optional.
        :raise UserError: when the offer is over, or nothing is left to pay.
        """
        self._sign(self._prepare_portal_proof(name, ip, user_agent, signature))

    def _accept_paper(self, name, day, scan, file_name):
        """A collector records the agreement that came back signed on paper.

        :param date day: day of the signature.
        :param bytes scan: the signed document.
        """
        self.check_access("write")
        if not scan:
            raise UserError(self.env._("Attach the signed agreement."))
        self._check_signature_day(day)
        self.ensure_one()
        if self.date_offered and day < self.date_offered:
            raise UserError(
                self.env._("The agreement was offered after that day: check the date.")
            )
        attachment = self.sudo()._attach(file_name, scan, False)
        self._sign(
            {
                "signed_as": "paper",
                "signed_name": self._check_name(name),
                "recorded_by_id": self.env.uid,
                "signed_id": attachment.id,
                "signed_sha256": hashlib.sha256(scan).hexdigest(),
            },
            day,
        )

    def _sign(self, vals, day=None):
        """Write down the signature and let the plan run.

        sudo: a customer has no right of its own on the plan; the author of the events
        stays the real user.
        """
        self.ensure_one()
        plan = self.sudo()
        plan._lock()
        plan._check_acceptable()
        plan.write(
            {
                **vals,
                "signed_on": fields.Datetime.now(),
                "signed_hash": hashlib.sha256(plan._get_agreement_pdf()).hexdigest(),
                "date_accepted": day or fields.Date.context_today(self),
                "state": "accepted",
            }
        )
        if vals["signed_as"] == "portal":
            plan._make_signed_copy()
        plan._acknowledge(vals["signed_as"] == "paper")
        plan._mark_items(self.env._("Instalment plan accepted"))
        plan._log(
            self.env._("accepted by %s", plan.signed_name), detail=plan._describe()
        )
        plan._judge()
        plan._send_mails("accepted", plan.signed_id)

    def _check_acceptable(self):
        self._check_state("offered")
        self._judge()
        if self.state != "offered" or not self.amount_remaining:
            raise UserError(self.env._("Nothing is left to pay in %s.", self.name))
        if self.date_valid < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The offer ended on %s: ask for a new one.",
                    self._format_day(self.date_valid),
                )
            )

    def _acknowledge(self, is_certain):
        """The agreement admits the debt (C. civ. art. 2240).

        On paper, with the name that somebody checked, it is certain; who clicked on a
        page may be disputed, so that the safe limit date does not move.
        """
        kind = self.env.ref("recouvrement.prescription_kind_acknowledgement", False)
        lines = self.line_ids.move_line_id
        if not kind or not lines:
            return
        self.prescription_event_id = self.env["recouvrement.prescription.event"].create(
            {
                "debtor_id": self.debtor_id.id,
                "kind_id": kind.id,
                "date": self.date_accepted,
                "certainty": "certain" if is_certain else "possible",
                "line_ids": [fields.Command.set(lines.ids)],
                "note": self.env._(
                    "%(plan)s, accepted by %(name)s.",
                    plan=self.name,
                    name=self.signed_name,
                ),
                "attachment_ids": [fields.Command.set(self.signed_id.ids)],
            }
        )
