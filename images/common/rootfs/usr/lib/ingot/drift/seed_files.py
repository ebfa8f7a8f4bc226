"""The files that the seed brings beside the cluster's (seed.files of a spec), as templates/cloud-init/node/user-data.hbs writes them."""

from __future__ import annotations

import json
from collections import namedtuple

from drift.place import Place, names, read

KEYS = "/usr/lib/ingot/seed-keys"
# Whose numbers are uid and gid, mode, and the whole content.
SeedFile = namedtuple("SeedFile", ("uid", "gid", "mode", "content"))


def _scalar(text: str) -> str:
    """Of one line; ValueError for a form that no seed of ingot has."""
    if text.startswith('"'):
        return json.loads(text)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def _entries(text: str) -> list[dict[str, str]]:
    """What stands in write_files, an entry for each file. One that is written in another way than ingot's ends the list: what follows is not known."""
    found: list[dict[str, str]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith(" "):
            inside = line == "write_files:"
            continue
        if not inside:
            continue
        name, colon, value = line[4:].partition(": ")
        if line.startswith("  - "):
            found.append({})
        if not found or not colon or line[:4] not in ("  - ", "    "):
            break
        try:
            found[-1][name] = _scalar(value.strip())
        except ValueError:
            found.pop()
            break
    return found


def _number(place: Place, file: str, name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    lines = (line.split(":") for line in (read(place.golden(file)) or "").splitlines())
    return next((int(words[2]) for words in lines if words[0] == name), None)


def _believed(place: Place, text: str) -> bool:
    """An image with seed keys believes signed seeds alone, as cloud-init did."""
    keys = [place.golden(f"{KEYS}/{name}") for name in names(place.golden(KEYS)) if name.endswith(".pem")]
    if not keys:
        return True
    from seed_trust import verdict  # pylint: disable=import-outside-toplevel # most images have no keys

    return not verdict(text.encode("utf-8", "surrogateescape"), keys).refusal


def seed_files(place: Place, text: str | None, besides: str) -> dict[str, SeedFile]:
    """Path -> what cloud-init writes there. text: the user-data; besides: the file of the seed itself, which has a judge of its own."""
    entries = [entry for entry in _entries(text or "") if entry.get("path", "").startswith("/") and entry["path"] != besides]
    if not entries or not _believed(place, text or ""):
        return {}
    found = {}
    for entry in entries:
        user, _, group = entry.get("owner", "root:root").partition(":")
        uid, gid = _number(place, "/etc/passwd", user), _number(place, "/etc/group", group or user)
        mode = entry.get("permissions", "0644")
        plain = set(entry) <= {"path", "owner", "permissions", "content"} and "content" in entry and all(digit in "01234567" for digit in mode)
        if plain and uid is not None and gid is not None:
            found[entry["path"]] = SeedFile(uid, gid, int(mode or "0644", 8), entry["content"])
    return found
