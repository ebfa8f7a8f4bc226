"""The boot partition as a place to write to: alone, and for no longer than the work takes."""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator

from ingot_node.update.error import UpdateError
from ingot_node.update.node import Node


@contextlib.contextmanager
def alone(node: Node) -> Iterator[None]:
    """One update at a time; UpdateError while there is another."""
    with open(node.path("run/ingot/update.lock"), "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpdateError("another ingot-update is at work on this node", "Wait for its end; ingot-update --status says what is there.") from None
        yield


def _remount(node: Node, how: str) -> subprocess.CompletedProcess:
    return subprocess.run(["mount", "-o", f"remount,{how}", node.esp], capture_output=True, text=True, check=False)


@contextlib.contextmanager
def writable(node: Node) -> Iterator[None]:
    """The boot partition, mounted read-only by the initrd, may be written to; it is read-only again, and on the disk, afterwards."""
    if node.root != "/":
        yield  # a folder in tests
        return
    done = _remount(node, "rw")
    if done.returncode != 0:
        raise UpdateError(f"the boot partition cannot be mounted for writing: {done.stderr.strip()}", "See the kernel's messages (dmesg) for the disk.")
    try:
        yield
    finally:
        done = _remount(node, "ro")
        if done.returncode != 0:
            print(f"<4>the boot partition stays writable until the next start: {done.stderr.strip()}", file=sys.stderr)


def sync_folder(path: str) -> None:
    """Names in a folder are on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(folder: str, name: str, content: bytes) -> None:
    """A whole small file under its name, or the name is as it was, or the file is empty; on the disk when this returns."""
    path = os.path.join(folder, name)
    descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
        os.replace(f"{path}.new", path)
        # Linux gives a file on FAT a new entry of no bytes when it is renamed, and writes its size when the file itself is synced.
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(folder)


def remove(folder: str, name: str) -> None:
    """The name is gone from the disk when this returns."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(os.path.join(folder, name))
    sync_folder(folder)
