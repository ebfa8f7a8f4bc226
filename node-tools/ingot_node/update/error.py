"""The one error that people read."""


class UpdateError(Exception):
    """What happened and where; `hint` says what to do next. `wrong_use`: the question made no sense here (exit 2)."""

    def __init__(self, message: str, hint: str = "", wrong_use: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.wrong_use = wrong_use


class Missing(UpdateError):
    """The version has no such file."""
