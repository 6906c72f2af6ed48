from . import test_aged_balance
from . import test_aged_balance_same_later
from . import test_aged_balance_access
from . import test_aged_balance_files
from . import test_forecast
from . import test_forecast_access
