"""Compares a root without dm-verity with the manifest of its version: metadata of every path, content up to the budget.

Above dm-verity, the upper layer of the overlay shows what was written. A tree on an ordinary file system does not, and
reading all of it at every check would take too much from the node. So content is read in the order of suspicion: first
files with a time that differs from the manifest's, or with an inode that was written after the tree was installed; then
files that forbidden statements name, and files that give their user additional rights; then a sample, a new one at each
check.
"""

from __future__ import annotations

import hashlib
import os
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.changes import Change, difference
from ingot_node.drift.declared import Declared
from ingot_node.drift.file_facts import FileFacts, facts, sha256
from ingot_node.drift.judge import OWN
from ingot_node.drift.manifest import Manifest
from ingot_node.drift.place import Place

BUDGET = 256
_MIB = 1 << 20
# Seconds without a written inode: the installation of the tree ended before, and later writes are changes.
_PAUSE = 60

# budget in MiB; seed: of the sample, the same seed reads the same files.
Scan = namedtuple("Scan", ("manifest", "budget", "seed"))
_File = namedtuple("_File", ("path", "before", "after", "ctime", "moved", "grave"))


class Report:
    """What was read, for the answer."""

    def __init__(self, scan: Scan) -> None:
        self.manifest = scan.manifest
        self.budget, self.seed = scan.budget, scan.seed
        self.paths = self.files = self.changed = self.grave = self.sampled = self.left = self.read = 0

    def facts(self) -> dict:
        """For the head of the answer; `left`: number of files of which only the metadata was compared."""
        said = {name: getattr(self, name) for name in ("paths", "files", "changed", "grave", "sampled", "left")}
        return {**said, "bytesRead": self.read, "budgetMiB": self.budget, "seed": self.seed}


def _rank(seed: str, path: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{path}".encode("utf-8", "surrogateescape")).digest()


def _came(times: list[float]) -> float:
    """When the installation of the tree ended: the end of the burst that contains the median of the inode times."""
    times = sorted(times)
    at = len(times) // 2
    while at + 1 < len(times) and times[at + 1] - times[at] <= _PAUSE:
        at += 1
    return times[at] if times else 0.0


class Scanner:
    """One check of a tree."""

    def __init__(self, place: Place, declared: Declared, scan: Scan) -> None:
        self._place, self._declared, self._scan = place, declared, scan
        self._manifest = Manifest(scan.manifest)
        self._device = os.lstat(place.live("/")).st_dev
        self._known: set[str] = set()
        self._gone: set[str] = set()
        self._files: list[_File] = []
        self.report = Report(scan)

    @property
    def version(self) -> str:
        return self._manifest.version

    @property
    def role(self) -> str:
        return self._manifest.role

    def changes(self) -> Iterator[Change]:
        """Every detected change; after the last one, `report` says what was read."""
        for entry in self._manifest.entries():
            self._known.add(entry.path)
            self.report.paths += 1
            yield from self._metadata(entry.path, entry.facts, entry.mtime)
        yield from self._contents()
        yield from self._unknown()

    def _metadata(self, path: str, before: FileFacts, mtime: int) -> Iterator[Change]:
        place = self._place.live(path)
        try:
            status = os.lstat(place)
        except (FileNotFoundError, NotADirectoryError):
            # The content of a deleted folder is not reported again.
            if os.path.dirname(path) not in self._gone:
                yield Change(path, "deleted", before, None)
            self._gone.add(path)
            return
        # Another file system is mounted above it.
        if status.st_dev != self._device:
            return
        after = facts(place)
        if after is None:
            return
        if before.type == "file" and after.type == "file" and before.size == after.size:
            moved = int(status.st_mtime) != mtime or difference(before, after, content_moved=False) != ""
            grave = before.special != "" or path.startswith(OWN) or self._declared.first("forbidden", path) is not None
            self._files.append(_File(path, before, after, status.st_ctime, moved, grave))
            return
        kind = difference(before, after, content_moved=False)
        if before.type == after.type == "file":
            kind = f"content+{kind}" if kind else "content"
        if kind:
            yield Change(path, kind, before, after)

    def _contents(self) -> Iterator[Change]:
        came = _came([file.ctime for file in self._files])
        changed = [file for file in self._files if file.moved or file.ctime > came]
        others = [file for file in self._files if not (file.moved or file.ctime > came)]
        grave = [file for file in others if file.grave]
        sample = sorted((file for file in others if not file.grave), key=lambda file: _rank(self._scan.seed, file.path))
        room = self._scan.budget * _MIB
        self.report.files = len(self._files)
        for name, tier in (("changed", changed), ("grave", grave), ("sampled", sample)):
            for file in tier:
                differs = []
                if file.before.size <= room - self.report.read:
                    self.report.read += file.before.size
                    setattr(self.report, name, getattr(self.report, name) + 1)
                    differs = ["content"] if sha256(file.after.path) != file.before.digest else []
                else:
                    self.report.left += 1
                kind = "+".join(filter(None, [*differs, difference(file.before, file.after, content_moved=False)]))
                if kind:
                    yield Change(file.path, kind, file.before, file.after)

    def _unknown(self) -> Iterator[Change]:
        """Paths on the root's own file system that the manifest does not name."""
        waiting = ["/"]
        while waiting:
            folder = waiting.pop()
            with os.scandir(self._place.live(folder)) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder != "/" else f"/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if entry.stat(follow_symlinks=False).st_dev == self._device:
                        waiting.append(path)
                    if path in self._known or any(os.scandir(entry.path)):
                        continue
                elif path in self._known:
                    continue
                after = facts(entry.path)
                if after:
                    yield Change(path, "added", None, after)
