"""Installed packages: compares dpkg's status with the root's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingot_node.drift.changes import Change
from ingot_node.drift.entries import changed_entries
from ingot_node.drift.finding import ADOPT, Drift
from ingot_node.drift.place import read

STATUS = "/var/lib/dpkg/status"
_FIELD = re.compile(r"^(Package|Version|Architecture|Status): (.*)$", re.MULTILINE)


def _packages(text: str) -> dict[str, str]:
    """name:architecture -> version and state."""
    found = {}
    for entry in text.split("\n\n"):
        fields = dict(_FIELD.findall(entry))
        if "Package" in fields:
            found[f"{fields['Package']}:{fields.get('Architecture', '')}"] = f"{fields.get('Version', '')} {fields.get('Status', '')}".strip()
    return found


def package_drifts(change: Change) -> Iterator[Drift]:
    """A drift for each package that was added, removed or changed; one of the file itself if there is none."""
    assert change.before and change.after
    before, after = (_packages(read(one.path) or "") for one in (change.before, change.after))
    reported = False
    for name, kind, was, now in changed_entries(before, after):
        reported = True
        yield Drift(f"package:{name}", "fixed", "critical", kind, was, now, ADOPT)
    if not reported:
        yield Drift(STATUS, "fixed", "warning", "content", "what the image has", "another text of the same packages", ADOPT)
