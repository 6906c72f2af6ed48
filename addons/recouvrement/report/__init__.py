from . import reminder_letter, reminder_texts
