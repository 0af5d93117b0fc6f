"""What goes wrong, as a sentence for the person or the desk that can do something about it."""


class ServerError(Exception):
    """Bad input or a bad environment; the message says what, where and what to do."""


class Rejected(ServerError):
    """A request that is answered with ``status`` and the reason. ``retry_after`` is in seconds, 0 for: do not."""

    def __init__(self, status: int, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after


class Away(Rejected):
    """The database cannot be reached, or is full. Nothing was lost: whoever asked asks again.

    ``held``: somebody else holds what was needed, and nothing else is wrong.
    """

    def __init__(self, detail: str = "", *, held: bool = False) -> None:
        super().__init__(503, "The server's database cannot be reached or is full. Nothing was lost; try again.", 2.0)
        self.detail = detail
        self.held = held
