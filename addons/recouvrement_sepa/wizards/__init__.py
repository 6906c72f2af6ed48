from . import return_wizards
