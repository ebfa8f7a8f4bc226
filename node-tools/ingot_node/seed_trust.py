"""Whether this node trusts a seed (docs/seed.md).

The last line of user-data is a signature of all text before it; the image has the keys.
"""

import base64
import binascii
import os
import re
from typing import NamedTuple

from ingot_node.update.trust import key_id, pre_authentication, signed_by

PAYLOAD_TYPE = "application/vnd.ingot.seed"
# Bytes: the seed of a large cluster has a few hundred thousand.
LARGEST = 4 << 20
# ed25519: 64 bytes. ECDSA P-256: DER of up to 72 bytes.
LAST_LINE = re.compile(rb"# ingot-seed-signature ([0-9a-f]{64}) ([A-Za-z0-9+/]{80,100}={0,2})\n")
SIGN_AGAIN = "generate it with ingot seed … --sign KEY, give it to every node, and restart"


class Verdict(NamedTuple):
    """The key of the image that signed a seed, or why the seed is refused."""

    signed_by: str
    refusal: str


def _name(key: str) -> str:
    return os.path.basename(key)[: -len(".pem")]


def verdict(user_data: bytes, keys: list[str]) -> Verdict:
    """Checks whether one of the keys (paths of PEM files) has signed the complete text."""
    if len(user_data) > LARGEST:
        return Verdict("", f"the seed has more than {LARGEST} bytes: {SIGN_AGAIN}")
    start = user_data.rfind(b"\n", 0, -1) + 1
    found = LAST_LINE.fullmatch(user_data, start)
    if not found:
        where = " (its signature is not the last line)" if b"\n# ingot-seed-signature " in user_data else ""
        return Verdict("", f"the seed is not signed{where}, and this image trusts only signed seeds: {SIGN_AGAIN}")
    signer = found.group(1).decode()
    known = {key_id(key): key for key in keys}
    known.pop("", None)
    if signer not in known:
        ours = ", ".join(f"{_name(key)} ({each[:12]}…)" for each, key in known.items()) or "none that can be read"
        return Verdict("", f"the seed is signed with another key ({signer[:12]}…); this image trusts {ours}: {SIGN_AGAIN}")
    try:
        signature = base64.b64decode(found.group(2), validate=True)
    except (ValueError, binascii.Error):
        signature = b""
    # Spare bits in the last character would allow two texts for the same signature.
    exact = base64.b64encode(signature) == found.group(2)
    if exact and signed_by(known[signer], pre_authentication(PAYLOAD_TYPE, user_data[:start]), signature):
        return Verdict(_name(known[signer]), "")
    return Verdict("", f"the seed was altered after {_name(known[signer])} ({signer[:12]}…) signed it: {SIGN_AGAIN}")
