from . import test_aged_balance
from . import test_aged_balance_same_later
from . import test_aged_balance_access
from . import test_period_statement
from . import test_statement_run
from . import test_reconciliation
from . import test_aged_balance_files
