"""Runs programs of the node and returns their answers."""

import glob
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from ingot_node import cluster_login

# Seconds for one answer; a person waits for it.
PATIENCE = 20


class Answer(NamedTuple):
    """The result of a check; ok is None if it was not run because it requires root."""

    ok: bool | None
    says: str


def ask(*command: str) -> Answer:
    """Runs the program. says: its last line, or why there is none."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Answer(False, f"no answer within {PATIENCE} s")
    except OSError as error:
        return Answer(False, f"{command[0]} cannot be run: {error.strerror}")
    # The last line of a check's own output is more useful than the errors of the programs that it runs.
    lines = [line.strip() for text in (done.stderr, done.stdout) for line in text.splitlines() if line.strip()]
    return Answer(done.returncode == 0, lines[-1] if lines else f"exit status {done.returncode}")


def output(*command: str) -> str:
    """The output of the program, "" if it cannot be run; its exit status is ignored."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


class Check(NamedTuple):
    """A program of /usr/lib/ingot/check and its arguments, and whether it requires root."""

    command: list[str]
    root_alone: bool = False


class Declared(NamedTuple):
    """The declarations of the image's layers in /usr/lib/ingot/status.d, in the order of their files and lines."""

    units: list[str]
    checks: dict[str, Check]


SHARED = {"units": Check(["units-active"]), "root": Check(["root-verified"], root_alone=True)}
FOLDER = "usr/lib/ingot/status.d"


def declared(root: str) -> Declared:
    """The units and checks of the cluster that this image declares.

    Each line begins with a keyword; # begins a comment.

    unit NAME                          a service whose state is shown if the image enables it
    check NAME PROGRAM ARGUMENT…       a program of /usr/lib/ingot/check that runs on a node that has joined
    root-check NAME PROGRAM ARGUMENT…  the same, for a program that requires root
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
                    raise ValueError(f"{file}: {word} is not a keyword of this file")
    return found


def checks(root: str, of_cluster: dict[str, Check], joined: bool) -> dict[str, Answer]:
    """Runs all checks of the image in parallel; those of the cluster only on a node that has joined it."""
    wanted = {**SHARED, **(of_cluster if joined else {})}
    may = os.geteuid() == 0 or root != "/"
    # If Mesos requires a login, it answers only root.
    logged_in = of_cluster.values() if cluster_login.needed(root) else ()

    def one(check: Check) -> Answer:
        if (check.root_alone or check in logged_in) and not may:
            return Answer(None, "not checked: requires root (sudo ingot-status)")
        return ask(os.path.join(root, "usr/lib/ingot/check", check.command[0]), *check.command[1:])

    with ThreadPoolExecutor(len(wanted)) as pool:
        return dict(zip(wanted, pool.map(one, wanted.values()), strict=False))
