"""One drift: what differs, where, and how much it matters."""
from __future__ import annotations

from collections import namedtuple

CLASSES = ("fixed", "derived", "forbidden", "running")

# Of hints, so that the same thing is said in the same words.
REBOOT = "restart the node: what lies above the root is gone then"
ADOPT = "if it is wanted, bring it into images/ and bake; else restart the node"
INVESTIGATE = "find out who did this before the restart that removes it"
LASTING = "find out who did this; a restart keeps it: write the slot anew with ingot-update, or the image to the disk"
LASTING_STATE = "find out who did this; a restart keeps it: remove it from the data partition (docker rm), or empty that"


class Drift(namedtuple("Drift", ("path", "klass", "severity", "kind", "expected", "there", "hint", "diff"), defaults=([],))):
    """`path`: a file, or what stands for one (sysctl:NAME, mount:TARGET, …). `severity`: critical where it opens or hides a way in, else warning."""

    def facts(self) -> dict[str, object]:
        """As a line of JSON has it."""
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
        """What nodes with the same drift have in common."""
        return "\0".join((self.klass, self.path, self.kind, self.severity, self.expected or "", self.there or ""))


def running(path: str, kind: str, expected: str | None, there: str | None, hint: str = REBOOT, severity: str = "critical") -> Drift:
    """A drift that no file shows."""
    return Drift(path, "running", severity, kind, expected, there, hint)
