"""GRUB's environment block (update/grubenv.py)."""

import os
import tempfile
import unittest

from ingot_node.update import grubenv
from ingot_node.update.error import UpdateError


class GrubEnvironment(unittest.TestCase):
    def test_written_values_are_read_back(self) -> None:
        values = {"ingot_slot": "a", "ingot_try": "", "ingot_tried": "b=c"}
        block = grubenv.render(values)
        self.assertEqual(len(block), 1024)
        self.assertTrue(block.startswith(b"# GRUB Environment Block\n"))
        self.assertEqual(grubenv.parse(block), values)

    def test_all_values_are_in_the_first_sector(self) -> None:
        fits = "x" * (512 - len("# GRUB Environment Block\na=\n"))
        self.assertEqual(set(grubenv.render({"a": fits})[512:]), {ord("#")})
        with self.assertRaises(UpdateError):
            grubenv.render({"a": fits + "x"})

    def test_a_block_with_another_size_or_without_its_first_line_is_damaged(self) -> None:
        good = grubenv.render({"a": "b"})
        for block in (b"", good[:-1], good + b"#", b"!" + good[1:]):
            with self.assertRaises(UpdateError):
                grubenv.parse(block)

    def test_a_change_keeps_the_other_values_and_writes_in_place(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "grubenv")
            with open(path, "wb") as file:
                file.write(grubenv.render({"ingot_slot": "a", "other": "1"}))
            inode = os.stat(path).st_ino
            grubenv.change(path, ingot_slot="b", ingot_try="b")
            self.assertEqual(grubenv.read(path), {"ingot_slot": "b", "other": "1", "ingot_try": "b"})
            self.assertEqual(os.stat(path).st_ino, inode)

    def test_a_change_to_the_same_values_writes_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "grubenv")
            with open(path, "wb") as file:
                file.write(grubenv.render({"ingot_slot": "a"}))
            os.utime(path, (1, 1))
            grubenv.change(path, ingot_slot="a")
            self.assertEqual(os.stat(path).st_mtime, 1)

    def test_a_missing_file_is_damaged(self) -> None:
        with self.assertRaises(UpdateError):
            grubenv.read("/nonexistent/grubenv")
