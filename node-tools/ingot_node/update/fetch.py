"""Brings one file of a version, proven by its digest after it was written."""

import errno
import hashlib
import os
import time
from collections.abc import Callable

from ingot_node.update.error import Missing, UpdateError
from ingot_node.update.source import Broken

# So much is lost at most if the node dies.
SYNC_EVERY = 16 << 20
PAUSES = (1, 2, 5, 10, 20)
ALTERED = "The version was altered, or not wholly copied: compare it on its server (ingot verify)."


# Bytes, of files whose size nobody has signed: what is larger is not what ingot writes. The root's size is signed, and bounds that of its hash tree.
LIMITS = {
    "SHA256SUMS": 1 << 20,
    "SHA256SUMS.dsse": 2 << 20,
    "boot.json": 64 << 10,
    "slot.cfg": 64 << 10,
    "checks.json": 1 << 20,
    "vmlinuz": 128 << 20,
    "initrd.img": 1 << 30,
}


def limit_of(name: str, root_bytes: int) -> int:
    """How many bytes a file of a version with such a root may have. A hash tree has 32 bytes for each 4096, and a 127th of that above it."""
    return {"root.squashfs": root_bytes, "root.verity": root_bytes // 64 + (1 << 20)}.get(name) or LIMITS[name]


def _too_large(source, name: str, limit: int) -> UpdateError:
    return UpdateError(f"{source.name}/{name} has more than {limit} bytes: ingot writes no such file", ALTERED)


def small(source, name: str, digest: str | None = None) -> bytes:
    """A file that fits into memory; UpdateError if it is missing, too large, or not the one with the digest."""
    limit = LIMITS[name]

    def collect() -> bytes:
        content = bytearray()
        for chunk in source.chunks(name):
            content += chunk
            if len(content) > limit:
                raise _too_large(source, name, limit)
        return bytes(content)

    content = _patiently(source, name, lambda _: collect())
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise UpdateError(f"{source.name}/{name} is not the file that was signed", ALTERED)
    return content


def digest_of(path: str) -> str:
    """SHA-256 in hex of what the disk holds, not of what memory still has of it; "" if there is no such file."""
    try:
        with open(path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def into(source, name: str, path: str, digest: str, limit: int, say: Callable[[str], None]) -> None:
    """
    The file at `path`, proven, on the disk. What is there already is kept, a part of it is continued; if the whole is then not the file with
    the digest, it is fetched once more from its beginning. `limit`: bytes that it has at most.
    """
    begun = time.monotonic()
    if digest_of(path) == digest:
        say(f"{name}: is there already, {os.path.getsize(path)} bytes, digest right")
        return
    continued = os.path.exists(path) and os.path.getsize(path) > 0
    if continued and os.path.getsize(path) >= limit:
        os.truncate(path, 0)
        continued = False
    for again in (True, False) if continued else (False,):
        _patiently(source, name, lambda from_start: _append(source, name, path, limit, from_start))
        if digest_of(path) == digest:
            seconds = time.monotonic() - begun
            say(f"{name}: {os.path.getsize(path)} bytes in {seconds:.0f} s{', continued' if again else ''}, digest right")
            return
        os.truncate(path, 0)
        if again:
            say(f"{name}: its two parts do not fit together; fetching all of it")
    raise UpdateError(f"{source.name}/{name} is not the file that was signed, or the disk does not keep what is written to it", ALTERED)


def _append(source, name: str, path: str, limit: int, from_start: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if from_start else 0), 0o600)
    try:
        length = os.lseek(descriptor, 0, os.SEEK_END)
        unsynced = 0
        for chunk in source.chunks(name, length):
            length += len(chunk)
            if length > limit:
                raise _too_large(source, name, limit)
            unsynced += len(chunk)
            view = memoryview(chunk)
            while view:
                view = view[os.write(descriptor, view) :]
            if unsynced >= SYNC_EVERY:
                os.fsync(descriptor)
                unsynced = 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise UpdateError(f"the boot partition is full: {name} does not fit into the slot", "Write an image with larger slots to the disk.") from error
    finally:
        os.fsync(descriptor)
        os.close(descriptor)


def _patiently(source, name: str, work: Callable):
    """Does the work again when a transfer broke off, after a pause; `work` is told whether to begin anew."""
    from_start = False
    for pause in (*PAUSES, None):
        try:
            return work(from_start)
        except FileNotFoundError:
            raise Missing(f"{source.name} has no {name}", "See that the address names the folder of a version.") from None
        except Broken as broken:
            from_start = broken.from_start
            if pause is None:
                raise UpdateError(
                    f"{source.name}/{name} broke off {len(PAUSES) + 1} times: {broken}",
                    "Run ingot-update again when the server answers: it goes on where it was.",
                ) from None
            time.sleep(0 if from_start else pause)
    raise AssertionError("not reached")
