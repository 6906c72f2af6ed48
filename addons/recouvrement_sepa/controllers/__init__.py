from . import portal_mandate
from . import collection_file
