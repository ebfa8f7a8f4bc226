"""Accounts, line by line: /etc/passwd and similar files must have the root's line for each account."""

from __future__ import annotations

from collections.abc import Iterator

from ingot_node.drift.changes import Change
from ingot_node.drift.entries import changed_entries
from ingot_node.drift.finding import INVESTIGATE, Drift
from ingot_node.drift.place import read

FILES = ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid")
# The second field is a password, or its hash.
SECRET = ("/etc/shadow", "/etc/gshadow")


def is_account_file(path: str) -> bool:
    return path in FILES


def _lines(text: str) -> dict[str, str]:
    """Name -> line; a repeated name gets " again" appended."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name = line.partition(":")[0]
        while name in found:
            name += " again"
        found[name] = line
    return found


def _shown(path: str, line: str) -> str:
    """A secret line is reduced to whether it allows a login."""
    fields = line.split(":")
    if path not in SECRET or len(fields) < 2:
        return line
    fields[1] = "locked" if fields[1][:1] in ("!", "*") else "no password" if fields[1] == "" else "a password"
    return ":".join(fields[:2])


def account_drifts(change: Change) -> Iterator[Drift]:
    """A drift for each account that was added, changed or removed.

    If there is none, one drift of the file itself for what remains, such as the order.
    """
    assert change.before and change.after
    before, after = (_lines(read(one.path) or "") for one in (change.before, change.after))
    reported = False
    for name, kind, was, now in changed_entries(before, after):
        reported = True
        yield Drift(
            f"{change.path}:{name}",
            "forbidden",
            "critical",
            kind,
            _shown(change.path, was) if was is not None else "no such account",
            _shown(change.path, now) if now is not None else None,
            INVESTIGATE,
        )
    if not reported:
        yield Drift(change.path, "fixed", "warning", "content", "the same lines in the same order", "the same lines in another order", INVESTIGATE)
