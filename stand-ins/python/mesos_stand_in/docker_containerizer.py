"""The agent's Docker containerizer: an executor process for every task, which the next agent finds again.

Modelled on src/slave/containerizer/docker.cpp (launch, recover, __recover, destroy) and src/slave/slave.cpp
(executorTerminated).
"""

import json
import os
import select
import subprocess
import threading
import time
import uuid

from mesos_stand_in import executors_slice
from mesos_stand_in.docker_cli import Docker, DockerError, exit_text
from mesos_stand_in.docker_run_record import RunRecord, new_task
from mesos_stand_in.executor_flags import executor_arguments
from mesos_stand_in.executor_meta import ExecutorMeta, latest_runs, run_path
from mesos_stand_in.flags import duration
from stand_in import http_call, log

_PREFIX = "mesos-"
# An executor in Python on an emulated node answers later than the real one, which has executor_reregistration_timeout,
# 2 s.
_SLOWER = 5


def container_of(name):
    """The container id of mesos-<id> (or the older mesos-<agent>.<id>); None if Mesos did not start the container."""
    rest = name.lstrip("/").removeprefix(_PREFIX) if name.lstrip("/").startswith(_PREFIX) else ""
    parts = rest.split(".")
    found = parts[0] if len(parts) == 1 else parts[1] if len(parts) in (2, 3) else ""
    try:
        return str(uuid.UUID(found))
    except ValueError:
        return None


def _docker_config(text):
    """The JSON of --docker_config, or None. Also reads a plain path with a warning, as stout/flags/parse.hpp.

    Raises DockerError.
    """
    if not text:
        return None
    try:
        if text.startswith("/"):
            log.warning("Specifying an absolute filename to read a command line option out of without using 'file:// is deprecated")
            with open(text, encoding="utf-8") as file:
                text = file.read()
        return json.loads(text)
    except (OSError, ValueError) as problem:
        raise DockerError(f"Failed to load flag 'docker_config': {problem}") from None


