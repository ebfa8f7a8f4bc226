"""Assigns what was written above the root to the four classes that the image declares."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.accounts import account_drifts, is_account_file
from ingot_node.drift.changes import Change, executable
from ingot_node.drift.declared import Declared
from ingot_node.drift.derived import Derived
from ingot_node.drift.file_facts import FileFacts, sha256
from ingot_node.drift.finding import ADOPT, INVESTIGATE, Drift
from ingot_node.drift.packages import STATUS, package_drifts
from ingot_node.drift.text_diff import file_diff

OWN = "/usr/lib/ingot/"


class Judged(namedtuple("Judged", ("drifts", "state"))):
    """The drifts, and the number of changed paths of state."""


def _said(found: FileFacts | None) -> str | None:
    if found is None:
        return None
    return found.said() + (f" sha256:{found.digest or sha256(found.path)}" if found.type == "file" else "")


def _diff(change: Change) -> list:
    before, after = change.before, change.after
    if any(one is not None and (one.type != "file" or not one.path) for one in (before, after)) or change.kind in ("mode", "owner", "xattr"):
        return []
    return file_diff(change.path, before and before.path, after and after.path)


def _of(change: Change, klass: str, severity: str, kind: str, hint: str, expected: str | None = None) -> Drift:
    return Drift(change.path, klass, severity, kind, expected or _said(change.before), _said(change.after), hint, _diff(change))


def _class_of(declared: Declared, path: str) -> str:
    """The class of a path.

    ingot's own files are always fixed, whatever the declarations say. A statement with the exact path precedes one with
    a glob, and forbidden precedes fixed and state. An undeclared path is fixed.
    """
    if path.startswith(OWN):
        return "fixed"
    classes = ("forbidden", "fixed", "state")
    named = (klass for klass in classes if declared.names(klass, path))
    fitting = (klass for klass in classes if declared.first(klass, path))
    return next(named, None) or next(fitting, "fixed")


def _judge(declared: Declared, change: Change) -> Drift | None:
    """The drift of a change; None for state."""
    after = change.after
    if after is not None and after.special and (change.before is None or change.kind != "owner"):
        return _of(change, "forbidden", "critical", after.special, INVESTIGATE, change.before and _said(change.before))
    if after is not None and after.is_device:
        return _of(change, "forbidden", "critical", "device", INVESTIGATE)
    klass = "forbidden" if is_account_file(change.path) and change.kind.startswith("content") else _class_of(declared, change.path)
    if klass == "state":
        return None
    if klass == "forbidden":
        why = declared.first("forbidden", change.path)
        expected = None if change.before else f"nothing: {why.why}" if why else None
        return _of(change, "forbidden", "critical", change.kind, INVESTIGATE, expected)
    grave = any(one is not None and executable(one) for one in (change.before, after)) or change.kind == "replaced"
    return _of(change, "fixed", "critical" if grave else "warning", change.kind, ADOPT)


def judge_files(found: Iterator[Change], declared: Declared, derived: Derived) -> Judged:
    """The drifts of all changes by path: each file is reported once, by the most specific check."""
    drifts: dict[str, Drift] = {}
    state = 0

    def keep(drifts_of_one: Iterator[Drift]) -> None:
        for drift in drifts_of_one:
            drifts.setdefault(drift.path, drift)

    for change in found:
        # If only the manifest describes the old file, just its digest is known, not its content.
        readable = change.before is not None and change.before.path != ""
        provider = derived.provider(change.path)
        if provider is not None:
            drift = derived.judge(change.path, change.after)
            keep(iter([drift] if drift else []))
        elif readable and is_account_file(change.path) and change.kind == "content":
            keep(account_drifts(change))
        elif readable and change.path == STATUS and change.kind == "content":
            keep(package_drifts(change))
        else:
            drift = _judge(declared, change)
            if drift:
                drifts[change.path] = drift
            else:
                state += 1
    keep(derived.everything())
    return Judged(drifts, state)
