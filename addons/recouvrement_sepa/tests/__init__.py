from . import test_mandate
from . import test_collection_ledger
from . import test_collection_ledger_speed
from . import test_bank_file
from . import test_bank_file_access
from . import test_bank_file_follow
from . import test_returns
from . import test_return_access
