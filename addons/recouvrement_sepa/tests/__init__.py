from . import test_collection_file
from . import test_collection_proposal
from . import test_mandate
