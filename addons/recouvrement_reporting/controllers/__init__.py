from . import aged_balance
from . import appraisal
from . import delay_table
from . import forecast
from . import intragroup
from . import line_export
from . import kpi
from . import portal_reconciliation
