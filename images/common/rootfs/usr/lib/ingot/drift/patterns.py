"""Globs of paths as in residue.yaml: * and ? stay within a name, ** is any depth."""

import re
from functools import lru_cache

_PARTS = re.compile(r"\*\*|\*|\?|[^*?]+")
_MEANS = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile("".join(_MEANS.get(part, re.escape(part)) for part in _PARTS.findall(pattern)), re.DOTALL)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says. Most are decided by their beginning: to compile all of them takes longer than the rest."""
    wild = next((at for at, letter in enumerate(pattern) if letter in "*?"), -1)
    if wild < 0:
        return pattern == text
    if not text.startswith(pattern[:wild]):
        return False
    if pattern[wild:] == "**":
        return True
    if pattern[wild:] == "*":
        return "/" not in text[wild:]
    return _compiled(pattern).fullmatch(text) is not None
