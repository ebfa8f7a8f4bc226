"""What came, went or changed among named entries."""

from typing import Dict, Iterator, NamedTuple, Optional


class EntryChange(NamedTuple):
    """`kind` is added, deleted or changed."""

    name: str
    kind: str
    was: Optional[str]
    now: Optional[str]


def changed_entries(before: Dict[str, str], after: Dict[str, str]) -> Iterator[EntryChange]:
    """In the order of their names; what is the same is left out."""
    for name in sorted({**before, **after}):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield EntryChange(name, "added" if was is None else "deleted" if now is None else "changed", was, now)
