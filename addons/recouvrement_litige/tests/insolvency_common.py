"""Verbs of the tests on insolvency proceedings."""

from odoo import Command

from odoo.addons.recouvrement.tests.common import RecouvrementCommon


class InsolvencyVerbs:
    """Verbs that need ``RecouvrementCommon``."""

    @classmethod
    def _kind(cls, code):
        return cls.env["recouvrement.insolvency.kind"].search([("code", "=", code)])

    @classmethod
    def _open(cls, debtor, judged=0, kind="liquidation", env=None, **vals):
        """Proceedings opened by one click; ``judged`` as for ``_day``."""
        proceedings = (env or cls.env)["recouvrement.insolvency"]
        forced = {
            name: vals.pop(name, ())
            for name in ("later_ids", "prior_ids", "running_ids")
        }
        values = {"kind_id": cls._kind(kind).id, "date_judgment": cls._day(judged)}
        return proceedings._open(
            debtor.with_env(proceedings.env), {**values, **vals}, **forced
        )

    @classmethod
    def _representative(cls):
        return cls.env["res.partner"].create(
            {
                "name": "SELARL Mandataire",
                "is_company": True,
                "country_id": cls.env.ref("base.fr").id,
                "street": "1 rue du Palais",
                "zip": "69003",
                "city": "Lyon",
            }
        )

    @classmethod
    def _decide(cls, one, kind, **vals):
        """A step by its wizard."""
        wizard = cls.env["recouvrement.insolvency.decision"].create(
            {"insolvency_id": one.id, "kind": kind, **vals}
        )
        wizard.action_confirm()

    @classmethod
    def _declared(cls, one):
        """The declaration made and sent, without the PDF engine."""
        one.sudo()._keep_document("declaration", "claim.pdf", b"%PDF-1.4 claim")
        one.representative_id = one.representative_id or cls._representative()
        cls._decide(one, "declare", means="registered", tracking_number="1A 234")
        return one

    @classmethod
    def _settle(cls):
        """What was matched or unmatched is judged, as at the end of a request."""
        cls.env.flush_all()
        cls.env["recouvrement.debtor"].sudo()._process_dirty()

    def _amounts(self, one, first, *amounts):
        """Lines of a decision: the amount of the claim on ``first``, then those of
        the others."""
        claims = one._get_declared().sorted(lambda c: c.move_id != first)
        return [
            Command.create({"claim_id": claim.id, "amount": amount})
            for claim, amount in zip(claims, amounts, strict=False)
        ]

    def _deadlines(self, one):
        return {d.code: d.date_due for d in one.deadline_ids}

    def _statuses(self, *moves):
        return [self._items(move).collection_status for move in moves]


class InsolvencyCommon(InsolvencyVerbs, RecouvrementCommon):
    pass
