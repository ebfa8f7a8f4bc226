"""Digests of hash trees (drift/boot/hash_tree.py), files (drift/digest.py) and signed lists (update/trust.py)."""

import hashlib
import os
import struct
import tempfile
import unittest

from ingot_node.drift.boot.hash_tree import hash_tree, unhashed
from ingot_node.drift.digest import sha256, sha256_of_disk
from ingot_node.update.error import UpdateError
from ingot_node.update.trust import parse_sums, pre_authentication

PARTS = [hashlib.sha256(name).digest() for name in (b"kernel", b"initrd", b"slot.cfg")]
TOP = bytes(range(256)) * 16


def tree(salt: bytes, algorithm: bytes = b"sha256", block: int = 4096, kind: int = 1) -> bytes:
    """A dm-verity superblock as cryptsetup writes it, and the top block."""
    head = struct.pack("<8sII16s32sIIQH6x256s168x", b"verity\0\0", 1, kind, bytes(16), algorithm, block, block, 7, len(salt), salt)
    return head.ljust(4096, b"\0") + TOP


class HashTrees(unittest.TestCase):
    def read(self, content: bytes):
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            return hash_tree(file.name)

    def test_the_root_hash_is_that_of_salt_and_top_block(self) -> None:
        found = self.read(tree(b"".join(PARTS)))
        assert found is not None
        self.assertEqual(found.root_hash, hashlib.sha256(b"".join(PARTS) + TOP).hexdigest())
        self.assertEqual(found.data_bytes, 7 * 4096)

    def test_the_salt_has_the_digests_of_kernel_initrd_and_slot(self) -> None:
        found = self.read(tree(b"".join(PARTS)))
        assert found is not None
        self.assertEqual(list(found.bound), [part.hex() for part in PARTS])

    def test_the_salt_of_an_older_ingot_has_no_digests(self) -> None:
        found = self.read(tree(b"s" * 32))
        assert found is not None
        self.assertIsNone(found.bound)
        self.assertEqual(found.root_hash, hashlib.sha256(b"s" * 32 + TOP).hexdigest())

    def test_any_other_file_is_none(self) -> None:
        good = tree(b"".join(PARTS))
        for content in (b"", good[:8191], b"x" + good[1:], tree(PARTS[0], b"sha512"), tree(PARTS[0], block=512), tree(PARTS[0], kind=0)):
            self.assertIsNone(self.read(content))
        self.assertIsNone(hash_tree("/nonexistent"))

    def test_a_slot_is_hashed_with_zeros_for_the_root_hash(self) -> None:
        root_hash = "ab" * 32
        expected = hashlib.sha256(b"set ingot_roothash=" + b"0" * 64).hexdigest()
        self.assertEqual(unhashed(f"set ingot_roothash={root_hash}".encode(), root_hash), expected)


class Files(unittest.TestCase):
    def test_the_digest_of_a_file_of_any_size_is_sha_256(self) -> None:
        for size in (0, 1, (1 << 20) - 1, (1 << 20) + 1):
            with tempfile.NamedTemporaryFile() as file:
                content = os.urandom(size)
                file.write(content)
                file.flush()
                self.assertEqual(sha256_of_disk(file.name), hashlib.sha256(content).hexdigest())

    def test_a_missing_file_has_no_digest(self) -> None:
        for path in ("/nonexistent", "/", "/etc/passwd/x"):
            self.assertIsNone(sha256_of_disk(path))

    def test_the_interpreters_own_code_gives_the_digest_of_openssl(self) -> None:
        self.assertEqual(sha256(b"abc").hexdigest(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


class Sums(unittest.TestCase):
    def test_lines_are_digest_and_path(self) -> None:
        self.assertEqual(parse_sums(f"{'a' * 64}  x\n{'b' * 64}  netboot/a b\n"), {"x": "a" * 64, "netboot/a b": "b" * 64})

    def test_any_other_line_is_refused(self) -> None:
        for text in ("", f"{'a' * 64} x\n", f"{'A' * 64}  x\n", f"{'a' * 63}  x\n", f"{'a' * 64}  x\n\n", f"{'a' * 64}  \n"):
            with self.assertRaises(UpdateError, msg=repr(text)):
                parse_sums(text)

    def test_a_repeated_path_is_refused(self) -> None:
        with self.assertRaises(UpdateError):
            parse_sums(f"{'a' * 64}  x\n{'b' * 64}  x\n")

    def test_the_signed_bytes_contain_the_lengths(self) -> None:
        # The example in the protocol: secure-systems-lab/dsse, protocol.md.
        self.assertEqual(pre_authentication("http://example.com/HelloWorld", b"hello world"), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world")
