"""The registry of agents. The real one is in the replicated log; the stand-in's is one znode.

<zk path>/stand-in-registry holds {"next": n, "agents": {id: info}, "marks": {id: "drain" or "deactivate"}}. ZooKeeper
refuses more than 1 MB in a znode, which is some 2,000 agents. Only the leader writes: each write also checks, in one
transaction, that the leader's own election znode is still there.
"""

import json
import os
import threading

from kazoo.exceptions import KazooException, NodeExistsError


class RegistryError(Exception):
    """The registry could not be written: this master must not keep the leadership."""


class _Agents:
    """agents(): id → info of every agent that was admitted and not removed."""

    def __init__(self):
        self._lock = threading.RLock()
        self._content = {"next": 0, "agents": {}}

    def _store(self, content):
        """Stores the content, and uses it from then on. Raises RegistryError."""
        raise NotImplementedError

    def agents(self):
        """A copy: id → info."""
        with self._lock:
            return dict(self._content["agents"])

    def admit(self, info, agent_id, prefix):
        """Stores an agent and returns its id: its own, or a new <prefix>-S<n>. Raises RegistryError."""
        with self._lock:
            number = self._content["next"]
            new_id = agent_id or f"{prefix}-S{number}"
            agents = {**self._content["agents"], new_id: info}
            if agents != self._content["agents"]:
                self._store({**self._content, "next": number if agent_id else number + 1, "agents": agents})
            return new_id

    def mark_unreachable(self, agent_id):
        """Removes an agent, which is drained or deactivated again when it returns (registry.proto, UnreachableSlave).
        Raises RegistryError."""
        with self._lock:
            agents = {key: info for key, info in self._content["agents"].items() if key != agent_id}
            if agents != self._content["agents"]:
                self._store({**self._content, "agents": agents})

    def remove(self, agent_id):
        """Removes an agent. Raises RegistryError."""
        with self._lock:
            agents = {key: info for key, info in self._content["agents"].items() if key != agent_id}
            marks = {key: mark for key, mark in self.marks().items() if key != agent_id}
            if agents != self._content["agents"]:
                self._store({**self._content, "agents": agents, "marks": marks})

    def marks(self):
        """A copy: id → "drain" or "deactivate", for agents that get no task."""
        with self._lock:
            return dict(self._content.get("marks", {}))

    def mark(self, agent_id, mark):
        """Marks an agent; None removes the mark. Raises RegistryError."""
        with self._lock:
            marks = {key: one for key, one in {**self.marks(), agent_id: mark}.items() if one}
            if marks != self.marks():
                self._store({**self._content, "marks": marks})


class Registry(_Agents):
    """The registry in ZooKeeper, for masters that elect their leader there."""

    def __init__(self, session, zk_path, election_path):
        super().__init__()
        self._client = session.client
        self._path = zk_path + "/stand-in-registry"
        self._election_path = election_path
        self._version = 0

    def load(self):
        """Reads the content of former leaders. Raises KazooException."""
        try:
            self._client.create(self._path, json.dumps(self._content).encode())
        except NodeExistsError:
            pass
        raw, stat = self._client.get(self._path)
        with self._lock:
            self._content, self._version = json.loads(raw), stat.version

    def _store(self, content):
        transaction = self._client.transaction()
        transaction.check(self._election_path, 0)
        transaction.set_data(self._path, json.dumps(content).encode(), self._version)
        try:
            results = transaction.commit()
        except KazooException as problem:
            raise RegistryError(f"Failed to update registry: {problem!r}") from None
        failed = [result for result in results if isinstance(result, Exception)]
        if failed:
            raise RegistryError(f"Failed to update registry: {failed!r}")
        self._content, self._version = content, results[1].version


class FileRegistry(_Agents):
    """The registry in a file of work_dir, for a master without ZooKeeper."""

    def __init__(self, work_dir):
        super().__init__()
        self._file = os.path.join(work_dir, "stand-in-registry")

    def load(self):
        """Reads the content of a former run."""
        try:
            with open(self._file, encoding="utf-8") as file:
                self._content = json.load(file)
        except FileNotFoundError:
            pass

    def _store(self, content):
        try:
            with open(self._file + ".new", "w", encoding="utf-8") as file:
                json.dump(content, file)
            os.replace(self._file + ".new", self._file)
        except OSError as problem:
            raise RegistryError(f"Failed to update registry: {problem}") from None
        self._content = content
