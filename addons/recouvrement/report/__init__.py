from . import (
    ir_actions_report,
    reminder_items,
    reminder_annex,
    reminder_letter,
    reminder_texts,
)
