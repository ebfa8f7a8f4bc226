"""The kernel's taint flags (drift/running/modules.py)."""

import os
import tempfile
import unittest

from ingot_node.drift.declared import Declared, parse
from ingot_node.drift.place import Place
from ingot_node.drift.running import modules


def paths_of(tainted: str, declared: str) -> list[str]:
    """The paths of the drifts of a kernel with these flags, in an image with these statements."""
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(f"{root}/proc/sys/kernel")
        with open(f"{root}/proc/sys/kernel/tainted", "w", encoding="utf-8") as file:
            file.write(f"{tainted}\n")
        return [drift.path for drift in modules.check(Place(root), Declared(parse(declared, "70-site.conf")))]


class Taint(unittest.TestCase):
    def test_a_flag_of_a_foreign_module_is_drift(self) -> None:
        self.assertEqual(paths_of("4096", ""), ["taint:4096"])

    def test_a_flag_that_the_image_declares_is_not(self) -> None:
        self.assertEqual(paths_of("12288", "taint 4096 # built with DKMS\n"), ["taint:8192"])
        self.assertEqual(paths_of("12288", "taint 4096 # built with DKMS\ntaint 8192 # not signed\n"), [])
