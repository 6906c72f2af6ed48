from . import aged_balance, kpi
