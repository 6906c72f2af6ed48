from . import collection_file
