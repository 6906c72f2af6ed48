from . import test_collection_file
from . import test_collection_proposal
from . import test_mandate
from . import test_mandate_form
from . import test_amendment
