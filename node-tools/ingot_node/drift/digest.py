"""SHA-256 with the interpreter's own code: hashlib loads all of OpenSSL, which takes as long as checking the files."""

from __future__ import annotations

import os

try:
    import _sha256 as implementation
except ImportError:
    import hashlib as implementation

__all__ = ("sha256", "sha256_of_disk")

sha256 = implementation.sha256


def sha256_of_disk(path: str) -> str | None:
    """SHA-256 in hex of the content on the disk, not of the cached content (posix_fadvise(2)).

    None if the file does not exist.
    """
    digest = sha256()
    try:
        with open(path, "rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            piece = bytearray(1 << 20)
            view = memoryview(piece)
            while count := file.readinto(piece):
                digest.update(view[:count])
            # The data that was read is not needed in the cache.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return digest.hexdigest()
