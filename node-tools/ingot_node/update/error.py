"""The error type of updates; people read its text."""


class UpdateError(Exception):
    """What happened and where. `hint`: what to do next. `wrong_use`: the request is not possible here (exit 2)."""

    def __init__(self, message: str, hint: str = "", wrong_use: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.wrong_use = wrong_use


class Missing(UpdateError):
    """The version does not have the file."""
