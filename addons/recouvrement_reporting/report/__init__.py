from . import aged_workbook
from . import old_items_sheet
from . import aged_balance_report
from . import ir_actions_report
from . import kpi_workbook
