"""SHA-256, by the interpreter's own code: hashlib loads all of OpenSSL, which takes as long as to look at the files."""

from __future__ import annotations

import os

try:
    from _sha256 import sha256
except ImportError:
    from hashlib import sha256

__all__ = ("sha256", "sha256_of_disk")


def sha256_of_disk(path: str) -> str | None:
    """In hex, of what the disk holds and not of what memory still has of it (posix_fadvise(2)); None where there is no such file."""
    digest = sha256()
    try:
        with open(path, "rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            piece = bytearray(1 << 20)
            view = memoryview(piece)
            while count := file.readinto(piece):
                digest.update(view[:count])
            # What was read here once is not wanted in memory.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return digest.hexdigest()
