"""Principals and secrets of the flags credentials, credential and http_credentials (src/credentials/credentials.hpp,
include/mesos/mesos.proto)."""

import json

from mesos_stand_in.flags import FlagError


def _text(flags, flag):
    path = flags[flag].removeprefix("file://")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as problem:
        raise FlagError(f"Failed to read credentials file '{path}': {problem.strerror}") from None


def _pair(entry):
    if isinstance(entry, dict) and isinstance(entry.get("principal"), str) and set(entry) <= {"principal", "secret"}:
        return entry["principal"], entry.get("secret", "")
    raise ValueError


def all_of(flags, flag):
    """{principal: secret} of a list of credentials, or None without the flag. Raises FlagError."""
    if not flags[flag]:
        return None
    text = _text(flags, flag)
    try:
        return dict(_pair(entry) for entry in json.loads(text)["credentials"])
    except (ValueError, KeyError, TypeError):
        # The older form: a principal and a secret on each line.
        lines = [line.split() for line in text.splitlines() if line.strip()]
        if text.lstrip().startswith("{") or any(len(line) != 2 for line in lines):
            raise FlagError(f"Invalid credential format in '{flags[flag]}'") from None
        return dict(lines)


def one_of(flags, flag):
    """(principal, secret), or None without the flag. Raises FlagError."""
    if not flags[flag]:
        return None
    try:
        return _pair(json.loads(_text(flags, flag)))
    except (ValueError, TypeError):
        raise FlagError(f"Invalid credential format in '{flags[flag]}'") from None
