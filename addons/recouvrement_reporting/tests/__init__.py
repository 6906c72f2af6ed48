from . import test_aged_balance
from . import test_aged_balance_same_later
from . import test_aged_balance_oracle
from . import test_aged_balance_access
from . import test_aged_balance_files
