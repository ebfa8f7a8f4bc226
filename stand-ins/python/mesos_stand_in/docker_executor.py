"""mesos-docker-executor, the stand-in: runs one task with `docker run` and reports it to the current agent
(src/docker/executor.cpp)."""

import os
import select
import signal
import subprocess
import sys
import threading
import time

from mesos_stand_in import docker_run
from mesos_stand_in.docker_cli import Docker, DockerError, exit_text
from mesos_stand_in.executor_flags import EXECUTOR, abort_without_cni
from mesos_stand_in.flags import FlagError, duration, load
from mesos_stand_in.program import speak, usage
from stand_in import http_call, log
from stand_in.http_server import Reply, Routes, serve

# src/docker/executor.cpp
_INSPECT_DELAY = 0.5
_INSPECT_TIMEOUT = 5.0
_ACKNOWLEDGE_TIMEOUT = 60.0
_RETRY = 1.0


class DockerExecutor:
    """run() returns when the task has ended and the agent has the report, or when there is no agent any more."""

    def __init__(self, flags, environment):
        self._flags = flags
        self._docker = Docker(flags["docker"], flags["docker_socket"])
        self._name = flags["container"]
        self._grace = duration(environment["MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD"])
        self._recovery = duration(environment["MESOS_RECOVERY_TIMEOUT"])
        self._checkpoint = environment["MESOS_CHECKPOINT"] == "1"
        host, _, port = environment["MESOS_SLAVE_PID"].rpartition("@")[2].rpartition(":")
        self._agent = (host, int(port))
        self._own = {"framework_id": environment["MESOS_FRAMEWORK_ID"], "executor_id": environment["MESOS_EXECUTOR_ID"],
                     "container_id": self._name.partition("-")[2]}
        self._lock = threading.Condition()
        self._statuses, self._sent = [], 0
        self._killed, self._over = False, threading.Event()
        self._inspected = threading.Event()
        self._agent_process = None

    def run(self):
        """Registers, runs the task, and waits until everything is reported."""
        port = serve(self._agent[0], 0, self._routes())
        self._own["pid"] = f"executor(1)@{self._agent[0]}:{port}"
        threading.Thread(target=self._watch_agent, args=(os.getppid(),), daemon=True).start()
        task = self._register()
        log.info(f"Starting task {task['id']}")
        threading.Thread(target=self._send, daemon=True).start()
        threading.Thread(target=self._run_task, args=(task,), daemon=True).start()
        self._over.wait()

    # --- the agent

    def _routes(self):
        routes = Routes()
        routes.add("POST", "/executor/reconnect", self._reconnect)
        routes.add("POST", "/executor/kill", self._kill)
        return routes.find

    def _register(self):
        while True:
            try:
                answer = http_call.call("POST", self._agent, "/stand-in/executors/register", self._own)
                if answer.ok:
                    log.info(f"Registered docker executor on {answer.body['hostname']}")
                    return answer.body["task"]
                log.warning(f"Not registered: {answer.message}")
                if answer.status == 409:
                    os._exit(1)
            except http_call.FAILURES as problem:
                log.warning(f"The agent does not answer: {problem}")
            time.sleep(_RETRY)

    def _reconnect(self, request):
        """Handles the request of a new agent that has found this executor's checkpoint."""
        with self._lock:
            log.info(f"Re-registered docker executor on {request.body['hostname']}")
            self._agent = tuple(request.body["agent"])
            threading.Thread(target=self._watch_agent, args=(request.body["process"],), daemon=True).start()
            self._sent = len(self._statuses)
            self._lock.notify_all()
            # The answer must be sent before this process exits.
            timer = threading.Timer(1.0, self._end_if_told)
            timer.daemon = True
            timer.start()
            return Reply({**self._own, "statuses": self._statuses})

    def _watch_agent(self, process):
        """Waits for the end of the agent's process: without a checkpoint the task ends with it."""
        with self._lock:
            self._agent_process = process
        try:
            handle = os.pidfd_open(process)
            select.select([handle], [], [])
            os.close(handle)
        except ProcessLookupError:
            pass
        log.info("Disconnected from the agent")
        if self._checkpoint:
            log.info(f"Agent exited, but framework has checkpointing enabled. Waiting {self._recovery:g}secs to reconnect")
            with self._lock:
                if self._lock.wait_for(lambda: self._agent_process != process, self._recovery):
                    return
            log.info("Recovery timeout exceeded. Shutting down")
        else:
            log.info("Agent exited ... shutting down")
        self._stop_container()
        os._exit(0)

    def _send(self):
        """Reports the statuses in order, each until the agent has accepted it."""
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._sent < len(self._statuses))
                number = self._sent
                status = self._statuses[number]
            try:
                answer = http_call.call("POST", self._agent, "/stand-in/executors/update",
                                        {**self._own, "number": number, "status": status})
                if not answer.ok:
                    raise OSError(answer.message)
            except http_call.FAILURES:
                time.sleep(_RETRY)
                continue
            with self._lock:
                self._sent = max(self._sent, number + 1)
                self._end_if_told()

    def _end_if_told(self):
        ended = self._statuses and self._statuses[-1]["state"] in ("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED")
        if ended and self._sent >= len(self._statuses):
            self._over.set()

    def _report(self, state, **more):
        with self._lock:
            self._statuses.append({"state": state, "timestamp": time.time(), "source": "SOURCE_EXECUTOR", **more})
            self._lock.notify_all()

    # --- the container

    def _run_task(self, task):
        self._report("TASK_STARTING")
        try:
            arguments = docker_run.run_arguments(task, self._name, self._flags["sandbox_directory"],
                                                 self._flags["mapped_directory"], self._flags["cgroups_enable_cfs"])
            running = subprocess.Popen(self._docker.command(*arguments), stdin=subprocess.DEVNULL)
        except docker_run.RunOptionsError as problem:
            return self._ended("TASK_FAILED", f"Failed to create docker run options: {problem}")
        except OSError as problem:
            return self._ended("TASK_FAILED", f"Failed to run docker container: Failed to create subprocess "
                                              f"'{self._docker.path}': {problem.strerror}")
        threading.Thread(target=self._inspect, daemon=True).start()
        status = running.wait()
        self._inspected.wait(_INSPECT_TIMEOUT)
        message = f"Container {exit_text(status)}"
        state = "TASK_KILLED" if self._killed else "TASK_FINISHED" if status == 0 else "TASK_FAILED"
        return self._ended(state, message)

    def _inspect(self):
        """Reports TASK_RUNNING as soon as Docker reports that the container has started."""
        while not self._inspected.is_set():
            try:
                found = self._docker.inspect(self._name)
                if found["State"]["StartedAt"] != "0001-01-01T00:00:00Z":
                    with self._lock:
                        if not self._killed and not self._has_ended():
                            self._report("TASK_RUNNING", pid=found["State"]["Pid"])
                    self._inspected.set()
                    return
            except DockerError as problem:
                if "timed out" in str(problem):
                    log.warning(f"Docker inspect timed out after {_INSPECT_TIMEOUT:g}secs for container '{self._name}'")
            self._inspected.wait(_INSPECT_DELAY)

    def _has_ended(self):
        return bool(self._statuses) and self._statuses[-1]["state"] in ("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED")

    def _ended(self, state, message):
        log.info(message)
        with self._lock:
            self._report(state, message=message)
        self._inspected.set()
        # A safeguard of the real one: an agent that never accepts the last status does not keep the executor running
        # for ever.
        self._over.wait(_ACKNOWLEDGE_TIMEOUT)
        self._over.set()

    def _kill(self, _request):
        log.info("Received killTask")
        threading.Thread(target=self._stop_container, daemon=True).start()
        return Reply({})

    def _stop_container(self):
        self._inspected.wait(_INSPECT_TIMEOUT)
        with self._lock:
            if self._has_ended():
                return
            if not self._killed:
                self._killed = True
                self._report("TASK_KILLING")
        try:
            self._docker.stop(self._name, max(self._grace, 0.0))
        except DockerError as problem:
            log.error(f"Failed to stop container '{self._name}': {problem}")


def main():
    """The program mesos-docker-executor."""
    # The agent closes the pipe when it has recorded this process and moved it to its cgroup (process::Subprocess'
    # parent hooks).
    sys.stdin.buffer.read()
    try:
        flags = load(EXECUTOR, sys.argv[1:], {})
        for name in ("docker", "container", "sandbox_directory", "mapped_directory", "launcher_dir"):
            if not flags[name]:
                raise FlagError(f"Missing required option --{name}")
    except FlagError as problem:
        print(f"{problem}\n\n{usage('mesos-docker-executor', EXECUTOR)}", file=sys.stderr)
        sys.exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log.configure("mesos-docker-executor", None, False, "INFO")
    abort_without_cni(flags)
    speak()
    try:
        DockerExecutor(flags, os.environ).run()
    except (DockerError, KeyError, ValueError) as problem:
        log.die(f"Unable to create docker abstraction: {problem}")
