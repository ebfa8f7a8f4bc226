"""mesos-execute, the stand-in: a framework that runs one task and prints its states, with the messages of
src/cli/execute.cpp."""

import os
import signal
import sys
import threading
import time

from mesos_stand_in.execute_flags import EXECUTE
from mesos_stand_in.execute_request import Refused, check, framework_info, task_info
from mesos_stand_in.flags import FlagError, load
from mesos_stand_in.program import speak, usage
from mesos_stand_in.task_states import ENDED
from stand_in import http_call, leading_master, log, zookeeper_url
from stand_in.changes import Changes
from stand_in.session import Session

_POLL_SECONDS = 1.0


class NoMaster(Exception):
    """No master leads now, or the leader is not yet known."""


class Masters:
    """address(): that of the leading master, from ZooKeeper or from the flag."""

    def __init__(self, text):
        self._fixed, self._session = None, None
        if "://" not in text:
            host, _, port = text.rpartition(":")
            if not port.isdigit():
                raise Refused(f"Failed to create a master detector for '{text}': Failed to parse '{text}'")
            self._fixed = (host, int(port))
            return
        changes = Changes()
        url = zookeeper_url.parse(text)
        self._session = Session(url, 10.0, changes.notify, changes.notify)
        self._group = leading_master.masters(self._session, url.path, changes.notify)
        self._session.start()

    def address(self):
        """Raises NoMaster."""
        if self._fixed:
            return self._fixed
        if not self._session.connected:
            raise NoMaster("ZooKeeper is not connected")
        self._group.watch()
        found = leading_master.leading(self._group)
        if found is None:
            raise NoMaster("no master leads")
        return leading_master.address(found)


class CommandScheduler:
    """run() returns when the task has ended."""

    def __init__(self, masters, framework, credential, task, kill_after):
        self._masters = masters
        self._framework = framework
        self._credential = credential
        self._task = task
        self._kill_after = kill_after
        self._subscribed = self._launched = self._over = False
        self._seen = 0

    def run(self):
        """Never gives up: another master may follow one that does not answer."""
        while not self._over:
            try:
                self._step()
            except (NoMaster, *http_call.FAILURES) as problem:
                self._subscribed = False
                log.warning(f"Disconnected: {problem}")
            if not self._over:
                time.sleep(_POLL_SECONDS)

    def _step(self):
        if not self._subscribed:
            answer = self._call("", {"framework": self._framework, "credential": self._credential})
            if not answer.ok:
                if answer.status in (401, 403):
                    fail(f"Received an ERROR event: {answer.message}")
                raise NoMaster(answer.message)
            self._framework = answer.body
            self._subscribed = True
            print(f"Subscribed with ID {self._framework['id']}", flush=True)
        if not self._launched:
            self._launch()
        answer = self._call(f"/{self._framework['id']}/poll", {self._task["id"]: self._seen})
        if not answer.ok:
            raise NoMaster(answer.message)
        for status in answer.body["statuses"]:
            self._seen += 1
            self._update(status)

    def _call(self, path, body):
        return http_call.call("POST", self._masters.address(), f"/stand-in/frameworks{path}", body)

    def _launch(self):
        answer = self._call(f"/{self._framework['id']}/tasks", self._task)
        if answer.ok:
            self._launched = True
            print(f"Submitted task '{self._task['name']}' to agent '{answer.body['agent_id']}'", flush=True)
        elif answer.status != 409:  # waits silently until an agent offers enough
            raise NoMaster(answer.message)

    def disconnect(self, *_):
        """For SIGTERM: the master must see this framework end at once, as it sees a real connection end."""
        try:
            if self._subscribed:
                self._call(f"/{self._framework['id']}/disconnect", {})
        except (NoMaster, *http_call.FAILURES):
            pass  # the master will notice it
        os._exit(143)

    def _update(self, status):
        print(f"Received status update {status['state']} for task '{status['task_id']}'")
        for name in ("message", "source", "reason"):
            if status.get(name):
                shown = f"'{status[name]}'" if name == "message" else status[name]
                print(f"  {name}: {shown}")
        sys.stdout.flush()
        if status["state"] == "TASK_RUNNING" and self._kill_after is not None:
            timer = threading.Timer(self._kill_after, self._kill, [status])
            timer.daemon = True
            timer.start()
            self._kill_after = None
        self._over = self._over or status["state"] in ENDED

    def _kill(self, status):
        print(f"Asked to kill task '{status['task_id']}' on agent '{status['agent_id']}'", flush=True)
        try:
            self._call(f"/{self._framework['id']}/tasks/{status['task_id']}/kill", {})
        except (NoMaster, *http_call.FAILURES) as problem:
            log.warning(f"Not killed: {problem}")


def fail(text):
    """Exits with status 1 and prints the reason."""
    print(text, file=sys.stderr)
    sys.exit(1)


def main():
    """The program mesos-execute."""
    try:
        if "--help" in sys.argv[1:]:
            print(usage("mesos-execute", EXECUTE))
            return
        flags = load(EXECUTE, sys.argv[1:], {})
        check(flags)
    except FlagError as problem:
        fail(f"{problem}\n\n{usage('mesos-execute', EXECUTE)}")
    if flags["content_type"] not in ("json", "application/json", "protobuf", "application/x-protobuf"):
        fail(f"Invalid content type '{flags['content_type']}'")
    speak()
    try:
        framework = framework_info(flags)
        credential = {"principal": flags["principal"], "secret": flags["secret"]} if flags["secret"] else None
        scheduler = CommandScheduler(Masters(flags["master"]), framework, credential, task_info(flags), flags["kill_after"])
        signal.signal(signal.SIGTERM, scheduler.disconnect)
        signal.signal(signal.SIGINT, scheduler.disconnect)
        scheduler.run()
    except (Refused, ValueError) as problem:
        fail(str(problem))
