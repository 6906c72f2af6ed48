from . import bank_file_import
from . import return_wizards
from . import collection_cancel
from . import collection_wizard
from . import mandate_decision
from . import mandate_import
from . import sepa_settings
