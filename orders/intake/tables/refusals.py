"""Why a file cannot be read."""


class FileRefused(Exception):
    """The file as a whole cannot be read; the message is one sentence for staff."""

    def __init__(self, message: str, *, code: str, field: str = "file") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
