"""The digests with which nodes are compared (drift/answer.py)."""

import unittest

from ingot_node.drift.answer import tree
from ingot_node.drift.finding import Drift


def drift(path: str, klass: str = "fixed", there: str = "x") -> Drift:
    return Drift(path, klass, "warning", "content", None, there, "a hint")


class Trees(unittest.TestCase):
    def test_nodes_with_the_same_drift_have_the_same_digests_in_any_order(self) -> None:
        drifts = [drift("/etc/a"), drift("/etc/b"), drift("/usr/c"), drift("sysctl:x", "running")]
        self.assertEqual(tree(drifts), tree(drifts[::-1]))

    def test_the_levels_are_the_class_and_the_top_folder_or_kind(self) -> None:
        found = tree([drift("/etc/a/b"), drift("/usr/c"), drift("sysctl:x", "running")])
        self.assertEqual({klass: list(level["folders"]) for klass, level in found.items()}, {"fixed": ["/etc", "/usr"], "running": ["sysctl"]})

    def test_another_value_changes_only_the_digest_of_its_folder(self) -> None:
        one, other = (tree([drift("/etc/a", there=value), drift("/usr/c")])["fixed"] for value in ("x", "y"))
        self.assertNotEqual(one["digest"], other["digest"])
        self.assertNotEqual(one["folders"]["/etc"], other["folders"]["/etc"])
        self.assertEqual(one["folders"]["/usr"], other["folders"]["/usr"])

    def test_the_hint_is_not_compared(self) -> None:
        self.assertEqual(tree([drift("/etc/a")]), tree([drift("/etc/a")._replace(hint="another")]))

    def test_a_name_that_is_not_utf_8_has_a_digest(self) -> None:
        self.assertIn("fixed", tree([drift("/etc/\udcff")]))
