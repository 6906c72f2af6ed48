from . import reconciliation_decision
from . import send_wizard
