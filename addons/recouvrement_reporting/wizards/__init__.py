from . import send_wizard
