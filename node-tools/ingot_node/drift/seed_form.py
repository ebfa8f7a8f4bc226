"""Parses user data in the form that `ingot seed` writes (templates/cloud-init/node/user-data.hbs).

Other forms are not supported.
"""

from __future__ import annotations

import json
import re
from collections import namedtuple

# A file that cloud-init writes; the texts are those of the seed.
SeedEntry = namedtuple("SeedEntry", ("path", "owner", "permissions", "content"))
# A word without quotes that YAML reads as the same text.
_PLAIN = r"[A-Za-z/][A-Za-z0-9/_.:-]*"
# A line that begins a section, with the section before it.
_SECTIONS = {("write_files:", ""), ("users:", ""), ("users:", "write_files")}
_DEFAULTS = {"owner": "root:root", "permissions": "0644"}


class UnknownForm(Exception):
    """A line that `ingot seed` does not write."""


class SeedForm(namedtuple("SeedForm", ("files", "keys"))):
    """`files`: SeedEntry by path; `keys`: lines of authorized_keys by user."""


def _scalar(text: str) -> str:
    """The text of a value on one line.

    It is in double quotes as in JSON, in single quotes without any inside, or a plain word.
    """
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            raise UnknownForm from None
        if isinstance(value, str):
            return value
        raise UnknownForm
    if re.fullmatch(r"'[^']*'", text):
        return text[1:-1]
    if re.fullmatch(_PLAIN, text):
        return text
    raise UnknownForm


class _Reader:
    """Reads one line after the other; each must be allowed after the one before."""

    def __init__(self) -> None:
        self.section = ""
        self.entries: list[dict[str, str]] = []
        self.keys: dict[str, list[str]] = {}
        self._user = ""
        self._in_keys = False

    def take(self, line: str) -> None:
        if line.startswith("#"):
            return
        if (line, self.section) in _SECTIONS:
            self.section = line[:-1]
        elif self.section == "write_files":
            self._file(line)
        elif self.section == "users":
            self._key(line)
        else:
            raise UnknownForm

    def _file(self, line: str) -> None:
        name, colon, value = line[4:].partition(": ")
        if line[:4] == "  - ":
            self.entries.append({})
        elif line[:4] != "    " or not self.entries:
            raise UnknownForm
        if not colon or name not in ("path", *_DEFAULTS, "content") or name in self.entries[-1]:
            raise UnknownForm
        self.entries[-1][name] = _scalar(value)

    def _key(self, line: str) -> None:
        if line.startswith("  - name: "):
            self._user, self._in_keys = _scalar(line[10:]), False
            if self._user in self.keys:
                raise UnknownForm
            self.keys[self._user] = []
        elif line == "    ssh_authorized_keys:" and self._user and not self._in_keys:
            self._in_keys = True
        elif line.startswith("      - ") and self._in_keys:
            self.keys[self._user].append(_scalar(line[8:]))
        else:
            raise UnknownForm


def parse_form(text: str) -> SeedForm:
    """Raises UnknownForm with the number of the first line that does not have this form, counted from 1."""
    reader = _Reader()
    lines = text.split("\n")
    if lines[0] != "#cloud-config" or lines[-1] != "":
        raise UnknownForm("line 1" if lines[0] != "#cloud-config" else "its last line has no end")
    for number, line in enumerate(lines[:-1], 1):
        try:
            reader.take(line)
        except UnknownForm:
            raise UnknownForm(f"line {number}") from None
    files = {}
    for entry in reader.entries:
        if not {"path", "content"} <= set(entry) or entry["path"] in files:
            raise UnknownForm("an entry of write_files without path and content, or with the path of another")
        files[entry["path"]] = SeedEntry(**{**_DEFAULTS, **entry})
    return SeedForm(files, reader.keys)


def key_lines(text: str) -> list[str]:
    """The keys of an authorized_keys file, sorted: type and key of a plain line, or the whole line if it has options.

    Format: sshd(8), AUTHORIZED_KEYS FILE FORMAT.
    """
    found = set()
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        plain = len(words) > 1 and re.fullmatch(r"(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+", words[0])
        found.add(" ".join(words[:2] if plain else words))
    return sorted(found)
