"""The error type of ingot-drift; people read its text."""


class DriftError(Exception):
    """The node could not be checked: what happened and where. `hint`: what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
