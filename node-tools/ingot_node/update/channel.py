"""The channels of a store, and its revoked versions (docs/channels.md): signed with a key of the image, read strictly."""

import calendar
import hashlib
import re
import time
from collections.abc import Callable

from ingot_node.update import record, strict_json
from ingot_node.update.error import Missing, UpdateError
from ingot_node.update.fetch import small
from ingot_node.update.node import Node
from ingot_node.update.trust import signed_payload
from ingot_node.update.version import NAME, NEWER, Version

CHANNELS = ("candidate", "stable")
POINTER_TYPE = "application/vnd.ingot.channel+json"
REVOKED = "channels/revoked.dsse.json"
REVOKED_TYPE = "application/vnd.ingot.revocations+json"
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z"
# Seconds by which two clocks may differ.
TOLERANCE = 300
LOCATOR_BYTES = 64 << 10
OLDER = "Do not update from there: somebody put an older pointer in its place, or the store is an old copy."


class NotFetched(UpdateError):
    """The list of revoked versions could not be fetched."""


def _time(text: object) -> float:
    """Seconds since 1970; ValueError for anything else than a time in UTC."""
    if not isinstance(text, str) or not re.fullmatch(ISO, text):
        raise ValueError("time")
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


def _entry(each: object) -> dict:
    patterns = {"role": "master|slave", "version": NAME, "rootHash": "[0-9a-f]{64}", "why": r"[^\x00-\x1f\x7f-\x9f]{1,500}", "on": ISO}
    if not isinstance(each, dict) or set(each) != set(patterns):
        raise ValueError("revoked")
    for name, pattern in patterns.items():
        if not isinstance(each[name], str) or not re.fullmatch(pattern, each[name]):
            raise ValueError(name)
    return each


def revocation_of(known: list[dict], role: str, version: str, root_hash: str | None) -> dict | None:
    """The revocation of a version, by its name or by its root hash."""
    return next((each for each in known if each.get("role") == role and (each.get("version") == version or each.get("rootHash") == root_hash)), None)


def _list_of(node: Node, store, least: int = 0) -> list[dict]:
    """The revoked versions of a store; UpdateError if its list is not signed, or older than a pointer says."""
    try:
        envelope = small(store, REVOKED)
    except Missing:
        if least > 0:
            raise UpdateError(f"{store.name} has no list of revoked versions, but its channel was signed after number {least} of it", OLDER) from None
        return []
    except UpdateError as error:
        raise NotFetched(str(error), error.hint) from None
    content = strict_json.read(signed_payload(envelope, node.keys, f"{store.name}/{REVOKED}", REVOKED_TYPE), f"{store.name}/{REVOKED}", NEWER)
    try:
        counter, found = content.get("counter"), content.get("revoked")
        if content.get("schema") != 1 or not isinstance(counter, int) or isinstance(counter, bool) or not isinstance(found, list):
            raise ValueError("schema")
        entries = [_entry(each) for each in found]
    except ValueError as error:
        raise UpdateError(f"{store.name}/{REVOKED} is signed, but its {error} is not valid", NEWER) from None
    if counter < least:
        raise UpdateError(f"{store.name} has number {counter} of its list of revoked versions, but its channel was signed after number {least}", OLDER)
    return entries


def read_revoked(node: Node, store, say: Callable[[str], None], least: int = 0) -> list[dict]:
    """Reads the revoked versions of a store and remembers them. None that was ever read is forgotten.

    Returns all that are known.
    """
    entries = _list_of(node, store, least)
    try:
        return record.add_revoked(node.state, entries)
    except OSError as error:
        say(f"the revoked versions cannot be remembered: {error}")
        return record.revoked(node.state) + entries


