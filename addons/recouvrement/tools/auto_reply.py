"""Tells e-mails that a machine sent from those that somebody wrote."""

import re

# RFC 3834 §5 and the headers that came before it.
_FLAGS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoreply-From")
_PRECEDENCES = {"auto_reply", "bulk", "junk"}
# What the mail programs of our customers' languages put before the subject.
_SUBJECT = re.compile(
    r"\s*(automatic reply|auto(matic)?[- ]?repl(y|ied)|out of (the )?office"
    r"|réponse automatique|absence du bureau|absent\(e\) du bureau"
    r"|automatisch antwoord|automatische antwoord|afwezigheidsbericht"
    r"|automatische antwort|abwesenheitsnotiz|abwesenheitsmeldung)\b",
    re.IGNORECASE,
)
_SILENT_NO = {"", "no"}


def is_automatic(headers, subject="", content_type="", report_type=""):
    """Whether a machine sent an e-mail: out of office, receipt, mailing.

    Source: RFC 3834 §5 (``Auto-Submitted``), RFC 3798 (receipts), and common use.

    :param headers: anything with ``get(name)``, blind to case as e-mails are.
    :param str subject: decoded.
    :param str content_type: e.g. ``multipart/report``.
    :param str report_type: parameter of that content type.
    """
    submitted = _value(headers, "Auto-Submitted").split(";")[0].strip()
    if submitted not in _SILENT_NO:
        return True
    if any(_value(headers, name) not in _SILENT_NO for name in _FLAGS):
        return True
    if _value(headers, "Precedence") in _PRECEDENCES:
        return True
    if content_type == "multipart/report" and report_type:
        return True
    return bool(_SUBJECT.match(subject or ""))


def _value(headers, name):
    return str(headers.get(name) or "").strip().lower()
