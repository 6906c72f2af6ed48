from . import test_mandate
from . import test_mandate_form
from . import test_amendment
