"""mesos-master, the stand-in: elects itself in the real ZooKeeper and keeps the agents' registry."""

import json
import os
import socket
import struct
import sys
import time
import uuid

from kazoo.exceptions import KazooException

import mesos_stand_in
from mesos_stand_in import VERSION
from mesos_stand_in.agent_calls import AgentCalls
from mesos_stand_in.agent_table import AgentTable
from mesos_stand_in.clusterd_flags import CLUSTERD_MASTER
from mesos_stand_in.flags import FlagError
from mesos_stand_in.framework_calls import FrameworkCalls
from mesos_stand_in.framework_table import FrameworkTable
from mesos_stand_in.master_access import MasterAccess
from mesos_stand_in.master_flags import MASTER
from mesos_stand_in.master_http import master_routes
from mesos_stand_in.own_address import own_address
from mesos_stand_in.program import begin
from mesos_stand_in.quotas import Quotas
from mesos_stand_in.registry import Registry, RegistryError
from mesos_stand_in.replica import Replica
from stand_in import leading_master, log, zookeeper_url
from stand_in.changes import Changes
from stand_in.http_server import serve
from stand_in.session import Session

# The interval of an agent's heartbeats; after three missed ones the agent counts as disconnected.
HEARTBEAT_SECONDS = 5.0


def check(flags):
    """Refuses what the real master refuses. Raises FlagError."""
    MasterAccess(flags)
    if flags["zk"] is None:
        return  # it appoints itself
    try:
        zookeeper_url.parse(flags["zk"])
    except ValueError as problem:
        raise FlagError(str(problem)) from None
    if flags["quorum"] is None:
        raise FlagError("Need to specify --quorum for replicated log based registry when using ZooKeeper")
    if not isinstance(flags["quorum"], int) or flags["quorum"] < 1:
        raise FlagError(f"Failed to load flag 'quorum': '{flags['quorum']}' is not a positive number")


