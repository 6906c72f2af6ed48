from . import bank_file_import
from . import return_wizards
from . import collection_cancel
from . import collection_wizard
