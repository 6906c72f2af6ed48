from . import (
    as_of_wizard,
    assign_wizard,
    company_settings,
    hold_wizard,
    letters_posted,
    registered_proof,
    reminder_preview,
    status_wizard,
    stop_wizard,
)
