"""Brings the secrets that the seed names to where the cluster's services read them: files below /run, readable by their owner alone."""

import os
import pwd
import subprocess
from typing import Dict

from cluster_config import ROLE_SECRETS
from cluster_seed import IdentityError, Secret, Seed

# Seconds for a command that asks a server.
PATIENCE = 60
# Whose process reads the file; the others are root's.
OWNERS = {"marathon": "marathon"}


def _from_file(name: str, path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise IdentityError(f"the secret {name} in {path} can be read by others than root: chmod 600 it, and restart")
            return file.read()
    except OSError as error:
        raise IdentityError(f"the secret {name} is not in {path} ({error.strerror}): put it there, readable by root alone, and restart") from error


def _from_command(name: str, secret: Secret) -> bytes:
    program = secret.command[0]
    try:
        # What the command says of its failure goes to the journal; what it prints nowhere.
        done = subprocess.run(secret.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise IdentityError(f"the command of the secret {name} ({program}) did not end within {PATIENCE} s: see that its server answers, and restart") from None
    except OSError as error:
        raise IdentityError(f"the command of the secret {name} ({program}) cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        raise IdentityError(f"the command of the secret {name} ({program}) ended with status {done.returncode}: see journalctl -u ingot-identity")
    return done.stdout


def _owner(name: str) -> int:
    try:
        return pwd.getpwnam(OWNERS[name]).pw_uid if name in OWNERS else 0
    except KeyError:
        return 0


def read(seed: Seed, role: str, root: str) -> Dict[str, bytes]:
    """Path of /run -> the secret of a node of this role; IdentityError for one that cannot be had. root: / on a node, a folder in tests."""
    found = {}
    for name, target in ROLE_SECRETS[role].items():
        secret = seed.secrets.get(name)
        if secret is None:
            continue
        text = _from_file(name, os.path.join(root, secret.file.lstrip("/"))) if secret.file else _from_command(name, secret)
        if not text.strip():
            raise IdentityError(f"the secret {name} is empty")
        # The authentication of Mesos takes a last line feed for a part of the secret.
        found[target] = text.rstrip(b"\n") if name == "marathon" else text
    return found


def _says(path: str, text: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() == text and os.fstat(file.fileno()).st_mode & 0o777 == 0o600
    except OSError:
        return False


def write(secrets: Dict[str, bytes], root: str) -> None:
    """Each file whole, with mode 0600 from its first byte on, and its owner last; only if it says something else."""
    for target, text in secrets.items():
        path = os.path.join(root, target.lstrip("/"))
        if _says(path, text):
            continue
        os.makedirs(os.path.dirname(path), mode=0o711, exist_ok=True)
        descriptor = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(text)
        if root == "/":
            os.chown(f"{path}.new", _owner(os.path.basename(target)), -1)
        os.replace(f"{path}.new", path)
