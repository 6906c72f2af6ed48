from . import controllers, models, report, wizards


def _post_init(env):
    """What was marked as disputed before gets a dispute with an owner and a date."""
    env["recouvrement.dispute"].sudo()._take_over_marks()
