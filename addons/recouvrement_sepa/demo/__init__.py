"""What direct debits add to the demonstration company: one module per
part, each with ``build(world)``, in the order of ``LAYERS``."""

from . import bank_files, collections, mandates, prenotices, returns

LAYERS = (mandates, collections, returns, bank_files, prenotices)
