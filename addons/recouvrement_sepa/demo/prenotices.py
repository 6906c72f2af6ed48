"""Pre-notifications of the demonstration: e-mails that left, a schedule, one that came
back. Only debits that are far enough ahead, so that none of them is due today."""

from datetime import timedelta

from odoo.addons.recouvrement.demo.collection import _days_ago

AHEAD_DAYS = 45
EMAILS, SCHEDULES = 4, 2  # mandates told each way
TOLD_DAYS_AGO = 2
BOUNCE = "Adresse inconnue du serveur destinataire."


def build(world):
    """The company tells its customers once the bank files are read."""
    company = world.companies["main"]
    notices = world.env["recouvrement.sepa.prenotification"].sudo()
    rows = notices._find_untold(company, until=world.today + timedelta(days=AHEAD_DAYS))
    first = min((row["due_on"] for row in rows), default=None)
    by_mandate = {}
    for row in rows:
        if row["due_on"] > first:
            by_mandate.setdefault(row["mandate_id"], []).append(row)
    groups = list(by_mandate.values())
    emails = _tell(notices, groups[:EMAILS], "email")
    schedules = _tell(notices, groups[EMAILS : EMAILS + SCHEDULES], "schedule")
    told = (emails | schedules).filtered(lambda notice: notice.state == "queued")
    mails = world.env["mail.mail"].search(
        [("mail_message_id", "in", told.mail_message_id.ids)]
    )
    mails.write({"state": "sent"})
    sent_on = _days_ago(world, TOLD_DAYS_AGO)
    told.write({"state": "sent", "is_test": False, "sent_on": sent_on})
    mails.unlink()
    emails[:1]._mark_failed(BOUNCE)


def _tell(notices, groups, channel):
    return notices._announce([row for rows in groups for row in rows], channel)
