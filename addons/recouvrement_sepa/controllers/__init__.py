from . import collection_file
from . import portal_mandate