class Master:
    """step() reacts to the state of ZooKeeper; run() calls it at every change."""

    def __init__(self, flags, address):
        self.flags = flags
        self.address = address
        self.id = str(uuid.uuid4())
        self.pid = f"{address.ip}:{address.port}"
        self.started = time.time()
        self.elected_since = None
        self.leader = None
        self._first_since = None
        self._changes = Changes()
        self.wake = self._changes.notify
        self.access = MasterAccess(flags)
        self.agents = AgentTable()
        self.calls = AgentCalls(self)
        self.frameworks = FrameworkTable(self.id)
        self.framework_calls = FrameworkCalls(self)
        self.registry = None
        self._connect(flags)

    @property
    def quotas(self):
        """The quotas that operators have set; only the leader uses them."""
        return Quotas(self._session.client, self._zk_path)

    def _connect(self, flags):
        url = zookeeper_url.parse(flags["zk"])
        self._zk_path = url.path
        self._session = Session(url, flags["zk_session_timeout"], self._changes.notify, self._session_over)
        self._masters = leading_master.masters(self._session, url.path, self._changes.notify)
        self._member = None
        self._joined_in = None
        self.replica = Replica(self._session, url.path, flags["work_dir"], self.pid,
                               flags["quorum"], self._changes.notify)

    @property
    def quorum(self):
        """How many replicas must have a write."""
        return self.flags["quorum"]

    @property
    def elected(self):
        """True while this master leads and its registry is recovered."""
        return self.elected_since is not None

    def info(self):
        """MasterInfo, as in the znode json.info_<n> and in leader_info."""
        one = self.address
        number = struct.unpack("=I", socket.inet_aton(one.ip))[0]
        return {
            "id": self.id, "ip": number, "port": one.port, "hostname": one.hostname,
            "pid": f"master@{self.pid}", "version": VERSION, "stand_in": True,
            "address": {"hostname": one.hostname, "ip": one.ip, "port": one.port},
            "capabilities": [{"type": "AGENT_UPDATE"}],
        }

    def run(self):
        """Never returns."""
        self._session.start()
        while True:
            try:
                if self._session.connected:
                    self._step()
            except KazooException as problem:
                log.warning(f"ZooKeeper: {problem!r}, trying again")
            self._changes.wait(HEARTBEAT_SECONDS)

    def _step(self):
        self.replica.step()
        self._contend()
        self._masters.watch()
        self._follow()
        if self._first_since and not self.elected:
            self._try_to_lead()
        if self.elected:
            self._look_after_agents()
            self.framework_calls.remove_silent()

    def _contend(self):
        if self._joined_in == self._session.id:
            return
        self._member = self._masters.join(leading_master.LABEL, json.dumps(self.info(), sort_keys=True))
        self._joined_in = self._session.id
        log.info(f"Contending for leadership as {self._member}")

    def _follow(self):
        members = self._masters.members()
        if self.elected and self._member not in members:
            log.die("Lost leadership... committing suicide!")
        leader = leading_master.leading(self._masters)
        if (leader or {}).get("id") != (self.leader or {}).get("id"):
            log.info(f"The newly elected leader is {leader['pid']}" if leader else "No leader is elected")
        self.leader = leader
        first = bool(members) and members[0] == self._member
        self._first_since = (self._first_since or time.monotonic()) if first else None

    def _try_to_lead(self):
        if self.replica.recovered and self.replica.voting() >= self.quorum:
            self.registry = Registry(self._session, self._zk_path, self._masters.path_of(self._member))
            self.registry.load()
            self.agents.recover(self.registry.agents())
            self.elected_since = time.time()
            log.info(f"Elected as the leading master! Recovered {len(self.registry.agents())} agents from the registry")
            return
        limit = self.flags["registry_fetch_timeout"]
        if time.monotonic() - self._first_since > limit:
            log.die(f"Recovery failed: Failed to recover registrar: Failed to perform fetch within {limit:g}secs: "
                    f"{self.replica.registered} replicas registered, {self.replica.voting_seen} of them voting, "
                    f"quorum {self.flags['quorum']}")

    def _look_after_agents(self):
        for agent_id in self.agents.silent(3 * HEARTBEAT_SECONDS):
            log.warning(f"Agent {agent_id} disconnected")
        self.kill_draining()
        limit = self.flags["agent_ping_timeout"] * self.flags["max_agent_ping_timeouts"]
        gone = self.agents.overdue(limit)
        if time.time() - self.elected_since > self.flags["agent_reregister_timeout"]:
            gone += self.agents.unreturned()
        for agent_id in gone:
            log.warning(f"Marking agent {agent_id} unreachable")
            self.write_registry(lambda agent_id=agent_id: self.registry.mark_unreachable(agent_id))
            self.agents.drop(agent_id)

    def kill_draining(self):
        """Ends the tasks of drained agents, also of agents that were not reachable at the time of the request."""
        marks = self.registry.marks()
        for record in self.agents.records():
            if record.connected and marks.get(record.id) == "drain":
                self.calls.kill_all(record)

    def write_registry(self, write):
        """Runs write() if there is a quorum of replicas. A leader that cannot write exits, as the real one does."""
        limit = time.monotonic() + self.flags["registry_store_timeout"]
        while True:
            try:
                if self.replica.voting() >= self.quorum:
                    return write()
                reason = "no quorum of replicas"
            except RegistryError as problem:
                log.die(str(problem))
            except KazooException as problem:
                reason = repr(problem)
            if time.monotonic() > limit:
                log.die(f"Failed to update registry: Failed to perform store: {reason}")
            time.sleep(0.5)

    def _session_over(self):
        if self.elected:
            log.die("Lost leadership... committing suicide!")
        self.leader = None
        self._first_since = None


def main():
    """The program mesos-master."""
    from mesos_stand_in.standalone import StandaloneMaster  # it imports this module

    flags = begin("mesos-master", CLUSTERD_MASTER if mesos_stand_in.CLUSTERD else MASTER, check, sys.argv[1:], os.environ)
    address = own_address(flags)
    try:
        os.makedirs(flags["work_dir"], exist_ok=True)
        master = (Master if flags["zk"] else StandaloneMaster)(flags, address)
        routes = master_routes(master)
        serve(address.listen, int(flags["port"]), master.access.guarded(routes))
    except OSError as problem:
        log.die(f"Failed to start on {address.listen}:{flags['port']} with {flags['work_dir']}: {problem}")
    log.info(f"Master {master.id} ({address.hostname}) started on {master.pid}")
    master.run()
