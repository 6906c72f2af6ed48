from . import controllers, models, report, wizards


def _post_init(env):
    """What was disputed before disputes were dated."""
    env["recouvrement.dispute.period"]._take_over()
    env["recouvrement.dispute.part"]._take_over()
