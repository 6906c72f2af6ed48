from . import test_aged_balance
from . import test_aged_balance_same_later
from . import test_delay_table
from . import test_delay_table_oracle
from . import test_aged_balance_access
from . import test_aged_balance_files
