"""What an agent stores about the executors that it started, so that the next agent finds them again.

The paths are those of src/slave/paths.cpp:
meta/slaves/<agent>/frameworks/<framework>/executors/<executor>/runs/<container>/ with pids/forked.pid,
pids/libprocess.pid, executor.sentinel and tasks/<task>/task.{info,updates}; the content is JSON.
"""

import json
import os


def _write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def run_path(top, agent_id, framework_id, executor_id, container_id):
    """The folder of one run of an executor, below work_dir (its sandbox) or work_dir/meta (its checkpoint)."""
    return os.path.join(top, "slaves", agent_id, "frameworks", framework_id, "executors", executor_id,
                        "runs", container_id)


class ExecutorMeta:
    """The checkpoint of one run. Reading returns None if nothing was stored."""

    def __init__(self, path):
        self.path = path
        self.container_id = os.path.basename(path)

    def create(self, task, framework):
        """Starts the checkpoint, and makes this run the latest of its executor."""
        runs = os.path.dirname(self.path)
        executor = os.path.dirname(runs)
        _write(os.path.join(executor, "..", "..", "framework.info"), json.dumps(framework, sort_keys=True))
        _write(os.path.join(executor, "executor.info"), json.dumps({"executor_id": task["id"], "container": task.get("container")}))
        self.keep_task(task)
        latest = os.path.join(runs, "latest")
        if os.path.islink(latest):
            os.unlink(latest)
        os.symlink(self.container_id, latest)

    def _task_file(self, name):
        executor_id = os.path.basename(os.path.dirname(os.path.dirname(self.path)))
        return os.path.join(self.path, "tasks", executor_id, name)

    def keep_task(self, task):
        """Stores the task with the updates that the executor has sent."""
        _write(self._task_file("task.info"), json.dumps({key: task[key] for key in task if key != "statuses"}))
        _write(self._task_file("task.updates"), json.dumps(task["statuses"]))

    def task(self):
        """The task as it was last stored."""
        info, updates = _read(self._task_file("task.info")), _read(self._task_file("task.updates"))
        return info and {**json.loads(info), "statuses": json.loads(updates or "[]")}

    def keep_forked(self, pid):
        """Stores the process id of the executor."""
        _write(os.path.join(self.path, "pids", "forked.pid"), str(pid))

    def keep_endpoint(self, pid):
        """Stores the address at which the executor listens: executor(1)@address:port."""
        _write(os.path.join(self.path, "pids", "libprocess.pid"), pid)

    def forked(self):
        """The process id of the executor."""
        text = _read(os.path.join(self.path, "pids", "forked.pid"))
        return int(text) if text else None

    def endpoint(self):
        """The address at which the executor listens."""
        return _read(os.path.join(self.path, "pids", "libprocess.pid"))

    def complete(self):
        """Records that the run is over: nothing needs to be recovered."""
        _write(os.path.join(self.path, "executor.sentinel"), "")

    @property
    def completed(self):
        """Whether the run is over."""
        return os.path.exists(os.path.join(self.path, "executor.sentinel"))


def latest_runs(meta_slaves, agent_id):
    """The checkpoint of the latest run of every executor that an agent with this id has started."""
    frameworks = os.path.join(meta_slaves, agent_id, "frameworks")
    for framework in _names(frameworks):
        executors = os.path.join(frameworks, framework, "executors")
        for executor in _names(executors):
            latest = os.path.join(executors, executor, "runs", "latest")
            if os.path.islink(latest):
                yield ExecutorMeta(os.path.join(os.path.dirname(latest), os.readlink(latest)))


def _names(folder):
    try:
        return [name for name in sorted(os.listdir(folder)) if os.path.isdir(os.path.join(folder, name))]
    except FileNotFoundError:
        return []
