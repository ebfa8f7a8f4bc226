"""Tasks that are plain processes: `sh -c cmd`, each in its own sandbox, without container and isolation."""

import json
import os
import signal
import subprocess
import threading
import time
import uuid

from mesos_stand_in.docker_cli import exit_text
from mesos_stand_in.task_states import ENDED
from stand_in import log


def process_start(pid):
    """When the process started, in ticks since boot (proc(5), field 22); None if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return None


def _status(state, **more):
    return {"state": state, "timestamp": time.time(), "source": "SOURCE_EXECUTOR", **more}


class TaskRunner:
    """Starts, watches and ends tasks; all() is what the agent reports to the master."""

    def __init__(self, work_dir, processes_file, grace_seconds, on_change):
        self._work_dir = work_dir
        self._file = processes_file
        self._grace = grace_seconds
        self._on_change = on_change
        self._lock = threading.RLock()
        self._tasks = {}
        self._running = {}
        self._killed = set()

    def clean_up(self):
        """Ends processes that a killed agent left running: the stand-in does not adopt them."""
        try:
            with open(self._file, encoding="utf-8") as file:
                left = json.load(file)
        except (FileNotFoundError, ValueError):
            return
        for pid, started in left:
            if process_start(pid) == started:
                log.warning(f"Ending process {pid} of a former run")
                self._signal(pid, signal.SIGKILL)

    def launch(self, agent_id, request):
        """Starts {id, name, cmd, env, framework} and returns the task. Raises OSError."""
        sandbox = os.path.join(self._work_dir, "slaves", agent_id, "frameworks", request["framework"]["id"],
                               "executors", request["id"], "runs", str(uuid.uuid4()))
        os.makedirs(sandbox)
        environment = {**os.environ, **request.get("env", {}), "MESOS_TASK_ID": request["id"],
                       "MESOS_SANDBOX": sandbox}
        with open(os.path.join(sandbox, "stdout"), "wb") as out, open(os.path.join(sandbox, "stderr"), "wb") as err:
            process = subprocess.Popen(["/bin/sh", "-c", request["cmd"]], cwd=sandbox, env=environment,
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        task = {"id": request["id"], "name": request["name"], "framework": request["framework"],
                "framework_id": request["framework"]["id"], "slave_id": agent_id, "state": "TASK_RUNNING",
                "pid": process.pid, "sandbox": sandbox, "started": time.time(), "stand_in": True,
                "resources": request.get("resources", {}), "statuses": [_status("TASK_STARTING"), _status("TASK_RUNNING")]}
        with self._lock:
            self._tasks[task["id"]] = task
            self._running[task["id"]] = process
            self._remember()
        threading.Thread(target=self._wait, args=(task["id"], process), daemon=True).start()
        return task

    def _wait(self, task_id, process):
        status = process.wait()
        with self._lock:
            state = "TASK_FINISHED" if status == 0 else "TASK_FAILED"
            state = "TASK_KILLED" if task_id in self._killed else state
            task = self._tasks[task_id]
            statuses = [*task["statuses"], _status(state, message=f"Command {exit_text(status)}")]
            self._tasks[task_id] = {**task, "state": state, "status": status, "statuses": statuses}
            self._running.pop(task_id, None)
            self._remember()
        log.info(f"Task {task_id} ended: {state}, status {status}")
        self._on_change()

    def _remember(self):
        processes = [[process.pid, process_start(process.pid)] for process in self._running.values()]
        with open(self._file + ".new", "w", encoding="utf-8") as file:
            json.dump(processes, file)
        os.replace(self._file + ".new", self._file)

    def kill(self, task_id):
        """Asks the task to end, and kills it after the grace period. Returns the task or None."""
        with self._lock:
            process = self._running.get(task_id)
            if process:
                self._killed.add(task_id)
                self._signal(process.pid, signal.SIGTERM)
                timer = threading.Timer(self._grace, self._end, [task_id])
                timer.daemon = True
                timer.start()
            return self._tasks.get(task_id)

    def _end(self, task_id):
        with self._lock:
            process = self._running.get(task_id)
            if process:
                self._signal(process.pid, signal.SIGKILL)

    def kill_all(self):
        """Kills every task at once, for an agent that is being stopped."""
        with self._lock:
            for process in self._running.values():
                self._signal(process.pid, signal.SIGKILL)

    @staticmethod
    def _signal(pid, number):
        try:
            os.killpg(pid, number)
        except OSError:
            pass  # it has just ended

    def all(self):
        """Every task of this run, also those that have ended."""
        with self._lock:
            return list(self._tasks.values())

    def forget_ended(self, keep=100):
        """Removes all but the newest ended tasks, so that reports stay small."""
        with self._lock:
            ended = [task["id"] for task in self._tasks.values() if task["state"] in ENDED]
            for task_id in ended[:-keep]:
                del self._tasks[task_id]
                self._killed.discard(task_id)
