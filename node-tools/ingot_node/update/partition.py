"""Write access to the boot partition: exclusive, and only while it is needed."""

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
    """Holds the lock for one update at a time; UpdateError if another one has it."""
    with open(node.path("run/ingot/update.lock"), "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpdateError("another ingot-update is running on this node", "Wait until it ends; ingot-update --status shows the slots.") from None
        yield


def _remount(node: Node, how: str) -> subprocess.CompletedProcess:
    return subprocess.run(["mount", "-o", f"remount,{how}", node.esp], capture_output=True, text=True, check=False)


@contextlib.contextmanager
def writable(node: Node) -> Iterator[None]:
    """Makes the boot partition, which the initrd mounts read-only, writable.

    Afterwards it is read-only again, and all writes are on the disk.
    """
    if node.root != "/":
        yield  # a folder in tests
        return
    done = _remount(node, "rw")
    if done.returncode != 0:
        raise UpdateError(f"the boot partition cannot be mounted for writing: {done.stderr.strip()}", "Check the kernel's messages (dmesg) about the disk.")
    try:
        yield
    finally:
        done = _remount(node, "ro")
        if done.returncode != 0:
            print(f"<4>the boot partition remains writable until the next start: {done.stderr.strip()}", file=sys.stderr)


def sync_folder(path: str) -> None:
    """Syncs the names in a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(folder: str, name: str, content: bytes) -> None:
    """Writes a small file atomically and syncs it to the disk.

    After a failure the name has the new content, its old content, or an empty file.
    """
    path = os.path.join(folder, name)
    descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
        os.replace(f"{path}.new", path)
        # When a file on FAT is renamed, Linux writes a new entry of size 0, and the real size only when the file itself
        # is synced.
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(folder)


def remove(folder: str, name: str) -> None:
    """Removes the name, and syncs that to the disk."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(os.path.join(folder, name))
    sync_folder(folder)
