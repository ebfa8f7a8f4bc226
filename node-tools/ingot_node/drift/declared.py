"""The drift declarations of an image: the files of /usr/lib/ingot/drift.d, one statement per line with its reason.

Of forbidden, fixed and state, in this order, the first that matches applies; a path without * precedes all of them.

    forbidden GLOB            nothing may be written there, for any reason
    fixed GLOB                as in the root, inside a folder that is otherwise state
    state GLOB                may change
    derived GLOB PROVIDER     must be what the provider computes: identity, seed, keys, machine-id, network, generated-network (files of the seed need no statement)
    empty FOLDER              outside the overlay (below /run): anything there that is not declared as state is forbidden
    argument GLOB             a word of the kernel command line besides those of the image
    module GLOB               a module of the image that may be loaded, by its path; the first line that matches applies
    no-module GLOB            a module that may not be loaded
    taint FLAG                a flag of /proc/sys/kernel/tainted that a module of the image sets: 1, 2, 4096 or 8192
    sysctl NAME VALUE         a setting that no file of the image sets, because the kernel's default is right
    mount TARGET TYPES [ROOT] [with=OPTION,…] [required] [twice]
    listen PROTOCOL ADDRESS:PORT PROGRAM
    unit GLOB                 a unit that may run although no enabled unit needs it and the image does not enable it
    program GLOB              a file outside the root that may run
    task GLOB                 the cgroup of a cluster's task: its programs are its own
    container NAME IMAGE WORD,…   what a Docker container may have besides the rights of a task, in the words of drift/containers.py: restart=always,bind=/etc/**
"""

from __future__ import annotations

from collections import namedtuple

from ingot_node.drift.error import DriftError
from ingot_node.drift.patterns import beginning, fits
from ingot_node.drift.place import Place, names, read

FOLDER = "/usr/lib/ingot/drift.d"

# Word -> minimum and maximum number of words after it.
_WORDS = {
    **dict.fromkeys(("forbidden", "fixed", "state", "empty", "argument", "module", "no-module", "taint", "unit", "program", "task"), (1, 1)),
    "derived": (2, 2),
    "sysctl": (2, 9),
    "mount": (2, 6),
    "listen": (3, 3),
    "container": (3, 3),
}


class Statement(namedtuple("Statement", ("word", "rest", "why"))):
    """One line: its first word, the other words, and the reason."""


class Declared:
    """The statements of an image by their first word, in the order of files and lines."""

    def __init__(self, statements: list[Statement]) -> None:
        self._by_word: dict[str, list[Statement]] = {}
        # The text before the first glob of each statement: it decides most cases without a function call.
        self._beginnings: dict[str, list[tuple[str, Statement]]] = {}
        self._named: dict[str, set[str]] = {}
        for statement in statements:
            self._by_word.setdefault(statement.word, []).append(statement)
            self._beginnings.setdefault(statement.word, []).append((beginning(statement.rest[0]), statement))
            self._named.setdefault(statement.word, set()).add(statement.rest[0])

    def all(self, word: str) -> list[Statement]:
        return self._by_word.get(word, [])

    def first(self, word: str, text: str) -> Statement | None:
        """The first statement with this word whose glob matches the text."""
        could = [one for begins, one in self._beginnings.get(word, ()) if text.startswith(begins)]
        return next((one for one in could if fits(one.rest[0], text)), None)

    def names(self, word: str, text: str) -> bool:
        """Whether a statement with this word has exactly this text."""
        return text in self._named.get(word, ())


def parse(text: str, where: str) -> list[Statement]:
    """Raises DriftError for a line with an unknown statement or without a reason."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        said, _, why = line.partition(" # ")
        words = said.split()
        if not words or words[0].startswith("#"):
            continue
        least, most = _WORDS.get(words[0], (0, -1))
        if not least <= len(words) - 1 <= most or not why.strip():
            raise DriftError(f"{where}:{number}: {line.strip()!r} is not a statement with a reason", "See node-tools/ingot_node/drift/declared.py.")
        found.append(Statement(words[0], tuple(words[1:]), why.strip()))
    return found


def load(place: Place) -> Declared:
    """Loads the verified root's files, never those written above it."""
    folder = place.golden(FOLDER)
    files = [name for name in names(folder) if name.endswith(".conf")]
    if not files:
        raise DriftError(f"the image declares nothing about drift ({FOLDER})", "Boot a version that has ingot-drift.")
    return Declared([statement for name in files for statement in parse(read(f"{folder}/{name}") or "", f"{FOLDER}/{name}")])
