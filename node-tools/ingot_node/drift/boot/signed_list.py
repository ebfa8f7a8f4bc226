"""The signed list that ingot-update keeps in the slot that it writes."""

from __future__ import annotations

from ingot_node.drift.place import Place, names, read_bytes

KEYS = "/usr/lib/ingot/update-keys"
SUMS, ENVELOPE = "SHA256SUMS", "SHA256SUMS.dsse"


def signed_digests(place: Place, folder: str) -> tuple[dict[str, str] | None, str]:
    """File -> SHA-256 as signed with an update key of the image.

    None if there is no list; if the list is not trusted, None with the reason.
    """
    envelope = read_bytes(f"{folder}/{ENVELOPE}")
    sums = read_bytes(f"{folder}/{SUMS}")
    if envelope is None and sums is None:
        return None, ""
    from ingot_node.update.error import UpdateError  # pylint: disable=import-outside-toplevel # a slot that came with the disk has no list
    from ingot_node.update.trust import parse_sums, signed_payload  # pylint: disable=import-outside-toplevel

    keys = [place.golden(f"{KEYS}/{name}") for name in names(place.golden(KEYS)) if name.endswith(".pem")]
    try:
        payload = signed_payload(envelope or b"", keys)
        if payload != sums:
            return None, "SHA256SUMS is not the list that was signed"
        return parse_sums(payload.decode("utf-8", "replace")), ""
    except UpdateError as error:
        return None, str(error)
