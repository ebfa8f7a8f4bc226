"""Differences between two sets of named entries."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator


class EntryChange(namedtuple("EntryChange", ("name", "kind", "was", "now"))):
    """`kind` is added, deleted or changed."""


def changed_entries(before: dict[str, str], after: dict[str, str]) -> Iterator[EntryChange]:
    """The changes in the order of the names; equal entries are omitted."""
    for name in sorted({**before, **after}):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield EntryChange(name, "added" if was is None else "deleted" if now is None else "changed", was, now)
