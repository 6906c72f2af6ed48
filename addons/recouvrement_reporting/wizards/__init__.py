from . import target_wizard
from . import target_wizard_line
from . import bonus_wizard
