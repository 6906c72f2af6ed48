"""The instalment plan that was offered: read, accepted by signature, or declined."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request

from .portal_scope import call, download, page, render
from .portal_sign import sign
from .portal_texts import get_installment_state_labels, get_plan_state_labels

REASON_MAX = 2000


class ReceivablesPortalPlan(Controller):
    @page("/plan/<int:plan_id>")
    def plan(self, scope, plan_id, **_params):
        """The schedule, the agreement, and the places to sign or decline."""
        return self._render_plan(scope, scope.get_plan(plan_id))

    @page("/plan/<int:plan_id>/agreement.pdf")
    def plan_agreement(self, scope, plan_id, **_params):
        """The agreement as it was offered, byte for byte."""
        plan = scope.get_plan(plan_id)
        return download(plan._get_agreement_pdf(), "application/pdf", _name(plan))

    @page("/plan/<int:plan_id>/signed.pdf")
    def plan_signed(self, scope, plan_id, **_params):
        """The agreement with the signature."""
        plan = scope.get_plan(plan_id)
        if not plan.signed_id:
            raise NotFound()
        return download(plan._get_signed_pdf(), plan.signed_id.mimetype, _name(plan))

    @call("/plan/<int:plan_id>/accept")
    def plan_accept(self, scope, plan_id, name="", signature="", **_params):
        """Sign the plan: the form of the page sends the name and the drawing."""
        plan = scope.get_plan(plan_id)
        return sign(scope, plan._accept, name, signature, scope.url("plan", plan.id))

    @page("/plan/<int:plan_id>/decline", methods=("POST",))
    def plan_decline(self, scope, plan_id, reason="", **_params):
        """Say no to the plan, with a reason."""
        plan = scope.get_plan(plan_id)
        reason = reason.replace("\0", "").strip()[:REASON_MAX]
        if not reason:
            error = request.env._("Please say why you decline.")
            return self._render_plan(scope, plan, error=error, status=422)
        try:
            scope.check_customer()
            with request.env.cr.savepoint():
                plan._refuse_offer(reason)
        except (UserError, ValidationError) as wrong:
            return self._render_plan(scope, plan, error=str(wrong), status=422)
        return request.redirect(scope.url("plan", plan.id), code=303)

    def _render_plan(self, scope, plan, **values):
        return render(
            scope,
            "recouvrement.portal_plan",
            plan=plan,
            installments=plan.installment_ids.sorted("date"),
            plan_states=get_plan_state_labels(),
            installment_states=get_installment_state_labels(),
            **values,
        )


def _name(plan):
    return f"{plan.name}.pdf"
