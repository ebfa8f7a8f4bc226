"""Path globs (drift/patterns.py)."""

import unittest

from ingot_node.drift.patterns import beginning, fits


class Patterns(unittest.TestCase):
    def test_a_star_stays_within_a_name(self) -> None:
        self.assertTrue(fits("/etc/*.conf", "/etc/a.conf"))
        self.assertFalse(fits("/etc/*.conf", "/etc/a/b.conf"))

    def test_two_stars_match_any_depth_or_none(self) -> None:
        for text in ("/var/a", "/var/a/b/c", "/var/"):
            self.assertTrue(fits("/var/**", text), text)
        self.assertFalse(fits("/var/**", "/var"))

    def test_a_question_mark_matches_one_character_except_a_slash(self) -> None:
        self.assertTrue(fits("/a?c", "/abc"))
        self.assertFalse(fits("/a?c", "/a/c"))
        self.assertFalse(fits("/a?c", "/ac"))

    def test_special_characters_of_regular_expressions_match_themselves(self) -> None:
        self.assertTrue(fits("/a.b[*", "/a.b[1"))
        self.assertFalse(fits("/a.b*x?", "/aXbbxy"))

    def test_a_text_that_is_too_short_for_both_ends_does_not_fit(self) -> None:
        self.assertFalse(fits("aba**aba", "aba"))
        self.assertFalse(fits("ab*ba", "aba"))

    def test_a_line_end_is_an_ordinary_character(self) -> None:
        self.assertTrue(fits("/a/**", "/a/b\nc"))
        self.assertFalse(fits("/a", "/a\n"))

    def test_the_beginning_ends_at_the_first_glob(self) -> None:
        self.assertEqual([beginning("/a/b"), beginning("/a/*/b"), beginning("?"), beginning("/a?*")], ["/a/b", "/a/", "", "/a"])


if __name__ == "__main__":
    unittest.main()
