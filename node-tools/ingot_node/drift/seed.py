"""The node's copy of its cluster seed: trusted only if a key of the image has signed it, then parsed."""

from __future__ import annotations

import os
from collections import namedtuple

from ingot_node.drift.digest import sha256
from ingot_node.drift.finding import INVESTIGATE, Drift
from ingot_node.drift.place import Place, names, read, read_bytes
from ingot_node.drift.seed_form import SeedForm, UnknownForm, parse_form

# The initrd's copy is preferred: it was written before anybody could log in. cloud-init's copy is empty if the seed was
# refused.
INITRD = "/run/ingot/user-data"
INSTANCE = "/var/lib/cloud/instance"
KEYS = "/usr/lib/ingot/seed-keys"
PATH = "/etc/ingot/cluster.json"
SEED_AGAIN = "restart the node, which gets its seed again; if that is refused too, generate the seed with ingot seed"

# Owner, group, mode and complete content of a file.
SeedFile = namedtuple("SeedFile", ("uid", "gid", "mode", "content"))


class SeedCopy(namedtuple("SeedCopy", ("sha256", "signed_by", "form", "problems"))):
    """`sha256`: of the text, None without one; `signed_by`: the name of the image's key, or None.

    `form` is None if nothing may be derived from the seed; then `problems` has the reason.
    """

    @property
    def cluster(self) -> str | None:
        """The content of cluster.json in the seed."""
        entry = self.form.files.get(PATH) if self.form else None
        return entry.content if entry else None

    def keys(self, user: str) -> list[str]:
        """The lines of the user's authorized_keys."""
        return self.form.keys.get(user, []) if self.form else []

    def facts(self) -> dict | None:
        """For the head of the answer; None if the node has no seed."""
        return {"sha256": self.sha256, "signedBy": self.signed_by} if self.sha256 else None


def _instance(place: Place) -> str:
    """cloud-init's copy.

    Its folder is a link with an absolute path, which would lead out of a root that is only inspected.
    """
    try:
        target = os.readlink(place.live(INSTANCE))
    except OSError:
        return INSTANCE + "/user-data.txt"
    return (target if target.startswith("/") else f"/var/lib/cloud/{target}") + "/user-data.txt"


def _problem(path: str, kind: str, expected: str, there: str) -> Drift:
    return Drift(path, "derived", "critical", kind, expected, there, f"{SEED_AGAIN}; {INVESTIGATE}")


def _refusal(place: Place, text: bytes) -> tuple[str | None, str]:
    """The key of the image that signed the text, and why it is refused; both empty if the image has no keys."""
    keys = [place.golden(f"{KEYS}/{name}") for name in names(place.golden(KEYS)) if name.endswith(".pem")]
    if not keys:
        return None, ""
    from ingot_node.seed_trust import verdict  # pylint: disable=import-outside-toplevel # an image without keys needs no verifier

    found = verdict(text, keys)
    return found.signed_by or None, found.refusal


def _form(path: str, text: bytes) -> tuple[SeedForm | None, list[Drift]]:
    try:
        return parse_form(text.decode("utf-8")), []
    except (UnknownForm, UnicodeDecodeError) as error:
        where = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        return None, [_problem(path, "not known", "user data in the form that ingot seed writes", where)]


def seed_copy(place: Place) -> SeedCopy:
    """Reads and verifies the copy.

    Nothing is derived if the image has keys and the copy is not signed, if two copies differ, or if the copy does not
    have the form of ingot seed.
    """
    copies = [(path, text) for path in (INITRD, _instance(place)) if (text := read_bytes(place.live(path)))]
    if not copies:
        return SeedCopy(None, None, None, [])
    path, text = copies[0]
    digest = sha256(text).hexdigest()
    signed_by, refusal = _refusal(place, text)
    if refusal:
        return SeedCopy(digest, None, None, [_problem(path, "not signed", "a seed that a key of this image has signed", refusal)])
    if any(other != text for _, other in copies[1:]):
        return SeedCopy(digest, signed_by, None, [_problem(path, "two texts", f"the same text as {copies[1][0]}", f"sha256:{digest} and sha256:{sha256(copies[1][1]).hexdigest()}")])
    form, problems = _form(path, text)
    return SeedCopy(digest, signed_by, form, problems)


def _number(place: Place, file: str, name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    lines = (line.split(":") for line in (read(place.golden(file)) or "").splitlines())
    return next((int(words[2]) for words in lines if words[0] == name), None)


def seed_files(place: Place, seed: SeedCopy) -> dict[str, SeedFile]:
    """Path -> the file that cloud-init writes there, except cluster.json, which has its own check.

    A file whose owner the image does not know is not computed.
    """
    found = {}
    for entry in seed.form.files.values() if seed.form else ():
        user, _, group = entry.owner.partition(":")
        uid, gid = _number(place, "/etc/passwd", user), _number(place, "/etc/group", group or user)
        octal = entry.permissions != "" and all(digit in "01234567" for digit in entry.permissions)
        if entry.path != PATH and octal and uid is not None and gid is not None:
            found[entry.path] = SeedFile(uid, gid, int(entry.permissions, 8), entry.content)
    return found
