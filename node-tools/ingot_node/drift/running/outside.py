"""Folders outside the overlay that must be empty except for what is declared.

Files below /run are other ways to configure the node.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.file_facts import facts
from ingot_node.drift.finding import INVESTIGATE, Drift
from ingot_node.drift.place import Place


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """A file that is neither state nor derived is forbidden; derived files are checked elsewhere."""
    for statement in declared.all("empty"):
        top = statement.rest[0]
        for folder, _, files in os.walk(place.live(top)):
            inside = top + folder[len(place.live(top)) :]
            # A folder of links to a unit is reported by its content. os.walk lists links to folders as folders, but
            # does not follow them.
            for name in sorted(files):
                path = f"{inside}/{name}"
                found = facts(place.live(path))
                if found and not declared.first("state", path) and not declared.first("derived", path):
                    yield Drift(path, "forbidden", "critical", "added", f"nothing: {statement.why}", found.said(), INVESTIGATE)
