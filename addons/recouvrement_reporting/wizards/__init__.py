from . import review_add
from . import review_cancel
from . import review_close
from . import reconciliation_decision
from . import send_wizard
from . import target_wizard
from . import target_wizard_line
from . import bonus_wizard
