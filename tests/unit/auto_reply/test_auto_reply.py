"""E-mails of machines told from those of people, on real headers."""

from email import message_from_string, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.auto_reply import is_automatic


def judge(headers, body="Hello"):
    message = message_from_string(f"{headers}\n\n{body}", policy=policy.SMTP)
    return is_automatic(
        message,
        message.get("Subject") or "",
        message.get_content_type(),
        message.get_param("report-type") or "",
    )


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\nSubject: Re: Relance",
        "auto-submitted: Auto-Generated; owner-email=x",
        "X-Autoreply: yes",
        "X-Autorespond: Absence",
        "Precedence: Auto_Reply",
        "Precedence: junk",
        "Subject: Réponse automatique : votre relance",
        "Subject: Automatic reply: your reminder",
        "Subject: Abwesenheitsnotiz: Mahnung",
        "Subject: Automatisch antwoord: herinnering",
        "Content-Type: multipart/report; report-type=disposition-notification; "
        "boundary=x",
    ],
)
def test_machines(headers):
    assert judge(headers)


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Re: Relance",
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "Precedence: list",
        "Subject: Le bureau est fermé mais le virement part vendredi",
        "Subject: RE: automatic reply by your robot",
        "Content-Type: multipart/mixed; boundary=x",
    ],
)
def test_people(headers):
    assert not judge(headers)


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_any_header_and_subject_is_judged(headers, subject):
    assert is_automatic(headers, subject) in (True, False)
