"""The content of the salt of a hash tree, which the root hash verifies.

ingot salts the tree of a root with three SHA-256: of its kernel, its initrd, and its slot.cfg
(src/version/verity-salt.ts). The root hash is the SHA-256 of the salt and the top block of the tree (cryptsetup,
veritysetup(8); Linux, Documentation/admin-guide/device-mapper/verity.rst), so the correct root hash also verifies these
three, without reading the root.
"""

from __future__ import annotations

import struct
from collections import namedtuple

from ingot_node.drift.digest import sha256

# lib/verity/verity.c of cryptsetup, struct verity_sb: signature, version, type, uuid, algorithm, both block sizes,
# block count, salt size, salt.
_HEADER = struct.Struct("<8sII16s32sIIQH6x256s168x")
BLOCK = 4096
DIGEST = 32


class Bound(namedtuple("Bound", ("kernel", "initrd", "slot_config"))):
    """SHA-256 in hex of the files that a root hash binds besides its root."""


class HashTree(namedtuple("HashTree", ("root_hash", "data_bytes", "bound"))):
    """`root_hash`: computed from the tree's own salt and top block.

    `bound` is None for the tree of an older ingot, whose salt has no digests.
    """


def hash_tree(path: str) -> HashTree | None:
    """Reads a tree; None if it is not in the form that ingot makes.

    Only its first two blocks are read: the kernel verifies those below them with the root.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            head, top = file.read(BLOCK), file.read(BLOCK)
    except OSError:
        return None
    if len(head) != BLOCK or len(top) != BLOCK:
        return None
    signature, version, kind, _, algorithm, data_block, hash_block, count, size, salt = _HEADER.unpack_from(head)
    if (signature, version, kind) != (b"verity\0\0", 1, 1) or algorithm.rstrip(b"\0") != b"sha256" or (data_block, hash_block) != (BLOCK, BLOCK) or size > len(salt):
        return None
    salt = salt[:size]
    parts = [salt[at : at + DIGEST].hex() for at in range(0, size, DIGEST)]
    return HashTree(sha256(salt + top).hexdigest(), count * data_block, Bound(*parts) if size == 3 * DIGEST else None)


def unhashed(slot_config: bytes, root_hash: str) -> str:
    """The digest of a slot.cfg for the salt: with zeros for the root hash, which is not known before the salt."""
    return sha256(slot_config.replace(root_hash.encode(), b"0" * len(root_hash))).hexdigest()
