from . import aged_balance, portal_reconciliation
