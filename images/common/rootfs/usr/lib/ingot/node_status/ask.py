"""Questions that a program of the node answers."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, NamedTuple, Optional

import cluster_login

# Seconds for one answer. A person waits for it.
PATIENCE = 20


class Answer(NamedTuple):
    """ok None: it was not asked, for only root may."""

    ok: Optional[bool]
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

    command: List[str]
    root_alone: bool = False


SHARED = {"units": Check(["units-active"]), "root": Check(["root-verified"], root_alone=True)}
OF_ROLE: Dict[str, Dict[str, Check]] = {
    "master": {
        "zookeeper": Check(["zookeeper"]),
        "mesos-master": Check(["elected-master"]),
        "registry": Check(["metric", "5050", "registrar/log/recovered", "1"]),
        "marathon": Check(["marathon-leader"]),
    },
    "slave": {"docker": Check(["docker"], root_alone=True), "agent": Check(["agent-registered"])},
}


def checks(root: str, role: str, joined: bool) -> Dict[str, Answer]:
    """What the checks of the image say, all asked at once; those of the cluster only on a node that has joined it."""
    wanted = {**SHARED, **(OF_ROLE.get(role, {}) if joined else {})}
    may = os.geteuid() == 0 or root != "/"
    # Mesos answers nobody else then.
    logged_in = OF_ROLE.get(role, {}).values() if cluster_login.needed(root) else ()

    def one(check: Check) -> Answer:
        if (check.root_alone or check in logged_in) and not may:
            return Answer(None, "not asked: only root may (sudo ingot-status)")
        return ask(os.path.join(root, "usr/lib/ingot/check", check.command[0]), *check.command[1:])

    with ThreadPoolExecutor(len(wanted)) as pool:
        return dict(zip(wanted, pool.map(one, wanted.values())))
