"""A version as described by its signed files boot.json, slot.cfg and checks.json, each read strictly."""

import re
from typing import NamedTuple

from ingot_node.update import strict_json
from ingot_node.update.error import UpdateError

# In the order in which they are fetched, large files last; slot.cfg, which completes the slot, is not in the list.
FILES = ("boot.json", "vmlinuz", "initrd.img", "root.verity", "root.squashfs")
# Has the time when the version was published. Versions made before this was recorded do not have the file.
RECORD = "checks.json"
NAME = r"[0-9]{8}-[0-9a-f]{12}"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
# Files on FAT must be smaller than 4 GiB.
LARGEST_ROOT = (4 << 30) - 1
NEWER = "It was made by a newer ingot: update to a version in between first."


class Origin(NamedTuple):
    """The cluster of a version and the age of its lock.

    `date` is like 2026-11-28T02:53:00Z, so that sorting the texts sorts the times.
    """

    cluster: str
    date: str
    production: bool
    architecture: str
    layout: str


class Version(NamedTuple):
    """A version with a valid signature.

    `digests` maps files to SHA-256 in hex; `origin` is None for versions made before boot.json contained it.
    """

    name: str
    role: str
    root_hash: str
    root_bytes: int
    origin: Origin | None
    published: str
    digests: dict[str, str]
    slot_config: bytes
    # What was signed, and by which key: SHA256SUMS and SHA256SUMS.dsse, kept in the slot for ingot-drift.
    sums: bytes
    envelope: bytes

    @property
    def files(self) -> tuple[str, ...]:
        """The files in a slot, besides slot.cfg."""
        return (RECORD, *FILES) if RECORD in self.digests else FILES


def _text(record: dict, name: str, pattern: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(name)
    return value


def _origin(record: dict) -> Origin:
    word = r"[A-Za-z0-9._-]{1,64}"
    if not isinstance(record.get("production"), bool):
        raise ValueError("production")
    return Origin(
        _text(record, "cluster", word), _text(record, "date", DATE), record["production"], _text(record, "architecture", word), _text(record, "layout", word)
    )


def read_boot(content: bytes, what: str) -> tuple[str, str, str, int, Origin | None]:
    """Name, role, root hash, size of the root in bytes, and origin from a signed boot.json.

    Raises UpdateError if it is not valid.
    """
    record = strict_json.read(content, what, NEWER)
    schema, size = record.get("schema"), record.get("rootBytes")
    try:
        if isinstance(schema, bool) or schema not in (1, 2):
            raise ValueError("schema")
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= LARGEST_ROOT:
            raise ValueError("rootBytes")
        name, role, root_hash = _text(record, "version", NAME), _text(record, "role", "master|slave"), _text(record, "rootHash", "[0-9a-f]{64}")
        return name, role, root_hash, size, _origin(record) if schema == 2 else None
    except ValueError as error:
        raise UpdateError(f"{what} is signed, but its {error} is not valid", NEWER) from None


def published_in(content: bytes) -> str:
    """The time of publication in checks.json, or "" if it is missing; UpdateError if the bytes are not a record."""
    found = strict_json.read(content, RECORD, fractions=True).get("published", "")
    return found if isinstance(found, str) and re.fullmatch(DATE, found) else ""


def slot_config(text: str) -> dict[str, str]:
    """version and rootHash from the text of a slot.cfg, if they are in it."""
    version: re.Match | None = re.search(r"""^\s*set ingot_version=(['"]?)([^'"\s]+)\1\s*$""", text, re.MULTILINE)
    root_hash = re.search(r"\bingot\.roothash=([0-9a-f]{64})\b", text)
    return {
        **({"version": version.group(2)} if version else {}),
        **({"rootHash": root_hash.group(1)} if root_hash else {}),
    }
