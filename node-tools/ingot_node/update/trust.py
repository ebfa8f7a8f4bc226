"""Whom this node trusts: the signature of a version, and the keys of the image.

SHA256SUMS.dsse is a DSSE envelope (secure-systems-lab/dsse, protocol v1).
"""

import base64
import binascii
import hashlib
import os
import re
import subprocess
import tempfile

from ingot_node.update import strict_json
from ingot_node.update.error import UpdateError

PAYLOAD_TYPE = "application/vnd.ingot.sha256sums"
# A version has only a few signatures.
MOST_SIGNATURES = 32
UNSIGNED = "Sign it (ingot sign), or use a version that is signed with a key of this image."


def parse_sums(text: str) -> dict[str, str]:
    """Relative path -> SHA-256 in hex, from lines "HEX  path"; UpdateError for any other line."""
    sums: dict[str, str] = {}
    for line in text.removesuffix("\n").split("\n"):
        found = re.fullmatch(r"([0-9a-f]{64})  (\S.*)", line)
        if not found or found.group(2) in sums:
            raise UpdateError(f"SHA256SUMS has an invalid line: {line[:100]!r}")
        sums[found.group(2)] = found.group(1)
    return sums


def _decode(text: str, what: str, name: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        decoded = b""
    # Spare bits in the last character would allow two texts for the same bytes.
    if not decoded or base64.b64encode(decoded).decode() != text:
        raise UpdateError(f"{name} is damaged: its {what} is not base64", UNSIGNED)
    return decoded


def _openssl(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False)


def key_id(key: str) -> str:
    """SHA-256 of the key's SPKI in DER, in hex; "" if the file is not a public key."""
    done = _openssl("pkey", "-pubin", "-in", key, "-outform", "DER")
    return hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 else ""


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's PAE."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def signed_by(key: str, message: bytes, signature: bytes) -> bool:
    # openssl-pkeyutl(1): -rawin accepts only files, because ed25519 needs the whole message at once.
    # For ECDSA P-256 it hashes the message with SHA-256.
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("message", message), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        done = _openssl(
            *("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key),
            *("-in", os.path.join(folder, "message"), "-sigfile", os.path.join(folder, "signature")),
        )
    return done.returncode == 0


def _parts(envelope: dict, name: str, payload_type: str) -> tuple[str, list[tuple[str, str]]]:
    """The payload in base64, and the key id and the signature of each entry."""
    signatures = envelope.get("signatures")
    well_formed = set(envelope) == {"payloadType", "payload", "signatures"} and isinstance(envelope["payload"], str)
    if not well_formed or not isinstance(signatures, list) or envelope["payloadType"] != payload_type or not 0 < len(signatures) <= MOST_SIGNATURES:
        raise UpdateError(f"{name} is not a signed envelope of {payload_type}", UNSIGNED)
    for each in signatures:
        if not isinstance(each, dict) or set(each) != {"keyid", "sig"} or not all(isinstance(text, str) for text in each.values()):
            raise UpdateError(f"{name} is damaged: a signature must be a keyid and a sig, both text", UNSIGNED)
    return envelope["payload"], [(each["keyid"], each["sig"]) for each in signatures]


def signed_payload(envelope: bytes, keys: list[str], name: str = "SHA256SUMS.dsse", payload_type: str = PAYLOAD_TYPE) -> bytes:
    """The payload, if one of the keys (paths of PEM files) has signed it; otherwise UpdateError with the reason.

    `name`: how messages call the envelope.
    """
    if not keys:
        raise UpdateError(
            "this image has no update keys, so it trusts no version",
            "Name a public key under updates.keys of the spec, bake, and write that image to the disk.",
        )
    encoded, named = _parts(strict_json.read(envelope, name, UNSIGNED), name, payload_type)
    payload = _decode(encoded, "payload", name)
    message = pre_authentication(payload_type, payload)
    known = {key_id(key): key for key in keys}
    known.pop("", None)
    for signer, signature in named:
        if signer in known and signed_by(known[signer], message, _decode(signature, "signature", name)):
            return payload
    ours = ", ".join(f"{os.path.basename(key)[:-4]} ({signer[:12]}…)" for signer, key in known.items()) or "none that can be read"
    theirs = ", ".join(f"{ascii(signer)[1:13]}…" for signer, _ in named)
    what = "the version" if payload_type == PAYLOAD_TYPE else name
    if not any(signer in known for signer, _ in named):
        raise UpdateError(f"{what} is signed with another key ({theirs}); this image trusts {ours}", UNSIGNED)
    raise UpdateError(f"the signature of {name} by {theirs} is wrong: {what} was altered after it was signed", UNSIGNED)
