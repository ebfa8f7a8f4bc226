"""Where a node's layers and its kernel's answers lie. `root` is / on a node, a folder in tests."""

from __future__ import annotations

import os

from ingot_node.drift.error import DriftError


class Place:
    """Paths of one node, each given absolute; nothing here is written."""

    def __init__(self, root: str = "/") -> None:
        self.root = root
        # A look names some two thousand paths: os.path.join would be a tenth of it.
        self._prefix = root.rstrip("/")
        # scripts/ingot of the initrd mounts both; /run moves into the root with them.
        self.lower = self.live("/run/ingot/lower")
        self.upper = self.live("/run/ingot/overlay/upper")

    def live(self, absolute: str) -> str:
        """The path as programs of the node see it."""
        return self._prefix + absolute

    def golden(self, absolute: str) -> str:
        """The same path in the verified root."""
        return self.lower + absolute

    def written(self, absolute: str) -> str:
        """The same path in what was written above the root since the node started."""
        return self.upper + absolute

    def require(self) -> None:
        """DriftError unless both layers can be read."""
        for folder, what in ((self.lower, "the golden root"), (self.upper, "what was written above it")):
            if not os.path.isdir(folder):
                raise DriftError(
                    f"{what} is not there ({folder}): this is no node with a golden root, or its mount was taken away",
                    "Run it as root on a node that boots an image of ingot; restart the node if its mounts were changed.",
                )
            if not os.access(folder, os.R_OK | os.X_OK):
                raise DriftError(f"{what} ({folder}) is open to root alone", "sudo ingot-drift …")


class MutablePlace(Place):
    """A root without layers: what is there is all that there is, and only a manifest says what should be."""

    def golden(self, absolute: str) -> str:
        return self.live(absolute)

    def written(self, absolute: str) -> str:
        return self.live(absolute)

    def require(self) -> None:
        if not os.path.isdir(self.root):
            raise DriftError(f"{self.root} is no folder", "Name the folder where the root is mounted: --root FOLDER.")


def read(path: str) -> str | None:
    """The file's text, or None where there is none to read."""
    found = read_bytes(path)
    return None if found is None else found.decode("utf-8", "replace")


def read_bytes(path: str) -> bytes | None:
    """What the file holds, or None where there is none to read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except OSError:
        return None


def names(folder: str) -> list[str]:
    """What is in the folder, sorted; nothing if there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
