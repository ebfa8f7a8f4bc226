"""Says again and again, as one line of JSON, what this node's services answer; run over ssh by `ingot rehearse`, ends with the connection.

Once a second while the file CLOSELY is there, which drills make that have to see every second; else every few seconds, for looking costs an emulated node a third of its time.

Each line is one look: `at` is this node's clock when it began, `took` the seconds until the last answer. Nothing is remembered between looks.
"""

import argparse
import importlib
import importlib.abc
import importlib.util
import json
import os
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

# Longer than a healthy service takes on a busy emulated node; one that is cut off costs a look no more than this.
PATIENCE = 4.0
WRITE_PATIENCE = 2.0
CLOSELY = "/run/ingot-rehearse-closely"
# How long a look may be put off on a node that is too busy to answer at once, so that looking does not keep it busy.
LONGEST_CLOSE_PAUSE = 3.0
CALM_PAUSE = 4.0
# Before a node serves there is little to see.
STARTING_PAUSE = 12.0
NO_SESSION = {"writes": False, "elections": None}

# Name -> text of modules of images/common, which ingot fills in.
MODULES = {}


class Node:
    """The files of a node, below a folder that a test may choose."""

    def __init__(self, root):
        self.root = root

    def read(self, path):
        """The text of a file without its line end, or None."""
        try:
            with open(self.root + path, encoding="utf-8", errors="replace") as file:
                return file.read().strip()
        except OSError:
            return None

    def link(self, path):
        """The last part of what a link leads to, or None."""
        try:
            return os.path.basename(os.readlink(self.root + path))
        except OSError:
            return None

    def json(self, path):
        try:
            return json.loads(self.read(path) or "{}")
        except ValueError:
            return {}


def identity(node):
    """What this node is, and what of it has to outlive a restart."""
    words = dict(word.split("=", 1) for word in (node.read("/proc/cmdline") or "").split() if "=" in word)
    key = (node.read("/var/lib/ingot/state/ssh/ssh_host_ed25519_key.pub") or "").split()
    return {
        "bootId": node.read("/proc/sys/kernel/random/boot_id"),
        "hostName": node.read("/proc/sys/kernel/hostname"),
        "machineId": node.read("/etc/machine-id"),
        "hostKey": key[1] if len(key) > 1 else None,
        "version": words.get("ingot.version"),
        "rootHash": words.get("ingot.roothash"),
        "agentId": node.link("/var/lib/mesos/meta/slaves/latest"),
        "zookeeperId": node.read("/var/lib/zookeeper/myid"),
    }


