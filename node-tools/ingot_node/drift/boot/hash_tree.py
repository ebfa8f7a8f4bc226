"""What the salt of a hash tree says, once the root hash has proved it.

ingot salts the tree of a root with three SHA-256: of its kernel, its initrd, and its slot.cfg (src/version/verity-salt.ts). The root hash is the SHA-256
of the salt and the top block of the tree (cryptsetup, veritysetup(8); Linux, Documentation/admin-guide/device-mapper/verity.rst), so whoever knows
the right root hash knows these three as well, without reading the root.
"""

from __future__ import annotations

import struct
from collections import namedtuple

from ingot_node.drift.digest import sha256

# lib/verity/verity.c of cryptsetup, struct verity_sb: signature, version, type, uuid, algorithm, sizes of both blocks, count, size of the salt, the salt.
_HEADER = struct.Struct("<8sII16s32sIIQH6x256s168x")
BLOCK = 4096
DIGEST = 32


class Bound(namedtuple("Bound", ("kernel", "initrd", "slot_config"))):
    """SHA-256 in hex of what a root hash stands for besides its root."""


class HashTree(namedtuple("HashTree", ("root_hash", "data_bytes", "bound"))):
    """`root_hash` computed from the tree's own salt and top block; `bound` None for the tree of an older ingot, whose salt says nothing."""


def hash_tree(path: str) -> HashTree | None:
    """None for what is not a tree as ingot makes it. Only its first two blocks are read: those below are proved by the kernel when the root is."""
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
    """The digest of a slot.cfg as a salt has it: with zeros for the root hash, which cannot be known before the salt."""
    return sha256(slot_config.replace(root_hash.encode(), b"0" * len(root_hash))).hexdigest()
