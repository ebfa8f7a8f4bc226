"""The source of a version: a folder, or an http(s) URL that is read with curl."""

import io
import os
import re
import subprocess
import urllib.parse
from collections.abc import Iterator

from ingot_node.update.error import UpdateError

CHUNK = 1 << 20
# Exit codes of curl(1) for which the connection failed, not the file; 33: the server does not support ranges.
TRANSIENT = {5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92}
NO_RANGES = 33


class Broken(Exception):
    """The transfer broke off or cannot be continued, so another try may succeed."""

    def __init__(self, message: str, from_start: bool = False) -> None:
        super().__init__(message)
        self.from_start = from_start


def _above(path: str) -> str | None:
    """OUT of OUT/ROLE/VERSION or of OUT/ROLE/DIGEST/VERSION; None if there are not that many parts."""
    published = re.fullmatch("(.*)/(?:master|slave)/[0-9a-f]{16}/[^/]+", path)
    if published:
        return published[1]
    parts = path.rsplit("/", 2)
    return parts[0] if len(parts) == 3 else None


class Folder:
    """A version folder on this machine."""

    def __init__(self, folder: str) -> None:
        self.name = folder
        # "latest" is a link to the folder of a version; the target is used from here on.
        self._folder = os.path.realpath(folder)
        self.last = os.path.basename(self._folder)

    @property
    def store(self) -> "Folder":
        """The store that the version is in: OUT of OUT/ROLE/VERSION, or of OUT/ROLE/DIGEST/VERSION where it was published."""
        return Folder(_above(self._folder) or "/")

    def below(self, *names: str) -> "Folder":
        """A folder below this one."""
        return Folder(os.path.join(self._folder, *names))

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def size(self, name: str) -> int | None:
        """Bytes, or None if the size is unknown."""
        try:
            return os.stat(self._path(name)).st_size
        except OSError:
            return None

    def chunks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The file from the offset on; FileNotFoundError if it does not exist."""
        with open(self._path(name), "rb") as file:
            file.seek(offset)
            while chunk := file.read(CHUNK):
                yield chunk


class Url:
    """A version folder behind a web server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        parts = urllib.parse.urlsplit(self._url)
        # Only curl gets a password in the URL.
        self.name = urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        self.last = urllib.parse.unquote(parts.path).rpartition("/")[2]

    @property
    def store(self) -> "Url | None":
        """The store that the version is in, as of a Folder; None if the address is too short for one."""
        parts = urllib.parse.urlsplit(self._url)
        path = _above(parts.path)
        return None if path is None else Url(urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, "", "")))

    def below(self, *names: str) -> "Url":
        """A folder below this one."""
        return Url("/".join([self._url, *names]))

    def _curl(self, name: str, *options: str) -> subprocess.Popen:
        quoted = f"{self._url}/{urllib.parse.quote(name)}".replace("\\", "\\\\").replace('"', '\\"')
        bounds = ("--connect-timeout", "20", "--speed-limit", "1024", "--speed-time", "30")
        process = subprocess.Popen(
            ["curl", "--config", "-", "--fail", "--silent", "--show-error", "--location", "--proto", "=http,https", "--proto-redir", "=http,https", "--max-redirs", "10", *bounds, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        # Not as an argument, because every process of the node can read arguments.
        process.stdin.write(f'url = "{quoted}"\n'.encode())
        process.stdin.close()
        return process

    def size(self, name: str) -> int | None:
        """Bytes, or None if the server does not report the size."""
        process = self._curl(name, "--head", "--output", "/dev/null", "--write-out", "%header{content-length}")
        assert process.stdout is not None and process.stderr is not None
        said = process.stdout.read(64).decode("ascii", "replace")
        process.stdout.close()
        process.stderr.close()
        # A number with more digits is not a file size.
        return int(said) if process.wait() == 0 and re.fullmatch(r"[0-9]{1,15}", said) else None

    def chunks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The file from the offset on.

        Raises FileNotFoundError if the server does not have it, Broken if another try may succeed.
        """
        process = self._curl(name, *(("--continue-at", str(offset)) if offset else ()))
        assert isinstance(process.stdout, io.BufferedReader) and process.stderr is not None
        try:
            while chunk := process.stdout.read1(CHUNK):
                yield chunk
            said = process.stderr.read().decode(errors="replace").strip()
            ended = process.wait()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()
        if ended == 0:
            return
        if ended == NO_RANGES or (offset and "416" in said):
            raise Broken("the server cannot continue a file", from_start=True)
        if ended == 22 and "404" in said:
            raise FileNotFoundError(name)
        # curl(1): 22 is an HTTP status of 400 or above; 5xx may be temporary.
        if ended in TRANSIENT or (ended == 22 and "error: 5" in said):
            raise Broken(said)
        raise UpdateError(f"{self.name}/{name} cannot be fetched: {said}", "Check that the address is correct and the server answers.")


def source_of(place: str):
    """A Folder or a Url; UpdateError for anything else."""
    if place.startswith(("http://", "https://")):
        try:
            return Url(place)
        except ValueError as error:
            raise UpdateError(f"{place} is not a URL: {error}", "Name the folder of a version, as in https://SERVER/slave/VERSION.", wrong_use=True) from None
    if os.path.isdir(place):
        return Folder(place)
    raise UpdateError(f"{place} is neither a folder nor an http(s) URL", "Name the folder of a version, as in out/slave/VERSION.", wrong_use=True)
