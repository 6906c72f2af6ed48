from . import collection_cancel
from . import collection_wizard
