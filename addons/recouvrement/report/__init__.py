from . import (
    ir_actions_report,
    debtor_statement,
    reminder_items,
    reminder_annex,
    reminder_letter,
    reminder_texts,
)
