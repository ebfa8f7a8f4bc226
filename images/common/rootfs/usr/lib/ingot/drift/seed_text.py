"""The cluster seed as the node received it: user-data, by the initrd's copy or cloud-init's."""

from __future__ import annotations

import re

from drift.place import Place, read

# The initrd's comes first: it was there before anybody could log in.
PLACES = ("/run/ingot/user-data", "/var/lib/cloud/instance/user-data.txt")

# OpenSSH, sshd(8), AUTHORIZED_KEYS FILE FORMAT: type and base64 of a key.
_KEY = re.compile(r"\b((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]{20,}={0,3})")
# Between the words of JSON, and what YAML puts around it.
_BLANKS = re.compile(r"\\n|[\\\s]")


def seed_text(place: Place) -> str | None:
    """None where the node kept none."""
    return next((text for text in (read(place.live(path)) for path in PLACES) if text), None)


def compact(text: str) -> str:
    """JSON as it stands in YAML, in whatever form, without blanks and escapes (as the initrd reads it)."""
    return _BLANKS.sub("", text)


def keys_in(text: str) -> list[str]:
    """The public keys that stand in the text, sorted, each once."""
    return sorted({" ".join(found) for found in _KEY.findall(text)})
