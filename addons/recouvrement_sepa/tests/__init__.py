from . import test_mandate
from . import test_collection_ledger
from . import test_collection_ledger_speed
from . import test_prenotification
