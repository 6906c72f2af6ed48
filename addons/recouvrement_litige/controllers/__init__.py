from . import dispute
from . import portal_requests
