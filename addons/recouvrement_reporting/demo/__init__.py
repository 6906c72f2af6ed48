"""What reporting adds to the demonstration company: one module per
part, each with ``build(world)``, in the order of ``LAYERS``."""

from . import (
    forecast,
    intragroup,
    kpi,
    pack,
    reconciliations,
    reviews,
    suppliers,
    targets,
)

LAYERS = (suppliers, intragroup, kpi, forecast, targets, reviews, reconciliations, pack)
