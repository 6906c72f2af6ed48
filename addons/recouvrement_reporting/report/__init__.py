from . import aged_workbook
from . import delay_table_workbook
from . import delay_table_report
from . import intragroup_workbook
from . import old_items_sheet
from . import aged_balance_report
from . import review_minutes
from . import ir_actions_report
