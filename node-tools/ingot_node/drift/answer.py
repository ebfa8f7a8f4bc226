"""The answer as lines of JSON: a head, then a line for each drift.

Its digests let a reader look for details only where nodes differ.
"""

from __future__ import annotations

import json
import time

from ingot_node.drift.digest import sha256
from ingot_node.drift.finding import CLASSES, Drift
from ingot_node.drift.look import Seen

SCHEMA = 2


def _digest(parts: list[str]) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _top(drift: Drift) -> str:
    """The top folder of a path; for what no file shows, its prefix, such as sysctl."""
    if drift.path.startswith("/"):
        return "/" + drift.path.split("/")[1]
    return drift.path.partition(":")[0]


def tree(drifts: list[Drift]) -> dict[str, dict]:
    """Class -> its digest and the digest of each top folder; classes without drift are omitted."""
    found: dict[str, dict[str, list[str]]] = {}
    for drift in drifts:
        found.setdefault(drift.klass, {}).setdefault(_top(drift), []).append(_digest([drift.identity()]))
    levels = {}
    for klass in sorted(found):
        folders = {folder: _digest(sorted(found[klass][folder])) for folder in sorted(found[klass])}
        levels[klass] = {"digest": _digest([f"{name} {digest}" for name, digest in folders.items()]), "folders": folders}
    return levels


def digest(seen: Seen) -> str:
    """The digest of the whole node: equal on nodes with the same root, the same seed and the same drift."""
    levels = tree(seen.drifts)
    head = [str(SCHEMA), seen.version or "", seen.root_hash or "", str(seen.verified), seen.seed["sha256"] if seen.seed else ""]
    return _digest(head + [f"{klass} {level['digest']}" for klass, level in levels.items()])


def counts(seen: Seen) -> dict[str, int]:
    return {klass: sum(1 for drift in seen.drifts if drift.klass == klass) for klass in CLASSES}


def head(seen: Seen) -> dict:
    return {
        "schema": SCHEMA,
        "node": seen.node,
        "role": seen.role,
        "version": seen.version,
        "rootHash": seen.root_hash,
        "verified": seen.verified,
        "seed": seen.seed,
        "boot": seen.boot,
        "digest": digest(seen),
        "drift": len(seen.drifts),
        "counts": counts(seen),
        "critical": sum(1 for drift in seen.drifts if drift.severity == "critical"),
        "state": seen.state,
        "clockSynchronised": seen.synchronised,
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seen.when)),
        "seconds": round(seen.seconds, 3),
        "tree": tree(seen.drifts),
        **({"scan": seen.scan.facts()} if seen.scan else {}),
    }


def lines(seen: Seen) -> str:
    """JSON lines; parts of a name that are not UTF-8 are escaped."""
    return "".join(json.dumps(entry) + "\n" for entry in [head(seen), *(drift.facts() for drift in seen.drifts)])
