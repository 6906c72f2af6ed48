from . import test_channels
from . import test_texts
from . import test_debtor
from . import test_decision
from . import test_access
