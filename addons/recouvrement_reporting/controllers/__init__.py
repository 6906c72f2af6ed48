from . import aged_balance
from . import forecast
