"""Where a version comes from: a folder, or an http(s) URL that curl reads."""

import io
import os
import re
import subprocess
import urllib.parse
from collections.abc import Iterator

from ingot_node.update.error import UpdateError

CHUNK = 1 << 20
# Of curl(1): it gave up on the connection, not on the file; 33 is a server without ranges.
TRANSIENT = {5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92}
NO_RANGES = 33


class Broken(Exception):
    """The transfer broke off, or cannot be continued where it was: worth another try."""

    def __init__(self, message: str, from_start: bool = False) -> None:
        super().__init__(message)
        self.from_start = from_start


class Folder:
    """A version folder on this machine."""

    def __init__(self, folder: str) -> None:
        self.name = folder
        # "latest" leads to the folder of a version, and that is what is asked for from here on.
        self._folder = os.path.realpath(folder)
        self.last = os.path.basename(self._folder)

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def size(self, name: str) -> int | None:
        """Bytes, or None if that is not known."""
        try:
            return os.stat(self._path(name)).st_size
        except OSError:
            return None

    def chunks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The file from the offset on; FileNotFoundError if it is not there."""
        with open(self._path(name), "rb") as file:
            file.seek(offset)
            while chunk := file.read(CHUNK):
                yield chunk


class Url:
    """A version folder behind a web server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        parts = urllib.parse.urlsplit(self._url)
        # A password in the URL is for curl alone.
        self.name = urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        self.last = urllib.parse.unquote(parts.path).rpartition("/")[2]

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
        # Not as an argument, which every process of the node could read.
        process.stdin.write(f'url = "{quoted}"\n'.encode())
        process.stdin.close()
        return process

    def size(self, name: str) -> int | None:
        """Bytes, or None if the server does not say."""
        process = self._curl(name, "--head", "--output", "/dev/null", "--write-out", "%header{content-length}")
        assert process.stdout is not None and process.stderr is not None
        said = process.stdout.read(64).decode("ascii", "replace")
        process.stdout.close()
        process.stderr.close()
        # More digits are no size of a file.
        return int(said) if process.wait() == 0 and re.fullmatch(r"[0-9]{1,15}", said) else None

    def chunks(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """The file from the offset on; FileNotFoundError if the server has none, Broken if another try may help."""
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
        # curl(1): 22 is an HTTP answer of 400 and more; 5xx may pass.
        if ended in TRANSIENT or (ended == 22 and "error: 5" in said):
            raise Broken(said)
        raise UpdateError(f"{self.name}/{name} cannot be fetched: {said}", "See that the address is right and the server answers.")


def source_of(place: str):
    """A Folder or a Url; UpdateError for what is neither."""
    if place.startswith(("http://", "https://")):
        try:
            return Url(place)
        except ValueError as error:
            raise UpdateError(f"{place} is no URL: {error}", "Name the folder of a version, as in https://SERVER/slave/VERSION.", wrong_use=True) from None
    if os.path.isdir(place):
        return Folder(place)
    raise UpdateError(f"{place} is no folder and no http(s) URL", "Name the folder of a version, as in out/slave/VERSION.", wrong_use=True)
