"""Three instalment plans: one that is kept, one that is not, one that waits for the
customer. Made today by the buttons of the desk, then moved into the past."""

from datetime import timedelta

from .collection import _as, _days_ago, _debtors, _flagged_debtors, _overdue_lines

DATES = (
    "first_date",
    "last_date",
    "date_offered",
    "date_valid",
    "date_accepted",
    "signed_on",
)
# Flag of the customer: days since the offer.
RUNNING, LATE, OFFERED = "plan_running", "plan_late", "plan_offered"
AGES = {RUNNING: 25, LATE: 30, OFFERED: 2}
FIRST_AFTER = 9  # days from the offer to the first instalment
WARNED = 12  # days since the warning
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def build(world):
    """Plans of the flagged customers; without a PDF engine there are none."""
    state = world.env["ir.actions.report"].get_wkhtmltopdf_state()
    if state in ("install", "broken"):
        return
    chosen = _choose(world)
    for flag, (debtor, lines) in zip(AGES, chosen.items(), strict=False):
        age = AGES[flag]
        plan = _offer(world, debtor, lines, age)
        if flag != OFFERED:
            _accept(world, plan, age)
        _move_back(plan, age)
        _go_on(world, plan, flag, age)
        world.name_records({flag: plan})
    world.env["recouvrement.debtor"]._process_dirty()


def _choose(world):
    """Overdue items by debtor: of the flagged customers, then of those about whom
    there is nothing else to tell (a small demonstration has few overdue items)."""
    flagged = [d for flag in AGES for _c, d in _flagged_debtors(world, flag)]
    others = [c for c in world.customers if not any(c.flags) and c.collector]
    plain = [debtor for _customer, debtor in _debtors(world, others)]
    # A promise that was broken stays so: what a plan brings would be counted for it.
    plain.sort(
        key=lambda debtor: (debtor.promise_broken_count, len(debtor.promise_ids))
    )
    found = _overdue_lines(world, [*flagged, *plain], 4)
    return {
        debtor: lines
        for debtor, lines in found.items()
        if set(lines.mapped("collection_status")) == {"to_chase"}
        and len(lines.currency_id) == 1
    }


def _offer(world, debtor, lines, age):
    env = _as(world, "manager", _days_ago(world, age))
    plan = env["recouvrement.payment.plan"]._create_plan(
        debtor.with_env(env),
        lines.with_env(env),
        first_date=world.today + timedelta(days=FIRST_AFTER),
        number=3,
        interest_mode="keep",
        note="Trésorerie tendue jusqu'à la fin du trimestre, accord par téléphone.",
    )
    plan.action_offer()
    _forget_mails(world, plan)
    return plan


def _accept(world, plan, age):
    env = _as(world, "manager", _days_ago(world, age - 1))
    plan.with_env(env)._accept(plan.partner_id.name, "192.0.2.27", BROWSER)
    _forget_mails(world, plan)


def _forget_mails(world, plan):
    """The demonstration writes to nobody."""
    world.env["mail.mail"].search(
        [("model", "=", "recouvrement.debtor"), ("res_id", "=", plan.debtor_id.id)]
    ).unlink()


def _move_back(plan, age):
    """Give the plan and its documents the days of the story."""
    back = timedelta(days=age)
    plan.write({name: plan[name] - back for name in DATES if plan[name]})
    plan.date_valid += timedelta(days=FIRST_AFTER)
    for installment in plan.installment_ids:
        installment.date -= back
    plan._make_agreement()
    if plan.signed_on:
        plan.prescription_event_id.date -= back
        plan.signed_hash = plan.agreement_sha256
        plan._make_signed_copy()


def _go_on(world, plan, flag, age):
    """What happened since: the first instalment was paid, or was not."""
    if flag == RUNNING:
        _pay_first(world, plan, age - FIRST_AFTER + 1)
    plan._judge()
    if flag == LATE:
        env = _as(world, "collector", _days_ago(world, WARNED))
        plan.with_env(env)._warn_by_hand(
            _days_ago(world, WARNED), "Lettre recommandée du service, avec avis."
        )


def _pay_first(world, plan, days):
    journal = world.env["account.journal"].search(
        [("company_id", "=", plan.company_id.id), ("type", "=", "bank")], limit=1
    )
    first = plan._get_first_instalment()
    payment = world.env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": plan.debtor_id.partner_id.id,
            "amount": first.amount_agreed,
            "currency_id": plan.currency_id.id,
            "date": _days_ago(world, days),
            "journal_id": journal.id,
            "memo": plan.name,
            "company_id": plan.company_id.id,
        }
    )
    payment.action_post()
    lines = plan.line_ids.move_line_id
    receipt = payment.move_id.line_ids.filtered(
        lambda line: line.account_id == lines[:1].account_id
    )
    (lines | receipt).reconcile()
