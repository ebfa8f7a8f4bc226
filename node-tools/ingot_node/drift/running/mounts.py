"""Compares the mounts with those that the image declares."""

from __future__ import annotations

import re
from collections import Counter, namedtuple
from collections.abc import Iterator

from ingot_node.drift.declared import Declared, Statement
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.patterns import fits
from ingot_node.drift.place import Place, read

_OCTAL = r"\\([0-7]{3})"


class Mount(namedtuple("Mount", ("target", "type", "source", "root", "options"))):
    """A line of mountinfo (proc(5)): mount point, type, device, folder of the device, options."""

    def said(self) -> str:
        return f"{self.type} {self.source}{'' if self.root == '/' else ' ' + self.root} {','.join(self.options)}"


def parse(text: str) -> list[Mount]:
    found = []
    for line in text.splitlines():
        words = [re.sub(_OCTAL, lambda code: chr(int(code.group(1), 8)), word) if "\\" in word else word for word in line.split(" ")]
        if "-" not in words[6:]:
            continue
        after = words.index("-", 6)
        found.append(Mount(words[4], words[after + 1], words[after + 2], words[3], words[5].split(",")))
    return found


def _odd(statement: Statement, mount: Mount) -> str | None:
    """The first property of the mount that does not match the statement, or None."""
    _, types, *more = statement.rest
    root = next((word for word in more if word.startswith("/")), "/")
    with_options = [option for word in more if word.startswith("with=") for option in word[5:].split(",")]
    if not any(fits(one, mount.type) for one in types.split(",")):
        return f"type {types}"
    if not fits(root, mount.root):
        return f"{'all' if root == '/' else root} of its file system"
    missing = [option for option in with_options if option not in mount.options]
    return f"options {','.join(missing)}" if missing else None


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Mounts that are not declared, have another source, have lost an option, cover each other, or are missing."""
    mounts = parse(read(place.live("/proc/1/mountinfo")) or "")
    statements = declared.all("mount")
    for mount in mounts:
        fitting = [one for one in statements if fits(one.rest[0], mount.target)]
        odd = [_odd(one, mount) for one in fitting]
        if not fitting:
            yield running(f"mount:{mount.target}", "added", None, mount.said(), f"umount {mount.target}; {INVESTIGATE}")
        elif None not in odd:
            yield running(f"mount:{mount.target}", "changed", odd[0], mount.said(), INVESTIGATE)
    count = Counter(mount.target for mount in mounts)
    for one in statements:
        target = one.rest[0]
        if "required" in one.rest and not count[target]:
            yield running(f"mount:{target}", "missing", one.why, None)
    twice = {one.rest[0] for one in statements if "twice" in one.rest}
    for target in sorted(count):
        if count[target] > (2 if target in twice else 1) and any(fits(one.rest[0], target) for one in statements):
            yield running(f"mount:{target}", "hidden", "one mount", f"{count[target]} mounts over each other", INVESTIGATE)
