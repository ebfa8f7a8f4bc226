"""JSON from untrusted sources (update/strict_json.py)."""

import unittest

from ingot_node.update import strict_json
from ingot_node.update.error import UpdateError


class StrictJson(unittest.TestCase):
    def refused(self, content: bytes, says: str) -> None:
        with self.assertRaises(UpdateError) as caught:
            strict_json.read(content, "boot.json")
        said = str(caught.exception)
        self.assertTrue(said.startswith("boot.json is damaged: "), said)
        self.assertIn(says, said)
        self.assertNotIn("\n", said)

    def test_an_object_is_read(self) -> None:
        self.assertEqual(strict_json.read(b'{"a": [1, "\xc3\xa9", null]}', "x"), {"a": [1, "é", None]})

    def test_anything_but_an_object_is_refused(self) -> None:
        for content in (b"[]", b"1", b'"a"', b"null"):
            self.refused(content, "it is not an object")

    def test_a_repeated_key_is_refused_at_any_depth(self) -> None:
        self.refused(b'{"a": {"b": 1, "b": 1}}', "a key appears twice")

    def test_invalid_numbers_are_refused(self) -> None:
        for content in (b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1.5}', b'{"a": 1e3}'):
            self.refused(content, "is not a valid number here")
        self.refused(b'{"a": ' + b"9" * 17 + b"}", "is too large a number")

    def test_a_fraction_is_read_if_fractions_are_allowed(self) -> None:
        self.assertEqual(strict_json.read(b'{"a": 1.5}', "x", fractions=True), {"a": 1.5})
        with self.assertRaises(UpdateError):
            strict_json.read(b'{"a": NaN}', "x", fractions=True)

    def test_bytes_that_are_not_text_are_refused(self) -> None:
        self.refused(b'{"a": "\xff"}', "can't decode")
        self.refused(b'{"a": "\\ud800"}', "surrogates not allowed")

    def test_deep_nesting_is_an_error_of_one_sentence(self) -> None:
        self.refused(b'{"a":' * 100_000, "nested too deeply")
