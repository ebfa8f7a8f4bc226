"""Path globs as in residue.yaml: * and ? match within a name, ** matches any depth."""

from __future__ import annotations

import re
from functools import cache

_WILD = r"\*\*|\*|\?"
_MEANS = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
# Pattern -> its texts and the globs between them. One check makes about ten thousand calls with about three hundred
# patterns.
_shapes: dict[str, tuple[list[str], list[str]]] = {}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    texts, globs = _shapes[pattern]
    return re.compile("".join(re.escape(text) + _MEANS.get(glob, "") for text, glob in zip(texts, [*globs, ""], strict=False)), re.DOTALL)


def beginning(pattern: str) -> str:
    """The text before the first glob; every match begins with it."""
    return pattern[: min((at for at in (pattern.find("*"), pattern.find("?")) if at >= 0), default=len(pattern))]


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern.

    Most cases are decided without a regular expression, because compiling all of them takes longer than the rest.
    """
    shape = _shapes.get(pattern)
    if shape is None:
        shape = _shapes[pattern] = re.split(_WILD, pattern), re.findall(_WILD, pattern)
    texts, globs = shape
    if not globs:
        return pattern == text
    if not text.startswith(texts[0]) or not text.endswith(texts[-1]) or len(text) < len(texts[0]) + len(texts[-1]):
        return False
    if len(globs) == 1 and globs[0] != "?":
        return globs[0] == "**" or "/" not in text[len(texts[0]) : len(text) - len(texts[-1])]
    return all(one in text for one in texts) and _compiled(pattern).fullmatch(text) is not None
