"""The differences between two texts, for people."""

from __future__ import annotations

from ingot_node.drift.patterns import fits

# The most lines that are shown, and the largest file in bytes of which any are.
MOST_LINES = 40
LARGEST = 64 * 1024
# Content that must never be shown in an answer.
SECRET = ("**/shadow*", "**/gshadow*", "**/*.key", "**/*.pem", "**/ssh_host_*_key", "**/id_*", "**/.ssh/**", "/var/lib/cloud/**", "**/*secret*", "**/*password*")


def text_diff(before: str, after: str) -> list[str]:
    """The removed and added lines with - and +, at most 40."""
    import difflib  # pylint: disable=import-outside-toplevel # a clean node does not need it

    lines = [line.rstrip("\n") for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)]
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))][:MOST_LINES]


def is_secret(path: str) -> bool:
    """Whether the file's content must not be shown."""
    return any(fits(pattern, path) for pattern in SECRET)


def file_diff(path: str, before: str | None, after: str | None) -> list[str]:
    """The difference between two files, one of which may be missing; empty for secrets, binary files and large files.
    """
    if is_secret(path):
        return []
    texts = []
    for name in (before, after):
        if name is None:
            texts.append("")
            continue
        with open(name, "rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST or b"\0" in content:
            return []
        texts.append(content.decode("utf-8", "replace"))
    return text_diff(*texts)