def refuse_revoked(version: Version, source, node: Node, say: Callable[[str], None]) -> None:
    """Raises UpdateError for a version that was revoked, as its store says, or any store that was read before."""
    try:
        known = read_revoked(node, source.store, say) if source.store else record.revoked(node.state)
    except NotFetched as error:
        # Some servers answer 403 for a file that they do not have. Whoever withholds the list could also remove it.
        say(f"{error}; the revoked versions that this node knows are {len(record.revoked(node.state))}")
        known = record.revoked(node.state)
    found = revocation_of(known, version.role, version.name, version.root_hash)
    if found:
        raise UpdateError(f"{version.name} was revoked on {found['on']}: {found['why']}", "Take another version: ingot list shows those of the store.")


def version_of_channel(node: Node, store, channel: str) -> str:
    """The version of this node's role that a channel of a store names.

    Raises UpdateError if the pointer is not signed, older than one that was read before, expired, or from the future.
    """
    name = f"channels/{channel}.dsse.json"
    what = f"{store.name}/{name}"
    payload = signed_payload(small(store, name), node.keys, what, POINTER_TYPE)
    pointer = strict_json.read(payload, what, NEWER)
    try:
        counter = pointer.get("counter")
        if pointer.get("schema") != 1 or pointer.get("channel") != channel or not isinstance(counter, int) or isinstance(counter, bool) or counter < 1:
            raise ValueError("schema, channel or counter")
        issued, expires = _time(pointer.get("issuedOn")), _time(pointer.get("expiresOn"))
        least = pointer.get("revocations")
        if isinstance(least, bool) or not isinstance(least, int):
            raise ValueError("revocations")
        versions = pointer.get("versions")
        named = versions.get(node.role) if isinstance(versions, dict) else None
        version = named.get("version") if isinstance(named, dict) else None
        if version is not None and (not isinstance(version, str) or not re.fullmatch(NAME, version)):
            raise ValueError("version")
    except ValueError as error:
        raise UpdateError(f"{what} is signed, but its {error} is not valid", NEWER) from None
    digest = hashlib.sha256(payload).hexdigest()
    _refuse_old(node, f"{store.name} {channel}", counter, digest)
    now = time.time()
    if issued > now + TOLERANCE:
        raise UpdateError(f"{what} was signed at {pointer['issuedOn']}, which is in the future", "Check the clock of this node (chronyc tracking), and of the machine that signed.")
    if expires < now:
        raise UpdateError(f"{what} expired at {pointer['expiresOn']}: nothing shows that it is still the newest", "Check that the server has the newest copy of the store.")
    _list_of(node, store, least)
    record.see_counter(node.state, f"{store.name} {channel}", counter, digest)
    if version is None:
        raise UpdateError(f"{channel} of {store.name} names no {node.role}", f"Promote one: ingot promote VERSION {channel}.")
    return version


def folder_of_version(node: Node, store, version: str):
    """The folder of a version of this node's role: ROLE/VERSION of a store, ROLE/DIGEST/VERSION where it was published.

    What says where it is needs no signature: the version has one, and its name is compared.
    """
    locator = f"{node.role}/{version}.json"
    try:
        found = small(store, locator, limit=LOCATOR_BYTES)
    except UpdateError:
        # Some servers answer 403 for a file that they do not have.
        return store.below(node.role, version)
    content = strict_json.read(found, f"{store.name}/{locator}", NEWER)
    path = content.get("path")
    if not isinstance(path, str) or not re.fullmatch(f"{node.role}/[0-9a-f]{{16}}/{re.escape(version)}", path):
        raise UpdateError(f"{store.name}/{locator} is not what ingot publish wrote", "Publish the version again.")
    return store.below(*path.split("/"))


def _refuse_old(node: Node, place: str, counter: int, digest: str) -> None:
    """Raises UpdateError for a pointer that is not the newest that this node has read from that place."""
    seen = record.seen_counters(node.state).get(place)
    highest = seen.get("counter") if isinstance(seen, dict) else None
    if not isinstance(highest, int) or not isinstance(seen, dict):
        return
    if counter < highest:
        raise UpdateError(f"{place} has the number {counter}, but number {highest} was read before", OLDER)
    if counter == highest and digest != seen.get("sha256"):
        raise UpdateError(f"{place} has the number {counter}, and so had another pointer that was read before", OLDER)
