"""Writes the secrets that the seed names to the files that the cluster's services read.

The files are below /run, and only their owner can read them.
"""

import contextlib
import errno
import os
import pwd
import selectors
import stat
import subprocess
import time

from ingot_node.cluster_config import cluster_scheduler, secret_files
from ingot_node.cluster_seed import IdentityError, Secret, Seed

# Seconds for a command that contacts a server.
PATIENCE = 60
# Bytes; even certificates and tokens of many servers are smaller.
LARGEST = 1 << 20
# The user whose process reads the file; all other files belong to root.
OWNERS = {
    "zookeeper-tls.pem": "zookeeper",
    **({name: cluster_scheduler.OWNER for name in (cluster_scheduler.NAME, *cluster_scheduler.TLS_SECRETS)} if cluster_scheduler else {}),
}


def _bounded(name: str, text: bytes) -> bytes:
    if len(text) > LARGEST:
        raise IdentityError(f"the secret {name} has more than {LARGEST} bytes")
    return text


def _printed(process: subprocess.Popen[bytes]) -> bytes:
    """The output of a command, up to one byte over the limit; TimeoutExpired if it takes too long."""
    text, deadline = bytearray(), time.monotonic() + PATIENCE
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while len(text) <= LARGEST:
            if not waiting.select(max(0, deadline - time.monotonic())):
                raise subprocess.TimeoutExpired(process.args, PATIENCE)
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                process.wait(max(0, deadline - time.monotonic()))
                break
            text += part
    return bytes(text)


def _from_file(name: str, path: str) -> bytes:
    try:
        # No link, because it may lead where others can write; no pipe, because it could block the boot.
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise IdentityError(f"the secret {name} in {path} is not a file: put a file there, readable only by root, and restart")
            if found.st_uid != os.geteuid():
                raise IdentityError(f"the secret {name} in {path} belongs to the user {found.st_uid}, who may change it: chown root it, and restart")
            if found.st_mode & 0o077:
                raise IdentityError(f"the secret {name} in {path} can be read by users other than root: chmod 600 it, and restart")
            return _bounded(name, file.read(LARGEST + 1))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise IdentityError(f"the secret {name} in {path} is a link, which may lead anywhere: put the file itself there, and restart") from error
        raise IdentityError(f"the secret {name} is not in {path} ({error.strerror}): put it there, readable only by root, and restart") from error


def _from_command(name: str, secret: Secret) -> bytes:
    program = secret.command[0]
    try:
        # The command's error output goes to the journal; its standard output is not logged.
        with subprocess.Popen(secret.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            try:
                text = _bounded(name, _printed(process))
            finally:
                process.kill()
    except subprocess.TimeoutExpired:
        raise IdentityError(f"the command of the secret {name} ({program}) did not end within {PATIENCE} s: check that its server answers, and restart") from None
    except OSError as error:
        raise IdentityError(f"the command of the secret {name} ({program}) cannot be run: {error.strerror}") from error
    if process.returncode != 0:
        raise IdentityError(f"the command of the secret {name} ({program}) ended with status {process.returncode}: see journalctl -u ingot-identity")
    return text


def _owner(name: str, root: str) -> int:
    if root != "/":
        return os.geteuid()  # a folder in tests
    try:
        return pwd.getpwnam(OWNERS[name]).pw_uid if name in OWNERS else 0
    except KeyError:
        return 0


def read(seed: Seed, role: str, root: str) -> dict[str, bytes]:
    """File below /run -> the secret, for a node of this role; IdentityError for a secret that is not available.

    root: / on a node, a folder in tests.
    """
    found = {}
    for name, target in secret_files(role).items():
        secret = seed.secrets.get(name)
        if secret is None:
            continue
        text = _from_file(name, os.path.join(root, secret.file.lstrip("/"))) if secret.file else _from_command(name, secret)
        if not text.strip():
            raise IdentityError(f"the secret {name} is empty")
        # The authentication of Mesos treats a final line feed as part of the secret.
        found[target] = text.rstrip(b"\n") if secret.principal else text
    return found


def _says(path: str, text: bytes, owner: int) -> bool:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            return stat.S_ISREG(found.st_mode) and found.st_mode & 0o7777 == 0o600 and found.st_uid == owner and file.read(LARGEST + 1) == text
    except OSError:
        return False


def write(secrets: dict[str, bytes], root: str) -> None:
    """Writes each file atomically, with mode 0600 from its first byte on, and sets its owner last.

    A file that already has the right content, mode and owner is left alone.
    """
    for target, text in secrets.items():
        path = os.path.join(root, target.lstrip("/"))
        owner = _owner(os.path.basename(target), root)
        if _says(path, text, owner):
            continue
        os.makedirs(os.path.dirname(path), mode=0o711, exist_ok=True)
        # A process that created a file of this name may keep it open, so a new file is created.
        with contextlib.suppress(FileNotFoundError):
            os.remove(f"{path}.new")
        descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fchown(descriptor, owner, -1)
        os.replace(f"{path}.new", path)
