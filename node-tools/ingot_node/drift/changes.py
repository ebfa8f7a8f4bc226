"""The upper layer of the overlay: every path that was added, changed or deleted since the node started."""

from __future__ import annotations

import os
import stat
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.file_facts import OVERLAY, FileFacts, facts, same_content
from ingot_node.drift.place import Place


class Change(namedtuple("Change", ("path", "kind", "before", "after"))):
    """`kind`: added, deleted, replaced, or differences joined by +: content, mode, owner, xattr, target.

    Replaced means another type, or a folder that hides the root's.
    """


def _is_whiteout(found: FileFacts) -> bool:
    return found.type == "character device" and found.device == "0:0"


def difference(before: FileFacts, after: FileFacts, content_moved: bool = True) -> str:
    """The differences between two files, joined by +; "" if there are none.

    Both without the overlay's own attributes.
    """
    if before.type != after.type or before.device != after.device:
        return "replaced"
    differs = []
    if content_moved and after.type == "file" and not same_content(before, after):
        differs.append("content")
    if before.target != after.target:
        differs.append("target")
    if before.mode != after.mode and after.type != "link":
        differs.append("mode")
    if (before.uid, before.gid) != (after.uid, after.gid):
        differs.append("owner")
    if before.xattrs != after.xattrs:
        differs.append("xattr")
    return "+".join(differs)


def _of_file(place: Place, path: str, found: FileFacts) -> Change | None:
    before = facts(place.golden(path))
    if _is_whiteout(found):
        # A whiteout of a path that the root does not have hides nothing.
        return Change(path, "deleted", before, None) if before else None
    after = found.visible()
    if before is None:
        return Change(path, "added", None, after)
    # With metacopy, the content is still that of the root.
    kind = difference(before.visible(), after, content_moved=f"{OVERLAY}metacopy" not in found.xattrs)
    return Change(path, kind, before, after) if kind else None


def _of_folder(place: Place, path: str, found: FileFacts, holds_any: bool) -> Change | None:
    before = facts(place.golden(path))
    after = found.visible()
    if before is None:
        # The content of a new folder is reported; only an empty folder is reported itself.
        return None if holds_any else Change(path, "added", None, after)
    if found.xattrs.get(f"{OVERLAY}opaque") == b"y" and before.type == "folder" and os.listdir(before.path):
        return Change(path, "replaced", before, after)
    if f"{OVERLAY}redirect" in found.xattrs:
        return Change(path, "replaced", before, after)
    kind = difference(before.visible(), after)
    return Change(path, kind, before, after) if kind else None


def changes(place: Place) -> Iterator[Change]:
    """Every change, folder by folder; the cost depends on how much was written, not on the size of the root."""
    waiting = ["/"]
    while waiting:
        folder = waiting.pop()
        with os.scandir(place.written(folder)) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        if folder != "/":
            found = facts(place.written(folder))
            change = found and _of_folder(place, folder, found, bool(entries))
            if change:
                yield change
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder != "/" else f"/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
                continue
            found = facts(entry.path)
            change = found and _of_file(place, path, found)
            if change:
                yield change


def executable(found: FileFacts) -> bool:
    return found.type == "file" and bool(found.mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))
