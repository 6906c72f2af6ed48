from . import aged_balance
from . import delay_table
from . import forecast
from . import intragroup
from . import kpi
from . import pack
from . import portal_reconciliation
