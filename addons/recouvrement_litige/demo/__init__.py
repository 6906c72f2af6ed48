"""What disputes and litigation add to the demonstration company: one module per
part, each with ``build(world)``, in the order of ``LAYERS``."""

from . import asked, court_files, disputes, insolvency, litigation, mutations

LAYERS = (disputes, mutations, litigation, insolvency, asked, court_files)
