"""Questions that a program of the node answers."""

import glob
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from ingot_node import cluster_login

# Seconds for one answer. A person waits for it.
PATIENCE = 20


class Answer(NamedTuple):
    """ok None: it was not asked, for only root may."""

    ok: bool | None
    says: str


def ask(*command: str) -> Answer:
    """Runs the program; what it says is its last line, or why it did not say anything."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Answer(False, f"no answer within {PATIENCE} s")
    except OSError as error:
        return Answer(False, f"{command[0]} cannot be run: {error.strerror}")
    # What a check says itself tells more than what its programs complain of.
    lines = [line.strip() for text in (done.stderr, done.stdout) for line in text.splitlines() if line.strip()]
    return Answer(done.returncode == 0, lines[-1] if lines else f"exit status {done.returncode}")


def output(*command: str) -> str:
    """What the program prints, "" if it cannot be run; its exit status says nothing here."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


class Check(NamedTuple):
    """A program of /usr/lib/ingot/check and its arguments, and whether only root may ask."""

    command: list[str]
    root_alone: bool = False


class Declared(NamedTuple):
    """What the layers of an image say in /usr/lib/ingot/status.d, in the order of their files and lines."""

    units: list[str]
    checks: dict[str, Check]


SHARED = {"units": Check(["units-active"]), "root": Check(["root-verified"], root_alone=True)}
FOLDER = "usr/lib/ingot/status.d"


def declared(root: str) -> Declared:
    """The units and checks of the cluster that this image has. A word begins each line; what follows a # is a remark.

    unit NAME                          a service whose state is shown, if the image enables it
    check NAME PROGRAM ARGUMENT…       a program of /usr/lib/ingot/check that is asked on a node that has joined
    root-check NAME PROGRAM ARGUMENT…  the same, and only root may ask
    """
    found = Declared([], {})
    for file in sorted(glob.glob(os.path.join(root, FOLDER, "*.conf"))):
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                word, *rest = line.partition("#")[0].split() or [""]
                if word == "unit":
                    found.units.append(*rest)
                elif word in ("check", "root-check"):
                    found.checks[rest[0]] = Check(rest[1:], root_alone=word == "root-check")
                elif word:
                    raise ValueError(f"{file}: {word} is not a word of this file")
    return found


def checks(root: str, of_cluster: dict[str, Check], joined: bool) -> dict[str, Answer]:
    """What the checks of the image say, all asked at once; those of the cluster only on a node that has joined it."""
    wanted = {**SHARED, **(of_cluster if joined else {})}
    may = os.geteuid() == 0 or root != "/"
    # Mesos answers nobody else then.
    logged_in = of_cluster.values() if cluster_login.needed(root) else ()

    def one(check: Check) -> Answer:
        if (check.root_alone or check in logged_in) and not may:
            return Answer(None, "not asked: only root may (sudo ingot-status)")
        return ask(os.path.join(root, "usr/lib/ingot/check", check.command[0]), *check.command[1:])

    with ThreadPoolExecutor(len(wanted)) as pool:
        return dict(zip(wanted, pool.map(one, wanted.values()), strict=False))
