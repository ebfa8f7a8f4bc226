"""The paths of a node's layers and of its kernel files. `root` is / on a node, a folder in tests."""

from __future__ import annotations

import os

from ingot_node.drift.error import DriftError


class Place:
    """Paths of one node, all given as absolute paths; nothing here is written."""

    def __init__(self, root: str = "/") -> None:
        self.root = root
        # One check uses about two thousand paths: os.path.join would take a tenth of its time.
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
        """The same path in the upper layer: what was written since the node started."""
        return self.upper + absolute

    def require(self) -> None:
        """Raises DriftError unless both layers can be read."""
        for folder, what in ((self.lower, "the golden root"), (self.upper, "the layer of changes above it")):
            if not os.path.isdir(folder):
                raise DriftError(
                    f"{what} is missing ({folder}): this node has no golden root, or its mount was removed",
                    "Run it as root on a node that boots an image of ingot; restart the node if its mounts were changed.",
                )
            if not os.access(folder, os.R_OK | os.X_OK):
                raise DriftError(f"{what} ({folder}) is only accessible to root", "sudo ingot-drift …")


class MutablePlace(Place):
    """A root without layers: its files are all that there is, and only a manifest describes the expected content."""

    def golden(self, absolute: str) -> str:
        return self.live(absolute)

    def written(self, absolute: str) -> str:
        return self.live(absolute)

    def require(self) -> None:
        if not os.path.isdir(self.root):
            raise DriftError(f"{self.root} is not a folder", "Name the folder where the root is mounted: --root FOLDER.")


def read(path: str) -> str | None:
    """The file's text, or None if it cannot be read."""
    found = read_bytes(path)
    return None if found is None else found.decode("utf-8", "replace")


def read_bytes(path: str) -> bytes | None:
    """The file's bytes, or None if it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except OSError:
        return None


def names(folder: str) -> list[str]:
    """The names in the folder, sorted; empty if it cannot be read."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
