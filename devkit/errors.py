"""The one exception that ends ``./dev`` with a readable message."""


class DevError(Exception):
    """Something the user can act on.

    :param message: what went wrong, one sentence
    :param hint: what to do about it
    """

    def __init__(self, message, hint=""):
        super().__init__(message)
        self.message = message
        self.hint = hint
