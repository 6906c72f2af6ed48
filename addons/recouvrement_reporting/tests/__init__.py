from . import test_aged_balance
from . import test_aged_balance_same_later
from . import test_aged_balance_access
from . import test_aged_balance_files
from . import test_kpi
from . import test_kpi_snapshot
from . import test_kpi_access
