"""Fetches one file of a version and verifies its digest after it was written."""

import errno
import hashlib
import os
import time
from collections.abc import Callable

from ingot_node.update.error import Missing, UpdateError
from ingot_node.update.source import Broken

# The most that is lost if the node crashes.
SYNC_EVERY = 16 << 20
PAUSES = (1, 2, 5, 10, 20)
ALTERED = "The version was altered or copied incompletely: check it on its server (ingot verify)."


# Bytes, for files whose size is not signed: ingot writes no larger ones. The root's size is signed, and limits that of
# its hash tree.
LIMITS = {
    "SHA256SUMS": 1 << 20,
    "SHA256SUMS.dsse": 2 << 20,
    "channels/revoked.dsse.json": 2 << 20,
    "channels/candidate.dsse.json": 64 << 10,
    "channels/stable.dsse.json": 64 << 10,
    "boot.json": 64 << 10,
    "slot.cfg": 64 << 10,
    "checks.json": 1 << 20,
    "vmlinuz": 128 << 20,
    "initrd.img": 1 << 30,
}


def limit_of(name: str, root_bytes: int) -> int:
    """The largest size in bytes of a file of a version with such a root.

    A hash tree has 32 bytes for each 4096 bytes, and a 127th of that for its upper levels.
    """
    return {"root.squashfs": root_bytes, "root.verity": root_bytes // 64 + (1 << 20)}.get(name) or LIMITS[name]


def _too_large(source, name: str, limit: int) -> UpdateError:
    return UpdateError(f"{source.name}/{name} has more than {limit} bytes, more than ingot ever writes", ALTERED)


def small(source, name: str, digest: str | None = None, limit: int | None = None) -> bytes:
    """The content of a small file; UpdateError if it is missing, too large, or does not have the digest."""
    limit = LIMITS[name] if limit is None else limit

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
    """SHA-256 in hex of the content on the disk, not of the cached content; "" if the file does not exist."""
    try:
        with open(path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def into(source, name: str, path: str, digest: str, limit: int, say: Callable[[str], None]) -> None:
    """
    Fetches the file to `path`, verified and on the disk. An existing file is kept, and a partial one is continued. If
    the result then does not have the digest, the file is fetched again from its beginning. `limit`: its largest size in
    bytes.
    """
    begun = time.monotonic()
    if digest_of(path) == digest:
        say(f"{name}: already in the slot, {os.path.getsize(path)} bytes, digest correct")
        return
    continued = os.path.exists(path) and os.path.getsize(path) > 0
    if continued and os.path.getsize(path) >= limit:
        os.truncate(path, 0)
        continued = False
    for again in (True, False) if continued else (False,):
        _patiently(source, name, lambda from_start: _append(source, name, path, limit, from_start))
        if digest_of(path) == digest:
            seconds = time.monotonic() - begun
            say(f"{name}: {os.path.getsize(path)} bytes in {seconds:.0f} s{', continued' if again else ''}, digest correct")
            return
        os.truncate(path, 0)
        if again:
            say(f"{name}: its two parts do not match; fetching all of it")
    raise UpdateError(f"{source.name}/{name} is not the file that was signed, or the disk does not store what is written to it", ALTERED)


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
    """Repeats the work after a pause if a transfer breaks off; the argument of `work` is whether to start again."""
    from_start = False
    for pause in (*PAUSES, None):
        try:
            return work(from_start)
        except FileNotFoundError:
            raise Missing(f"{source.name} has no {name}", "Check that the address is the folder of a version.") from None
        except Broken as broken:
            from_start = broken.from_start
            if pause is None:
                raise UpdateError(
                    f"{source.name}/{name} broke off {len(PAUSES) + 1} times: {broken}",
                    "Run ingot-update again when the server answers: it continues where it stopped.",
                ) from None
            time.sleep(0 if from_start else pause)
    raise AssertionError("not reached")