class Carried(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that this program brings along: what it reads has to be the same on nodes of any image, also one of an earlier ingot."""

    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname in MODULES else None

    def exec_module(self, module):
        exec(compile(MODULES[module.__name__], f"{module.__name__}.py", "exec"), module.__dict__)


class Api:
    """The questions that the node's own programs ask, each with None in place of an answer where nobody answers.

    How they are asked (scheme, login) is the node's own /usr/lib/ingot/cluster_api.py to know; an image without one asks by plain HTTP.
    """

    def __init__(self, root):
        # Nothing of the root is to change while it is looked at.
        sys.dont_write_bytecode = True
        sys.path.insert(0, f"{root}/usr/lib/ingot")
        try:
            self.http = importlib.import_module("cluster_api")
        except ModuleNotFoundError:
            self.http = None
        sys.meta_path.insert(0, Carried())
        # An earlier one does not say where a redirect leads.
        if "location" not in getattr(getattr(self.http, "Answer", None), "_fields", ()):
            sys.modules.pop("cluster_api", None)
        self.http = importlib.import_module("cluster_api")
        self.question = importlib.import_module("cluster_question")
        self.elections = importlib.import_module("elections")
        self.zookeeper = importlib.import_module("zookeeper_client")

    def ask(self, address, port, path):
        try:
            return self.http.ask(address, port, path, PATIENCE)
        except self.http.NoAnswer:
            return None

    def metrics(self, address, port):
        try:
            return self.http.metrics(address, port, PATIENCE)
        except self.http.NoAnswer:
            return None


def mesos_master(api, address):
    """What the process at the port of masters says, None if none is there."""
    found = api.metrics(address, 5050)
    if found is None:
        return None
    flags = api.ask(address, 5050, "/master/flags")
    named = api.question.named_by(address, PATIENCE).leader
    host, _, port = (named or "").rpartition(":")
    return {
        "elected": found.get("master/elected") == 1,
        "recovered": found.get("registrar/log/recovered") == 1,
        "leader": f"{api.question.numeric(host)}:{port}" if named else None,
        "quorum": number(((flags and flags.body) or {}).get("flags", {}).get("quorum")),
        "agents": found.get("master/slaves_active"),
    }


def number(text):
    """Of a flag's text; None where it is none."""
    return int(text) if isinstance(text, str) and text.isdigit() else None


def mesos_agent(api, address):
    """What the process at the port of agents says, None if none is there."""
    found = api.question.agent_at(address, PATIENCE)
    if found.why:
        return None
    # It does not say at which port the master is.
    return {"registered": found.registered, "master": f"{found.master}:5050" if found.master else None, "tasks": agent_tasks(api.ask(address, 5051, "/state"))}


def agent_tasks(answer):
    """State of each task by its id, as an agent's /state has them (mesos, docs/endpoints/slave/state.md: frameworks, executors, tasks)."""
    frameworks = (answer.body or {}).get("frameworks", []) if answer and answer.status == 200 else []
    holders = [holder for framework in frameworks for holder in (framework, *framework.get("executors", []))]
    return {task["id"]: task.get("state") for holder in holders for task in holder.get("tasks", [])}


def marathon(api, address):
    """Whom Marathon follows, and the running tasks of each app where this instance leads; None if none is there."""
    answer = api.ask(address, 8080, "/v2/leader")
    if answer is None:
        return None
    leader = (answer.body or {}).get("leader") if answer.status == 200 else None
    apps = None
    if leader == f"{address}:8080":
        found = api.ask(address, 8080, "/v2/apps")
        if found and found.status == 200:
            apps = {app["id"]: app.get("tasksRunning", 0) for app in found.body["apps"]}
    return {"leader": leader, "apps": apps}


def zookeeper_mode(address):
    """The Mode that srvr says; "waiting" where it answers that it serves nobody (no quorum), None where nobody answers."""
    try:
        with socket.create_connection((address, 2181), timeout=PATIENCE) as connection:
            connection.sendall(b"srvr")
            text = b""
            while more := connection.recv(4096):
                text += more
    except OSError:
        return None
    modes = [line[6:] for line in text.decode(errors="replace").splitlines() if line.startswith("Mode: ")]
    return modes[0] if modes else "waiting"


def place_of(read, node):
    """Where an election is held, by this node's configuration; None where that does not say it."""
    try:
        return read(node.root)
    except (OSError, ValueError):
        return None


def zookeeper_session(node, api, address):
    """Whether this server gets a write through, and whom the elections name; None where they cannot be read. A new session is a transaction that a quorum has to commit (zookeeperInternals)."""
    asked = {
        "mesos": (api.elections.mesos_leader, place_of(api.question.mesos_place, node)),
        "marathon": (api.elections.marathon_leader, place_of(api.question.marathon_place, node)),
    }
    elections, writes = None, False
    try:
        with api.zookeeper.Session(address, patience=WRITE_PATIENCE) as session:
            writes = True
            leaders = {name: question(session, where.path) if where else None for name, (question, where) in asked.items()}
            elections = {name: str(leader) if leader else None for name, leader in leaders.items()}
    except api.zookeeper.ZooKeeperError:
        pass
    return {"writes": writes, "elections": elections}


def zookeeper(node, api, address):
    """Mode, writes, elections; one that says that it serves nobody is not asked to write: it would log each try at length."""
    mode = zookeeper_mode(address)
    return {"zookeeper": mode, **(NO_SESSION if mode in (None, "waiting") else zookeeper_session(node, api, address))}


def look(node, api, pool):
    """One look at the node, and the seconds that the node was busy with it, which waiting for a write that no quorum commits does not belong to."""
    at, began = time.time(), time.monotonic()
    address = node.read("/run/ingot/address")
    seen = {"at": at, "address": address, "role": node.json("/usr/lib/ingot/release.json").get("role"), **identity(node)}
    seen["standIns"] = node.json("/usr/lib/ingot/release.json").get("standIns", [])
    # Images that were made when every cluster had Marathon do not say so.
    seen["scheduler"] = node.json("/usr/lib/ingot/release.json").get("scheduler", "marathon")
    seen["identityFailed"] = node.read("/run/ingot/identity-failed")
    # The services listen at the address that the identity has found; before that there is nothing to ask.
    questions = {"master": mesos_master, "agent": mesos_agent, "marathon": marathon}
    if seen["scheduler"] != "marathon":
        seen["marathon"] = None
        del questions["marathon"]
    if address:
        members = pool.submit(zookeeper, node, api, address)
        answers = {name: pool.submit(question, api, address) for name, question in questions.items()}
        seen.update({name: answer.result() for name, answer in answers.items()})
        busy = time.monotonic() - began
        seen.update(members.result())
    else:
        seen.update({name: None for name in questions} | {"zookeeper": None, **NO_SESSION})
        busy = time.monotonic() - began
    seen["took"] = round(time.monotonic() - began, 3)
    return seen, busy


def serves(seen):
    """Whether the services of this node's role are there for others."""
    if seen["role"] == "slave":
        return bool(seen["agent"] and seen["agent"]["registered"])
    return seen["writes"] and (seen["scheduler"] != "marathon" or bool(seen["marathon"] and seen["marathon"]["leader"]))


def next_look(now, due, busy, has_served, closely):
    """When to look again, after a look that was due then and kept the node busy for so many seconds."""
    if closely:
        return max(due + 1.0, now + min(3 * busy - 1.0, LONGEST_CLOSE_PAUSE))
    if has_served:
        return now + max(CALM_PAUSE, min(5 * busy, STARTING_PAUSE))
    return max(due + 1.0, now + min(20 * busy, STARTING_PAUSE))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default="", help="folder to look at instead of /")
    options.add_argument("--looks", type=int, default=0, help="end after so many; 0: go on")
    given = options.parse_args()
    node, api, done, due, has_served = Node(given.root), Api(given.root), 0, time.monotonic(), False
    with ThreadPoolExecutor(max_workers=4) as pool:
        while True:
            seen, busy = look(node, api, pool)
            try:
                print(json.dumps(seen), flush=True)
            except BrokenPipeError:
                os._exit(0)
            done += 1
            if done == given.looks:
                return
            has_served = has_served or serves(seen)
            due = next_look(time.monotonic(), due, busy, has_served, node.read(CLOSELY) is not None)
            time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    sys.exit(main())
