from . import aged_balance
from . import delay_table
from . import intragroup
from . import forecast
from . import aged_balance, kpi
from . import aged_balance, portal_reconciliation
