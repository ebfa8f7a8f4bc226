"""One drift: what differs, where, and how important it is."""
from __future__ import annotations

from collections import namedtuple

CLASSES = ("fixed", "derived", "forbidden", "running")

# Common hints, so that the same advice always has the same words.
REBOOT = "restart the node: this removes all changes above the root"
ADOPT = "if it is wanted, add it to images/ and bake; otherwise restart the node"
INVESTIGATE = "find out who did this before a restart removes it"
LASTING = "find out who did this; a restart does not remove it: rewrite the slot with ingot-update, or write the image to the disk"
LASTING_STATE = "find out who did this; a restart does not remove it: remove it from the data partition (docker rm), or erase the partition"


class Drift(namedtuple("Drift", ("path", "klass", "severity", "kind", "expected", "there", "hint", "diff"), defaults=([],))):
    """`path`: a file, or a name for something else (sysctl:NAME, mount:TARGET, …).

    `severity`: critical if it opens or hides a way in, otherwise warning.
    """

    def facts(self) -> dict[str, object]:
        """The drift for a line of JSON."""
        said = {
            "path": self.path,
            "class": self.klass,
            "severity": self.severity,
            "kind": self.kind,
            "expected": self.expected,
            "there": self.there,
            "hint": self.hint,
        }
        return {**said, "diff": self.diff} if self.diff else said

    def identity(self) -> str:
        """The text that is equal on nodes with the same drift."""
        return "\0".join((self.klass, self.path, self.kind, self.severity, self.expected or "", self.there or ""))


def running(path: str, kind: str, expected: str | None, there: str | None, hint: str = REBOOT, severity: str = "critical") -> Drift:
    """A drift that no file shows."""
    return Drift(path, "running", severity, kind, expected, there, hint)
