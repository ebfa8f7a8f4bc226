"""Loads flags by the rules of Mesos (stout/flags.hpp), with its messages.

The command line takes precedence over MESOS_<NAME> in the environment; unknown names in the environment are ignored; an
unknown flag, and a flag (or its alias) that is given twice, stop the program.
"""

import re
from dataclasses import dataclass

_NANOSECONDS = {
    "ns": 1, "us": 10**3, "ms": 10**6, "secs": 10**9, "mins": 60 * 10**9,
    "hrs": 3600 * 10**9, "days": 86400 * 10**9, "weeks": 7 * 86400 * 10**9,
}


class FlagError(Exception):
    """A flag that stops the program."""


@dataclass(frozen=True)
class Flag:
    """kind: "text", "boolean", "number" or "duration"."""

    name: str
    kind: str = "text"
    default: str | None = None
    required: bool = False
    alias: str | None = None


class Duration(float):
    """Seconds. str() gives the form of Mesos: a whole number of the largest possible unit.

    See stout/duration.hpp, operator<<.
    """

    def __str__(self):
        nanoseconds = round(self * 10**9)
        whole = [(size, unit) for unit, size in _NANOSECONDS.items() if nanoseconds % size == 0 and nanoseconds >= size]
        size, unit = max(whole, default=(1, "ns"))
        return f"{nanoseconds // size}{unit}"


def duration(text):
    """The Duration of a text such as 10secs or 1.5mins. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]+)", text)
    if not match or match[2] not in _NANOSECONDS:
        raise ValueError(f"Invalid duration '{text}'")
    return Duration(float(match[1]) * _NANOSECONDS[match[2]] / 10**9)


def _boolean(text):
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise ValueError("Expecting a boolean (e.g., true or false)")


def _number(text):
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError(f"Failed to convert '{text}' into required type")
    return float(text) if "." in text else int(text)


_PARSERS = {"text": str, "boolean": _boolean, "number": _number, "duration": duration}


def _parse(flag, text):
    try:
        if text.startswith("file://"):
            with open(text[len("file://"):], encoding="utf-8") as file:
                text = file.read().strip()
        return _PARSERS[flag.kind](text)
    except (ValueError, OSError) as problem:
        raise FlagError(f"Failed to load flag '{flag.name}': Failed to load value '{text}': {problem}") from None


def _given(arguments):
    for argument in (raw.strip() for raw in arguments):
        if argument == "--":
            return
        if argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            yield name.lower(), value if equals else None


def _from_environment(known, environment):
    for key, value in environment.items():
        name = key[len("MESOS_"):].lower()
        if key.startswith("MESOS_") and name.removeprefix("no-") in known:
            yield name, value


def _text(flag, name, value):
    negated = name.startswith("no-")
    if flag.kind != "boolean":
        if negated:
            raise FlagError(f"Failed to load non-boolean flag '{flag.name}' via '{name}'")
        if value is None:
            raise FlagError(f"Failed to load non-boolean flag '{flag.name}': Missing value")
        return value
    if not value:
        return "false" if negated else "true"
    if negated:
        raise FlagError(f"Failed to load boolean flag '{flag.name}' via '{name}' with value '{value}'")
    return value


def load(table, arguments, environment):
    """Takes Flags, the command line without the program, and the environment. Returns name → value.

    A flag that is not given has its default, or None. Raises FlagError.
    """
    known = {name: flag for flag in table for name in (flag.name, flag.alias) if name}
    given = list(_given(arguments))
    on_command_line = {name for name, _ in given}
    given += [item for item in _from_environment(known, environment) if item[0] not in on_command_line]
    values, loaded_as = {}, {}
    # Mesos keeps them in an ordered map: the first error is that of the alphabetically first flag.
    for name, value in sorted(given, key=lambda item: item[0]):
        plain = name.removeprefix("no-")
        flag = known.get(plain)
        if flag is None:
            via = f" via '{name}'" if plain != name else ""
            raise FlagError(f"Failed to load unknown flag '{plain}'{via}")
        if flag.name in loaded_as:
            raise FlagError(f"Flag '{plain}' is already loaded via name '{loaded_as[flag.name]}'")
        values[flag.name] = _parse(flag, _text(flag, name, value))
        loaded_as[flag.name] = plain
    for flag in table:
        if flag.required and flag.name not in values:
            raise FlagError(f"Flag '{flag.name}' is required, but it was not provided")
        if flag.name not in values:
            values[flag.name] = None if flag.default is None else _parse(flag, flag.default)
    return values
