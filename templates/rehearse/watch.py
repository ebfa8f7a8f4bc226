"""Prints samples of what this node's services answer, one line of JSON each. `ingot rehearse` runs it over ssh; it ends
with the connection.

Takes a sample once a second while the file CLOSELY exists, which drills create if they need every second; otherwise
every few seconds, because samples cost an emulated node a third of its time.

`at` is this node's clock when the sample began, `took` the seconds until the last answer. Nothing is kept from one
sample to the next.
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

# Longer than a healthy service needs on a busy emulated node. A service that does not answer delays a sample no more.
PATIENCE = 4.0
WRITE_PATIENCE = 2.0
CLOSELY = "/run/ingot-rehearse-closely"
# How long a sample may be postponed on a node that is too busy to answer at once, so that samples do not keep it busy.
LONGEST_CLOSE_PAUSE = 3.0
CALM_PAUSE = 4.0
# Before a node serves there is little to see.
STARTING_PAUSE = 12.0
NO_SESSION = {"writes": False, "elections": None}

# Name -> text of modules of node-tools/ingot_node, and of the package; ingot fills this in.
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
        """The last part of the target of a link, or None."""
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
    """The identity of this node, and the values that must survive a restart."""
    words = {name: value for name, equals, value in (word.partition("=") for word in (node.read("/proc/cmdline") or "").split()) if equals}
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


PACKAGE = "ingot_node"
API = f"{PACKAGE}.cluster_api"


def own_api():
    """The node's own cluster_api. Images of an earlier ingot have it outside a package; older ones do not have it."""
    for name in (API, "cluster_api"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            pass
    return None


class Carried(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that this program brings along: it must read the same on every image, also of an earlier ingot."""

    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_loader(fullname, self, is_package=fullname == PACKAGE) if fullname in MODULES else None

    def exec_module(self, module):
        exec(compile(MODULES[module.__name__], f"{module.__name__}.py", "exec"), module.__dict__)


class Api:
    """The requests that the node's own programs send; each returns None if there is no answer.

    The node's own cluster_api knows how to send them (scheme, login); in an image without one they use plain HTTP.
    """

    def __init__(self, root):
        # The root must not change while it is checked.
        sys.dont_write_bytecode = True
        sys.path.insert(0, f"{root}/usr/lib/ingot")
        own = own_api()
        sys.meta_path.insert(0, Carried())
        # An earlier cluster_api does not return the target of a redirect.
        if own is not None and "location" in getattr(getattr(own, "Answer", None), "_fields", ()):
            sys.modules[API] = own
        else:
            sys.modules.pop(API, None)
        self.http = importlib.import_module(API)
        self.question = importlib.import_module(f"{PACKAGE}.cluster_question")
        self.elections = importlib.import_module(f"{PACKAGE}.elections")
        self.zookeeper = importlib.import_module(f"{PACKAGE}.zookeeper_client")

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
    """What the process at the masters' port answers; None if there is none."""
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
    """The number in a flag's text; None if it is not a number."""
    return int(text) if isinstance(text, str) and text.isdigit() else None


def mesos_agent(api, address):
    """What the process at the agents' port answers; None if there is none."""
    found = api.question.agent_at(address, PATIENCE)
    if found.why:
        return None
    # The agent does not report the master's port.
    return {"registered": found.registered, "master": f"{found.master}:5050" if found.master else None, "tasks": agent_tasks(api.ask(address, 5051, "/state"))}


def agent_tasks(answer):
    """Task id -> state, from an agent's /state (mesos, docs/endpoints/slave/state.md: frameworks, executors, tasks)."""
    frameworks = (answer.body or {}).get("frameworks", []) if answer and answer.status == 200 else []
    holders = [holder for framework in frameworks for holder in (framework, *framework.get("executors", []))]
    return {task["id"]: task.get("state") for holder in holders for task in holder.get("tasks", [])}


def marathon(api, address):
    """The leader that Marathon names, and each app's running tasks if this instance leads; None without Marathon."""
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
    """The Mode that srvr reports; "waiting" if the server does not serve (no quorum), None if none answers."""
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
    """The place of an election in this node's configuration; None if the configuration does not have it."""
    try:
        return read(node.root)
    except (OSError, ValueError):
        return None


def zookeeper_session(node, api, address):
    """Whether a write through this server succeeds, and the leaders of the elections; None if they cannot be read.

    A new session is a transaction that a quorum must commit (zookeeperInternals).
    """
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
    """Mode, writes, elections. A server that does not serve gets no write: it would log each try at length."""
    mode = zookeeper_mode(address)
    return {"zookeeper": mode, **(NO_SESSION if mode in (None, "waiting") else zookeeper_session(node, api, address))}


def look(node, api, pool):
    """A sample, and the seconds that it kept the node busy. Waiting for a write without a quorum does not count."""
    at, began = time.time(), time.monotonic()
    address = node.read("/run/ingot/address")
    seen = {"at": at, "address": address, "role": node.json("/usr/lib/ingot/release.json").get("role"), **identity(node)}
    seen["standIns"] = node.json("/usr/lib/ingot/release.json").get("standIns", [])
    # Images from the time when every cluster had Marathon do not name a scheduler.
    seen["scheduler"] = node.json("/usr/lib/ingot/release.json").get("scheduler", "marathon")
    seen["identityFailed"] = node.read("/run/ingot/identity-failed")
    # The services listen at the address that the identity has found; before that there is nothing to check.
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
    """Whether the services of this node's role serve others."""
    if seen["role"] == "slave":
        return bool(seen["agent"] and seen["agent"]["registered"])
    return seen["writes"] and (seen["scheduler"] != "marathon" or bool(seen["marathon"] and seen["marathon"]["leader"]))


def next_look(now, due, busy, has_served, closely):
    """The time of the next sample, after one that was due at `due` and kept the node busy for `busy` seconds."""
    if closely:
        return max(due + 1.0, now + min(3 * busy - 1.0, LONGEST_CLOSE_PAUSE))
    if has_served:
        return now + max(CALM_PAUSE, min(5 * busy, STARTING_PAUSE))
    return max(due + 1.0, now + min(20 * busy, STARTING_PAUSE))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default="", help="folder to check instead of /")
    options.add_argument("--looks", type=int, default=0, help="end after this number of samples; 0: never")
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
