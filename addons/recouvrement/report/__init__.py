from . import ir_actions_report, reminder_letter, reminder_texts
