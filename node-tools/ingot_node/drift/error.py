"""The one error that people read."""


class DriftError(Exception):
    """The node could not be looked at: what happened and where; `hint` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
