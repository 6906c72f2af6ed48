from . import test_mandate
from . import test_mandate_access
from . import test_mandate_form
from . import test_mandate_import
from . import test_amendment
from . import test_portal_mandate
