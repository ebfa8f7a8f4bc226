"""The update history of this node, in its state.

last.json has the last attempt; failed.json has the versions that did not become healthy here.
"""

import json
import os
import time

from ingot_node.update.partition import sync_folder

# Entries of failed.json; the oldest are removed.
MOST = 20


def _read(folder: str, name: str) -> dict:
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: str, name: str, content: dict) -> None:
    os.makedirs(folder, mode=0o755, exist_ok=True)
    path = os.path.join(folder, name)
    # Confirmation and deadline may write at the same moment.
    own = f"{path}.{os.getpid()}"
    with open(own, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(own, path)
    # The machine restarts soon afterwards, not always cleanly.
    sync_folder(folder)


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def last(folder: str) -> dict:
    """when, what (refused, broken-off, written, trying, confirmed, failed), version, from, why.

    Empty if there was no attempt.
    """
    return _read(folder, "last.json")


def failed(folder: str) -> dict[str, dict]:
    """Version -> when and why it failed on this node."""
    return _read(folder, "failed.json")


def revoked(folder: str) -> list[dict]:
    """The versions that this node knows to be revoked: role, version, rootHash, why, on."""
    found = _read(folder, "revoked.json").get("revoked")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def add_revoked(folder: str, more: list[dict]) -> list[dict]:
    """Remembers revoked versions and returns all of them: none is ever forgotten."""
    known = revoked(folder)
    new = [each for each in more if each not in known]
    if new:
        _write(folder, "revoked.json", {"schema": 1, "revoked": known + new})
    return known + new


def seen_counters(folder: str) -> dict[str, dict]:
    """"STORE CHANNEL" -> the highest counter of a pointer that this node has read, and the digest of that pointer."""
    return _read(folder, "channels.json")


def see_counter(folder: str, name: str, counter: int, digest: str) -> None:
    """Remembers the counter of a pointer."""
    seen = seen_counters(folder)
    if seen.get(name) != {"counter": counter, "sha256": digest}:
        _write(folder, "channels.json", {**seen, name: {"counter": counter, "sha256": digest}})


def note(folder: str, what: str, **facts: str) -> None:
    """Records the last attempt; a failure or a confirmation is also recorded for its version."""
    said = {"schema": 1, "when": now(), "what": what, **{name: value for name, value in facts.items() if value}}
    _write(folder, "last.json", said)
    version = said.get("version", "")
    others = {name: each for name, each in failed(folder).items() if name != version}
    if what == "failed":
        kept = dict(list(others.items())[-(MOST - 1) :])
        _write(folder, "failed.json", {**kept, version: {"when": said["when"], "why": said.get("why", "")}})
    elif what == "confirmed" and version in failed(folder):
        _write(folder, "failed.json", others)
