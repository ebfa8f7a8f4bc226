"""Reads the manifest of a version (docs/seal.md) entry by entry: the expected content of a root without dm-verity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from ingot_node.drift.error import DriftError
from ingot_node.drift.file_facts import FileFacts

_TYPES = {"directory": "folder", "symlink": "link", "char": "character device", "block": "block device", "fifo": "pipe"}
HINT = "Name the manifest.json of the version that this node was installed with."


class Entry:
    """One path: its expected properties, and the time of its content in seconds since 1970."""

    def __init__(self, said: dict) -> None:
        kind = said["type"]
        self.path: str = said["path"]
        self.mtime: int = said["mtime"]
        self.facts = FileFacts(
            path="",
            type=_TYPES.get(kind, kind),
            mode=int(said["mode"], 8),
            uid=said["uid"],
            gid=said["gid"],
            size=said.get("size", 0),
            target=said.get("target", ""),
            device="{major}:{minor}".format(**said["device"]) if "device" in said else "",
            xattrs={name: bytes.fromhex(value) for name, value in said.get("xattrs", {}).items()},
            digest=said.get("sha256", ""),
        )


class Manifest:
    """A manifest file; role, date and version are known after all entries were read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.role = self.version = ""

    def entries(self) -> Iterator[Entry]:
        """The entries in the order of the file. Raises DriftError if it is not a complete manifest."""
        digest = hashlib.sha256()
        try:
            with open(self._file, "rb") as file:
                first = file.readline()
                digest.update(first)
                head = json.loads(first.rstrip() + b"]}")
                if head.get("schema") != 1:
                    raise DriftError(f"{self._file} is not a manifest with schema 1", HINT)
                line = b""
                for line in file:
                    digest.update(line)
                    if line.startswith(b"{"):
                        yield Entry(json.loads(line.rstrip(b",\n")))
                if line.strip() != b"]}":
                    raise DriftError(f"{self._file} is incomplete", HINT)
        except OSError as error:
            raise DriftError(f"{self._file} cannot be read: {error.strerror}", HINT) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DriftError(f"{self._file} is not a manifest of ingot: {error}", HINT) from error
        self.role = head["role"]
        # The same form as in src/release: the date, and the beginning of the manifest's own digest.
        self.version = f"{head['date'][:10].replace('-', '')}-{digest.hexdigest()[:12]}"
