"""Says again and again, as one line of JSON, what this node's services answer; run over ssh by `ingot rehearse`, ends with the connection.

Once a second while the file CLOSELY is there, which drills make that have to see every second; else every few seconds, for looking costs an emulated node a third of its time.

Each line is one look: `at` is this node's clock when it began, `took` the seconds until the last answer. Nothing is remembered between looks.
"""

import argparse
import http.client
import importlib
import json
import os
import socket
import struct
import sys
import time
import types
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


class Node:
    """The files of a node, below a folder that a test may choose."""

    def __init__(self, root):
        self._root = root

    def read(self, path):
        """The text of a file without its line end, or None."""
        try:
            with open(self._root + path, encoding="utf-8", errors="replace") as file:
                return file.read().strip()
        except OSError:
            return None

    def link(self, path):
        """The last part of what a link leads to, or None."""
        try:
            return os.path.basename(os.readlink(self._root + path))
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


class PlainApi:
    """The way of nodes that are older than cluster_api.py, as an upgrade begins with: their services know neither TLS nor a login."""

    class NoAnswer(Exception):
        """Nobody answered."""

    @staticmethod
    def ask(address, port, path, patience):
        connection = http.client.HTTPConnection(address, port, timeout=patience)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read()
            return types.SimpleNamespace(status=answer.status, body=json.loads(text) if text.strip() and answer.status < 300 else None, location=answer.getheader("Location"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise PlainApi.NoAnswer from error
        finally:
            connection.close()

    @staticmethod
    def metrics(address, port, patience):
        answer = PlainApi.ask(address, port, "/metrics/snapshot", patience)
        return answer.body if answer.status == 200 and isinstance(answer.body, dict) else None


class Api:
    """The node's own way to ask its services, /usr/lib/ingot/cluster_api.py; None in place of an answer where nobody answers."""

    def __init__(self, root):
        # Nothing of the root is to change while it is looked at, nor a file of a test's checkout.
        sys.dont_write_bytecode = True
        sys.path.insert(0, f"{root}/usr/lib/ingot")
        try:
            self._api = importlib.import_module("cluster_api")
        except ModuleNotFoundError:
            self._api = PlainApi

    def ask(self, address, port, path):
        try:
            return self._api.ask(address, port, path, PATIENCE)
        except self._api.NoAnswer:
            return None

    def metrics(self, address, port):
        try:
            return self._api.metrics(address, port, PATIENCE)
        except self._api.NoAnswer:
            return None


def mesos_master(api, address):
    """What the process at the port of masters says, None if none is there."""
    found = api.metrics(address, 5050)
    if found is None:
        return None
    return {
        "elected": found.get("master/elected") == 1,
        "recovered": found.get("registrar/log/recovered") == 1,
        "ensemble": found.get("registrar/log/ensemble_size"),
        "agents": found.get("master/slaves_active"),
    }


def mesos_agent(api, address):
    """What the process at the port of agents says, None if none is there."""
    found = api.metrics(address, 5051)
    return None if found is None else {"registered": found.get("slave/registered") == 1, "tasks": agent_tasks(api.ask(address, 5051, "/state"))}


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


def exactly(connection, count):
    """So many bytes of a connection; OSError if it ends before."""
    content = b""
    while len(content) < count:
        more = connection.recv(count - len(content))
        if not more:
            raise OSError("the connection ended")
        content += more
    return content


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


def zookeeper_writes(address):
    """Whether this server gets a write through: a new session is a transaction that a quorum has to commit (zookeeperInternals).

    ConnectRequest and ConnectResponse of zookeeper.jute: protocol, last transaction seen, time-out, session, password, whether reading would do; then the
    session is closed, and its answer awaited, or the server logs a broken connection.
    """
    request = struct.pack(">iqiqi16s?", 0, 0, 4000, 0, 16, bytes(16), False)
    try:
        with socket.create_connection((address, 2181), timeout=WRITE_PATIENCE) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            (size,) = struct.unpack(">i", exactly(connection, 4))
            _, timeout, session = struct.unpack(">iiq", exactly(connection, size)[:16])
            # closeSession is operation -11; its header is the transaction's number of this connection and the operation.
            connection.sendall(struct.pack(">iii", 8, 1, -11))
            while connection.recv(4096):
                pass
            return timeout > 0 and session != 0
    except (OSError, struct.error):
        return False


def zookeeper(address):
    """Mode, and whether a write gets through; one that says that it serves nobody is not asked to write: it would log each try at length."""
    mode = zookeeper_mode(address)
    return {"zookeeper": mode, "writes": mode not in (None, "waiting") and zookeeper_writes(address)}


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
        members = pool.submit(zookeeper, address)
        answers = {name: pool.submit(question, api, address) for name, question in questions.items()}
        seen.update({name: answer.result() for name, answer in answers.items()})
        busy = time.monotonic() - began
        seen.update(members.result())
    else:
        seen.update({name: None for name in questions} | {"zookeeper": None, "writes": False})
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
