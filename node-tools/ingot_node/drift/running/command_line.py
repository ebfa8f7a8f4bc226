"""Compares the kernel command line with the arguments that the image boots with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.place import Place, read

# Generated from the plan into the verified root; GRUB's own file is on a partition that is not verified.
OWN = "/usr/lib/ingot/kernel-arguments"


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Every word of the image must be present, and no undeclared other one; a repeated word may override the first."""
    wanted = Counter((read(place.golden(OWN)) or "").split())
    found = Counter((read(place.live("/proc/cmdline")) or "").split())
    for word in sorted(wanted - found):
        yield running(f"argument:{word}", "missing", word, None, "check the boot entry or the boot server; restart the node")
    for word in sorted(found - wanted):
        if not declared.first("argument", word):
            yield running(f"argument:{word}", "added", None, word, INVESTIGATE)