class DockerContainerizer:
    """address: (ip, port) of this agent; hostname: the agent's own name. create() raises DockerError."""

    def __init__(self, flags, address, on_change):
        self._flags = flags
        self._address = (address.ip, address.port)
        self._hostname = address.hostname
        self._work_dir = flags["work_dir"]
        self._meta = os.path.join(flags["work_dir"], "meta")
        self._on_change = on_change
        self._lock = threading.RLock()
        self._runs = {}
        config = _docker_config(flags["docker_config"])
        self._docker = Docker(flags["docker"], flags["docker_socket"], config)
        self._docker.validate()

    def _seconds(self, name, usual):
        value = self._flags.get(name)
        return duration(usual) if value is None else value

    # --- launching

    def launch(self, agent_id, request):
        """Starts an executor for {id, name, cmd, …, container, resources, framework}.

        Returns the task, which is staging.
        """
        container_id = str(uuid.uuid4())
        framework, executor_id = request["framework"], request["id"]
        sandbox = run_path(self._work_dir, agent_id, framework["id"], executor_id, container_id)
        meta = ExecutorMeta(run_path(self._meta, agent_id, framework["id"], executor_id, container_id))
        os.makedirs(sandbox)
        latest = os.path.join(os.path.dirname(sandbox), "latest")
        if os.path.islink(latest):
            os.unlink(latest)
        os.symlink(container_id, latest)
        run = RunRecord(new_task(request, agent_id, container_id, sandbox), request,
                        meta if framework.get("checkpoint", True) else None)
        if run.meta:
            run.meta.create(run.task, framework)
        with self._lock:
            self._runs[container_id] = run
        log.info(f"Starting container '{container_id}' for task '{executor_id}' (and executor '{executor_id}') "
                 f"of framework {framework['id']}")
        threading.Thread(target=self._launch, args=(run,), daemon=True).start()
        return run.task

    def _launch(self, run):
        docker = run.request["container"].get("docker", {})
        try:
            self._docker.pull(docker.get("image", ""), run.sandbox, docker.get("force_pull_image", False))
            process = self._start_executor(run)
        except (DockerError, OSError) as problem:
            self._terminated(run, f"Failed to launch container: {problem}", "REASON_CONTAINER_LAUNCH_FAILED")
            return
        timer = threading.Timer(self._seconds("executor_registration_timeout", "1mins"), self._not_registered, [run])
        timer.daemon = True
        timer.start()
        self._reap(run, process.wait)

    def _start_executor(self, run):
        program = os.path.join(self._flags["launcher_dir"], "mesos-docker-executor")
        with open(os.path.join(run.sandbox, "stdout"), "ab") as out, open(os.path.join(run.sandbox, "stderr"), "ab") as err:
            process = subprocess.Popen([program, *executor_arguments(self._flags, run.name, run.sandbox)],
                                       stdin=subprocess.PIPE, stdout=out, stderr=err, cwd=run.sandbox,
                                       env=self._environment(run), start_new_session=True)
        # The executor waits until this pipe is closed: before that it is recorded and moved.
        with process.stdin, self._lock:
            run.executor = process.pid
            run.task = {**run.task, "pid": process.pid}
            if run.meta:
                run.meta.keep_forked(process.pid)
            executors_slice.extend_lifetime(self._flags, process.pid)
        return process

    def _environment(self, run):
        """executorEnvironment of src/slave/containerizer/containerizer.cpp."""
        task, ip_port = run.task, ":".join(map(str, self._address))
        # Without the agent's own LIBPROCESS_*: executors get their variables from this flag (docs/ssl.md of Mesos).
        passed = json.loads(self._flags["executor_environment_variables"] or "{}")
        return {
            **passed, "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), "LIBPROCESS_PORT": "0",
            "MESOS_FRAMEWORK_ID": task["framework_id"], "MESOS_EXECUTOR_ID": task["id"],
            "MESOS_SLAVE_ID": task["slave_id"], "MESOS_SLAVE_PID": f"slave(1)@{ip_port}", "MESOS_AGENT_ENDPOINT": ip_port,
            "MESOS_DIRECTORY": task["sandbox"], "MESOS_SANDBOX": task["sandbox"],
            "MESOS_CHECKPOINT": "1" if run.meta else "0",
            "MESOS_RECOVERY_TIMEOUT": f"{self._seconds('recovery_timeout', '15mins'):g}secs",
            "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD": f"{self._seconds('executor_shutdown_grace_period', '5secs'):g}secs",
        }

    def _not_registered(self, run):
        with self._lock:
            if run.registered or run.ended:
                return
        log.info(f"Terminating executor '{run.task['id']}' because it did not register in time")
        limit = f"{self._seconds('executor_registration_timeout', '1mins'):g}secs"
        self._terminated(run, f"Executor did not register within {limit}", "REASON_EXECUTOR_REGISTRATION_TIMEOUT")
        self._signal_executor(run)

    # --- calls of executors

    def register(self, body):
        """Records that an executor has started. Returns its task, or None if this agent did not start it."""
        with self._lock:
            run = self._runs.get(body["container_id"])
            if run is None or run.ended:
                return None
            run.registered, run.endpoint = True, body["pid"]
            if run.meta:
                run.meta.keep_endpoint(body["pid"])
            log.info(f"Got registration for executor '{run.task['id']}' of framework {run.task['framework_id']}")
            return run.request

    def update(self, body):
        """Records a status that an executor reports; False if this agent does not know the executor."""
        with self._lock:
            run = self._runs.get(body["container_id"])
            if run is None:
                return False
            # An update arrives twice if its answer was lost.
            if body["number"] >= run.reported and not run.ended:
                run.reported = body["number"] + 1
                run.add_status(body["status"])
                log.info(f"Handling status update {run.task['state']} for task {run.task['id']}")
        self._on_change()
        return True

    # --- the end of a run

    def _reap(self, run, wait):
        status = wait()
        log.info(f"Executor for container '{run.container_id}' has exited")
        how = f"Container {exit_text(status)}" if isinstance(status, int) else "Executor terminated"
        self._terminated(run, "Executor terminated" if status == 0 else how, "REASON_EXECUTOR_TERMINATED")

    def _terminated(self, run, message, reason):
        """Handles the end of an executor: a task without a final report has failed.

        The container is stopped, and removed later.
        """
        with self._lock:
            if not run.ended:
                run.add_status({"state": "TASK_KILLED" if run.killed else "TASK_FAILED", "timestamp": time.time(),
                                "source": "SOURCE_SLAVE", "reason": reason, "message": message})
            if run.destroyed:
                return
            run.destroyed = True
            if run.meta:
                run.meta.complete()
        self._on_change()
        try:
            self._docker.stop(run.name, self._seconds("docker_stop_timeout", "0ns"))
        except DockerError as problem:
            if "No such container" not in str(problem):
                log.warning(f"Failed to stop container '{run.name}': {problem}")
            return
        timer = threading.Timer(self._seconds("docker_remove_delay", "6hrs"), self._remove, [run.name])
        timer.daemon = True
        timer.start()

    def _remove(self, name):
        try:
            self._docker.remove(name, force=True)
        except DockerError as problem:
            log.warning(f"Unable to remove Docker container '{name}': {problem}")

    def _signal_executor(self, run):
        try:
            os.kill(run.executor, 9)
        except (OSError, TypeError):
            pass  # it has just ended, or was never started

    def kill(self, task_id):
        """Asks the task's executor to end the task. Returns the task, or None if it is unknown."""
        with self._lock:
            run = next((one for one in self._runs.values() if one.task["id"] == task_id), None)
            if run is None:
                return None
            run.killed = True
            endpoint = run.address
        if endpoint and not run.ended:
            try:
                http_call.call("POST", endpoint, "/executor/kill", {})
            except http_call.FAILURES as problem:
                log.warning(f"Executor '{task_id}' does not answer: {problem}")
        elif not run.ended:
            self._terminated(run, "Killed before delivery to the executor", "REASON_TASK_KILLED_DURING_LAUNCH")
            self._signal_executor(run)
        return run.task

    # --- recovery

    def recover(self, agent_id):
        """Runs before the agent registers: finds the executors of its checkpoint, and removes containers not in it."""
        log.info("Recovering Docker containers")
        found = list(latest_runs(os.path.join(self._meta, "slaves"), agent_id)) if agent_id else []
        for meta in found:
            task = None if meta.completed else meta.task()
            if task and meta.endpoint() and meta.forked():
                self._reconnect(RunRecord(task, None, meta))
        if self._flags["docker_kill_orphans"] is not False:
            self._remove_orphans()
        log.info("Finished processing orphaned Docker containers")

    def _reconnect(self, run):
        log.info(f"Recovering container '{run.container_id}' for executor '{run.task['id']}' "
                 f"of framework {run.task['framework_id']}")
        run.registered, run.endpoint, run.executor = True, run.meta.endpoint(), run.meta.forked()
        with self._lock:
            self._runs[run.container_id] = run
        limit = self._seconds("executor_reregistration_timeout", "2secs") * _SLOWER
        try:
            answer = http_call.call("POST", run.address, "/executor/reconnect",
                                    {"agent": list(self._address), "hostname": self._hostname, "process": os.getpid()}, limit)
            if not answer.ok or answer.body["container_id"] != run.container_id:
                raise OSError(answer.message)
        except http_call.FAILURES as problem:
            log.warning(f"Failed to connect to executor '{run.task['id']}' of framework {run.task['framework_id']}: {problem}")
            self._terminated(run, "Executor terminated", "REASON_EXECUTOR_TERMINATED")
            return
        run.replace_statuses(answer.body["statuses"])
        log.info(f"Re-registered executor '{run.task['id']}'")
        threading.Thread(target=self._reap, args=(run, lambda: _wait_for(run.executor)), daemon=True).start()

    def _remove_orphans(self):
        try:
            names = self._docker.names(_PREFIX)
        except DockerError as problem:
            log.die(f"EXIT with status 1: Failed to perform recovery: Collect failed: {problem}")
        for name in names:
            container_id = container_of(name)
            if container_id is None or container_id in self._runs:
                continue
            log.info(f"Removing orphaned Docker container '{name}'")
            try:
                self._docker.stop(name, self._seconds("docker_stop_timeout", "0ns"), remove=True)
            except DockerError as problem:
                log.warning(f"Unable to remove Docker container '{name}': {problem}")

    # --- the tasks

    def all(self):
        """Every task of this agent, also those that have ended."""
        with self._lock:
            return [run.task for run in self._runs.values()]

    def forget_ended(self, keep=100):
        """Removes all but the newest ended tasks."""
        with self._lock:
            ended = [key for key, run in self._runs.items() if run.ended and run.destroyed]
            for key in ended[:-keep]:
                del self._runs[key]


def _wait_for(pid):
    """Waits for the end of a process that is not a child of this one; its exit status is not known."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return None
    select.select([handle], [], [])
    os.close(handle)
    return None

