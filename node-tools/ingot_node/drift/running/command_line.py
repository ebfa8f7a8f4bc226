"""The kernel command line against the arguments that the image boots with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.place import Place, read

# Generated from the plan into the root, which is verified; GRUB's own file lies on a partition that is not.
OWN = "/usr/lib/ingot/kernel-arguments"


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Every word of the image is there, and no other that is not declared; one that stands twice may win over the first."""
    wanted = Counter((read(place.golden(OWN)) or "").split())
    found = Counter((read(place.live("/proc/cmdline")) or "").split())
    for word in sorted(wanted - found):
        yield running(f"argument:{word}", "missing", word, None, "look at the boot entry or the boot server; restart the node")
    for word in sorted(found - wanted):
        if not declared.first("argument", word):
            yield running(f"argument:{word}", "added", None, word, INVESTIGATE)
