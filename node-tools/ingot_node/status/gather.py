"""Collects the data of ingot-status; nothing here is written."""

import json
import os
import re

from ingot_node.status import ask
from ingot_node.status.golden import facts, read
from ingot_node.update.error import UpdateError
from ingot_node.update.node import Node
from ingot_node.update.status import status as update_status

RUNNING = ("running", "degraded")


def _json(text: str) -> dict:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def identity(root: str) -> dict:
    """The node's identity, or why it does not join its cluster."""
    failed = read(os.path.join(root, "run/ingot/identity-failed"))
    found = _json(read(os.path.join(root, "run/ingot/identity.json")))
    if failed:
        return {"joined": False, "why": failed, **found}
    return {"joined": bool(found), **({} if found else {"why": "the identity has not been determined yet"}), **found}


def seed(root: str) -> dict:
    """The keys whose seeds the image trusts, and the key that signed this seed."""
    keys = os.path.join(root, "usr/lib/ingot/seed-keys")
    names = sorted(name[: -len(".pem")] for name in os.listdir(keys)) if os.path.isdir(keys) else []
    return {
        "believes": names,
        "signedBy": _json(read(os.path.join(root, "run/ingot/seed-signed"))).get("signedBy"),
        "refused": read(os.path.join(root, "run/ingot/seed-refused")) or None,
    }


def services(root: str, of_cluster: list[str]) -> dict[str, str]:
    """Unit -> its state, for the cluster's units that the image enables."""
    preset = read(os.path.join(root, "usr/lib/systemd/system-preset/00-ingot.preset"))
    enabled = re.findall(r"^enable (\S+)\.service$", preset, re.MULTILINE)
    units = [name for name in of_cluster if name in enabled]
    if not units:
        return {}
    blocks = ask.output("systemctl", "show", "--property=Id,ActiveState", *(f"{name}.service" for name in units)).split("\n\n")
    found = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]
    states = {each.get("Id", ""): each.get("ActiveState", "") for each in found}
    return {name: states.get(f"{name}.service") or "not known" for name in units}


def clock(root: str) -> dict:
    """Whether chrony keeps the clock synchronised, and whether the seed requires it."""
    said = re.search(r"^Leap status\s*: (.*)$", ask.output("chronyc", "-n", "tracking"), re.MULTILINE)
    named = bool(read(os.path.join(root, "run/chrony-dhcp/seed.sources")))
    return {"synchronised": said.group(1) != "Not synchronised" if said else None, "demandedBySeed": named}


def state(root: str) -> dict:
    """Where the state is stored, and its size and free space in bytes."""
    folder = os.path.join(root, "var/lib/ingot/state")
    mounts = re.findall(r"^(\S+) /var/lib/ingot/state (\S+) ", read(os.path.join(root, "proc/self/mounts")), re.MULTILINE)
    room = os.statvfs(folder) if os.path.isdir(folder) else None
    return {
        "source": mounts[-1][0] if mounts else None,
        "inMemory": read(os.path.join(root, "run/ingot/diskless")) or None,
        "full": read(os.path.join(root, "run/ingot/state-full")) or None,
        "named": read(os.path.join(root, "run/ingot/data-named")) or None,
        "bytes": room.f_blocks * room.f_frsize if room else None,
        "freeBytes": room.f_bavail * room.f_frsize if room else None,
    }


def update(root: str) -> dict:
    """The slots and the last attempt, as in ingot-update --status, or why they are not available."""
    node = Node(root)
    if os.geteuid() != 0 and root == "/":
        return {"why": "not checked: requires root (sudo ingot-status)"}
    try:
        return update_status(node)
    except (UpdateError, OSError) as error:
        return {"why": str(error)}


def drift(root: str) -> dict:
    """The result of the last ingot-drift run: the head of its answer."""
    try:
        with open(os.path.join(root, "run/ingot/drift.json"), encoding="utf-8") as file:
            head = json.loads(file.readline())
        found, critical, when = int(head["drift"]), int(head["critical"]), str(head["when"])
    except FileNotFoundError:
        there = os.path.exists(os.path.join(root, "usr/bin/ingot-drift"))
        return {"says": "not checked yet (sudo ingot-drift)" if there else "not checked"}
    except PermissionError:
        return {"says": "not checked: requires root (sudo ingot-status)"}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return {"says": f"the last answer cannot be read ({error}): run sudo ingot-drift"}
    said = f"{found} found, {critical} of them critical (sudo ingot-drift)" if found else "none"
    return {"found": found, "critical": critical, "when": when, "says": f"{said}, {when}"}


def quorum(root: str, found: dict, answers: dict[str, ask.Answer]) -> dict | None:
    """On a master: the number of masters, the quorum, the mode of ZooKeeper and the elected master."""
    if not found.get("masters") or "zooKeeperId" not in found:
        return None
    zookeeper, elected = answers.get("zookeeper"), answers.get("mesos-master")
    mode = zookeeper.says.rpartition(" ")[2] if zookeeper and zookeeper.ok else None
    return {
        "masters": len(found["masters"]),
        "needed": found["quorum"],
        "zooKeeper": mode,
        "elected": elected.says.partition(" ")[0] if elected and elected.ok else None,
    }


def quotas(root: str) -> list[str] | None:
    """The quotas that the leading master refused, on the leading master; None if the seed names none."""
    if not os.path.exists(os.path.join(root, "run/ingot/quotas.json")):
        return None
    return [line for line in read(os.path.join(root, "run/ingot/quotas-refused")).splitlines() if line]


def _problems(found: dict, running: str, answers: dict[str, ask.Answer]) -> list[str]:
    problems = []
    who, where, time = found["identity"], found["state"], found["clock"]
    if not who["joined"]:
        problems.append(f"identity: {who['why']}")
    if not found["release"]["verified"]:
        problems.append("root: the kernel does not verify it")
    if where["full"]:
        problems.append(f"state: {where['full']}")
    if where["inMemory"] and (found["release"].get("role") == "master" or where["named"]):
        problems.append(f"state is kept in memory: {where['inMemory']}")
    if time["demandedBySeed"] and time["synchronised"] is not True:
        problems.append("clock: it is not synchronised, and the seed names time servers")
    if running not in RUNNING:
        problems.append(f"system: {running}")
    if found["update"].get("revoked"):
        problems.append(f"version: it was revoked on {found['update']['revoked']['on']}: {found['update']['revoked']['why']}")
    problems += [f"quotas: {line}" for line in found["quotas"] or []]
    failed = ask.output("systemctl", "list-units", "--failed", "--plain", "--no-legend") if running == "degraded" else ""
    problems += [f"unit: {line.split()[0]} has failed" for line in failed.splitlines() if line.strip()]
    return problems + [f"{name}: {answer.says}" for name, answer in answers.items() if answer.ok is False]


def gather(root: str) -> dict:
    """All data, with `problems` and `healthy`."""
    release, who = facts(root), identity(root)
    declared = ask.declared(root)
    answers = ask.checks(root, declared.checks, who["joined"])
    running = ask.output("systemctl", "is-system-running").strip() or "not known"
    found = {
        "release": release,
        "identity": who,
        "seed": seed(root),
        "quorum": quorum(root, who, answers),
        "quotas": quotas(root),
        "system": running,
        "services": services(root, declared.units),
        "checks": {name: {"ok": answer.ok, "says": answer.says} for name, answer in answers.items()},
        "clock": clock(root),
        "state": state(root),
        "update": update(root),
        "drift": drift(root),
    }
    problems = _problems(found, running, answers)
    return {"healthy": not problems, "problems": problems, **found}
