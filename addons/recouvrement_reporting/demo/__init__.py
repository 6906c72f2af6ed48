"""What reporting adds to the demonstration company: one module per part, each with
``build(world)``. ``LAYERS`` tell more of the story; ``CLOSING`` looks back at it once
every addon has told its part."""

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

LAYERS = (suppliers, intragroup)
CLOSING = (kpi, forecast, targets, reviews, reconciliations, pack)
