"""The properties of a file in one layer: all that a manifest records except the time."""

from __future__ import annotations

import os
import stat
from collections import namedtuple

# The overlay's own attributes in its upper layer (Linux, Documentation/filesystems/overlayfs.rst).
OVERLAY = "trusted.overlay."
CAPABILITY = "security.capability"

_TYPES = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
}


class FileFacts(namedtuple("FileFacts", ("path", "type", "mode", "uid", "gid", "size", "target", "device", "xattrs", "digest"), defaults=("",))):
    """The properties of one path.

    `path` is "" if only a manifest describes it; then `digest` is set. `target` is for a link, `device` for a device, else
    "".
    """

    @property
    def is_device(self) -> bool:
        return self.device != ""

    @property
    def special(self) -> str:
        """How this file gives its user additional rights, or ""."""
        if self.type != "file":
            return ""
        if self.mode & stat.S_ISUID:
            return "set-uid"
        if self.mode & stat.S_ISGID:
            return "set-gid"
        return "capability" if CAPABILITY in self.xattrs else ""

    def visible(self) -> FileFacts:
        """The same without the overlay's own attributes."""
        return self._replace(xattrs={name: value for name, value in self.xattrs.items() if not name.startswith(OVERLAY)})

    def said(self) -> str:
        """A description without the content."""
        parts = [self.type, f"{self.mode:04o}", f"{self.uid}:{self.gid}"]
        if self.type == "file":
            parts.append(f"{self.size} bytes")
        parts += [f"-> {self.target}"] if self.target else []
        parts += [self.device] if self.device else []
        parts += [f"{name}={value.hex()}" for name, value in sorted(self.xattrs.items())]
        return " ".join(parts)


def _xattrs(path: str) -> dict[str, bytes]:
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError:
        return {}
    return {name: os.getxattr(path, name, follow_symlinks=False) for name in names}


def facts(path: str) -> FileFacts | None:
    """None if the path does not exist."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    kind = _TYPES[stat.S_IFMT(found.st_mode)]
    return FileFacts(
        path=path,
        type=kind,
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        size=found.st_size if kind == "file" else 0,
        target=os.readlink(path) if kind == "link" else "",
        device=f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}" if kind.endswith("device") else "",
        xattrs=_xattrs(path),
    )


def sha256(path: str) -> str:
    """The digest of the content, read 1 MiB at a time."""
    import hashlib  # pylint: disable=import-outside-toplevel # it loads OpenSSL, and a clean node needs no digest

    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while True:
            piece = file.read(1 << 20)
            if not piece:
                return digest.hexdigest()
            digest.update(piece)


def same_content(one: FileFacts, other: FileFacts) -> bool:
    """Compares the bytes; a time stamp proves nothing."""
    if one.size != other.size:
        return False
    with open(one.path, "rb", buffering=0) as left, open(other.path, "rb", buffering=0) as right:
        while True:
            piece = left.read(1 << 20)
            if piece != right.read(1 << 20):
                return False
            if not piece:
                return True
