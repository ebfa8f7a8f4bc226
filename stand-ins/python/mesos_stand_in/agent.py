"""mesos-slave, the stand-in: finds the leading master in the real ZooKeeper and registers with it."""

import os
import random
import signal
import sys
import time

from kazoo.exceptions import KazooException

import mesos_stand_in
from mesos_stand_in import VERSION, acls, credentials, executors_slice, http_access
from mesos_stand_in.agent_flags import AGENT
from mesos_stand_in.agent_host import require_host
from mesos_stand_in.agent_http import agent_routes
from mesos_stand_in.agent_info import ReconfigurationError, agent_info
from mesos_stand_in.agent_meta import AgentMeta
from mesos_stand_in.agent_tasks import AgentTasks, ContainerizerError
from mesos_stand_in.clusterd_flags import CLUSTERD_AGENT
from mesos_stand_in.flags import FlagError
from mesos_stand_in.master import HEARTBEAT_SECONDS
from mesos_stand_in.own_address import own_address
from mesos_stand_in.program import begin
from stand_in import http_call, leading_master, log, zookeeper_url
from stand_in.changes import Changes
from stand_in.cram_md5 import login
from stand_in.http_server import serve
from stand_in.session import Session


def check(flags):
    """Refuses what the real agent refuses. Raises FlagError."""
    credentials.one_of(flags, "credential")
    acls.load(flags)
    http_access.check(flags, "agent", credentials.all_of(flags, "http_credentials"))
    if flags["master"] is None and flags["master_detector"] is None:
        raise FlagError("Missing required option `--master` or `--master_detector`")
    if flags["master"] is None:
        raise FlagError("The stand-in has no modules: --master is required")
    if flags["reconfiguration_policy"] not in ("equal", "additive"):
        raise FlagError(f"Unknown option for 'reconfiguration_policy' flag: '{flags['reconfiguration_policy']}'")
    try:
        if "://" in flags["master"]:
            zookeeper_url.parse(flags["master"])
        elif not flags["master"].rpartition(":")[2].isdigit():
            raise ValueError(f"Failed to parse '{flags['master']}' as host:port")
    except ValueError as problem:
        raise FlagError(str(problem)) from None


class Agent:
    """step() registers, or sends a heartbeat; run() calls it at every change."""

    def __init__(self, flags, info, meta, agent_id, address):
        self.flags = flags
        self.info = info
        self.id = agent_id
        self.started = time.time()
        self.registered = False
        self.master = None
        self._meta = meta
        self._changes = Changes()
        self.tasks = AgentTasks(flags, meta.processes_file(), address, self._changes.notify)
        self._credential = credentials.one_of(flags, "credential")
        self._failures = 0
        self._try_after = 0.0
        self._session, self._masters = None, None
        if "://" in flags["master"]:
            url = zookeeper_url.parse(flags["master"])
            self._session = Session(url, flags["zk_session_timeout"], self._changes.notify, self._session_over)
            self._masters = leading_master.masters(self._session, url.path, self._changes.notify)

    def run(self):
        """Never returns."""
        self.tasks.recover(self.id)
        if self._session:
            self._session.start()
        while True:
            try:
                self._follow()
                self._step()
            except KazooException as problem:
                log.warning(f"ZooKeeper: {problem!r}, trying again")
            except http_call.FAILURES as problem:
                self._failed(f"The master does not answer: {problem}")
            self._changes.wait(self._pause())

    def _pause(self):
        if self.registered or not self.master:
            return HEARTBEAT_SECONDS
        return max(0.05, self._try_after - time.monotonic())

    def _follow(self):
        if self._masters is None:
            host, _, port = self.flags["master"].rpartition(":")
            found = {"pid": self.flags["master"], "address": {"ip": host, "port": port}}
        elif not self._session.connected:
            return
        else:
            self._masters.watch()
            found = leading_master.leading(self._masters)
        if (found or {}).get("pid") != (self.master or {}).get("pid"):
            log.info(f"New master detected at {found['pid']}" if found else "Lost leading master")
            self.registered, self._failures, self._try_after = False, 0, 0.0
        self.master = found

    def _step(self):
        if self.master is None:
            return
        self.tasks.forget_ended()
        if self.registered:
            self._report()
        elif time.monotonic() >= self._try_after:
            self._register()

    def _register(self):
        body = {"id": self.id, "info": self.info, "tasks": self.tasks.all()}
        answer = self._call("/stand-in/agents", body, login(leading_master.address(self.master), self._credential))
        if answer.status == 401:
            # Does not end tasks: executors may be running (Slave::_authenticate in src/slave/slave.cpp).
            log.die(f"Master master@{self.master['pid']} refused authentication", 1)
        if answer.status == 409:
            self._stop(f"Master asked agent to terminate: {answer.message}", 1)
        if not answer.ok:
            self._failed(f"Not registered: {answer.message}")
            return
        again = self.id is not None
        self.id = answer.body["id"]
        self._meta.store(self.id, self.info)
        self.registered, self._failures = True, 0
        how = "Re-registered" if again else "Registered"
        log.info(f"{how} with master {self.master['pid']}; agent ID is {self.id}")

    def _report(self):
        answer = self._call(f"/stand-in/agents/{self.id}/heartbeat", {"tasks": self.tasks.all()})
        if not answer.ok:
            self.registered, self._try_after = False, 0.0
            log.warning(f"Not registered any more: {answer.message}")
            self._changes.notify()

    def _call(self, path, body, headers=None):
        return http_call.call("POST", leading_master.address(self.master), path, body, headers=headers)

    def _failed(self, text):
        # The real agent's back-off: a random part of registration_backoff_factor * 2^n, at most a minute.
        self._failures += 1
        factor = self.flags["registration_backoff_factor"] or 1.0
        self._try_after = time.monotonic() + random.uniform(0.2, 1.0) * min(factor * 2 ** min(self._failures, 6), 60.0)
        self.registered = False
        log.warning(text)

    def _session_over(self):
        self.master, self.registered = None, False

    def terminate(self, *_):
        """For SIGTERM: also ends the tasks that are plain processes, because they are children of the agent."""
        self._stop("Stopped by a signal", 0)

    def _stop(self, text, status):
        self.tasks.kill_processes()
        log.die(text, status)


def main():
    """The program mesos-slave (and mesos-agent)."""
    table = CLUSTERD_AGENT if mesos_stand_in.CLUSTERD else AGENT
    flags = begin(mesos_stand_in.AGENT_NAME, table, check, sys.argv[1:], os.environ)
    address = own_address(flags)
    require_host(flags)
    try:
        os.makedirs(flags["work_dir"], exist_ok=True)
        executors_slice.prepare(flags)
        info = agent_info(flags, address, VERSION)
        meta = AgentMeta(flags["work_dir"])
        agent = Agent(flags, info, meta, meta.recover(flags["reconfiguration_policy"], info), address)
        signal.signal(signal.SIGTERM, agent.terminate)
        signal.signal(signal.SIGINT, agent.terminate)
        known, rules = credentials.all_of(flags, "http_credentials"), acls.load(flags)
        serve(address.listen, int(flags["port"]), http_access.guarded(agent_routes(agent), flags, "agent", known, rules))
    except (ReconfigurationError, ContainerizerError, executors_slice.SliceError, ValueError) as problem:
        log.die(str(problem))
    except OSError as problem:
        log.die(f"Failed to start on {address.listen}:{flags['port']} with {flags['work_dir']}: {problem}")
    log.info(f"Agent {agent.id or '(new)'} ({address.hostname}) started on {address.ip}:{address.port}")
    agent.run()
