"""All tasks of an agent: those in Docker containers, and those that are plain processes."""

import time
import uuid

from mesos_stand_in.docker_cli import DockerError
from mesos_stand_in.docker_containerizer import DockerContainerizer
from mesos_stand_in.docker_run_record import RunRecord, new_task
from mesos_stand_in.tasks import TaskRunner


class ContainerizerError(Exception):
    """A requested containerizer cannot be used: the agent does not start."""


def _docker(flags, address, on_change):
    """Raises ContainerizerError. agent_host has checked the requirements on the host."""
    try:
        return DockerContainerizer(flags, address, on_change)
    except DockerError as problem:
        raise ContainerizerError("Failed to create a containerizer: Could not create DockerContainerizer: "
                                 f"Failed to create docker: {problem}") from None


class AgentTasks:
    """Launches, kills and lists tasks; docker: the Docker containerizer, None if --containerizers does not name it.

    Raises ContainerizerError.
    """

    def __init__(self, flags, processes_file, address, on_change):
        self._names = flags["containerizers"].split(",")
        self._processes = TaskRunner(flags["work_dir"], processes_file, flags["executor_shutdown_grace_period"], on_change)
        self.docker = _docker(flags, address, on_change) if "docker" in self._names else None
        self._refused = []
        self._on_change = on_change

    def recover(self, agent_id):
        """Runs before the agent registers: takes over containers of a former run, and ends unknown ones."""
        self._processes.clean_up()
        if self.docker:
            self.docker.recover(agent_id)

    def launch(self, agent_id, request):
        """Starts {id, name, cmd, env, framework}, or a task with a container. Returns the task. Raises OSError."""
        container = request.get("container")
        if container is None and "mesos" in self._names:
            return self._processes.launch(agent_id, request)
        if container and container.get("type") == "DOCKER" and self.docker:
            return self.docker.launch(agent_id, request)
        run = RunRecord(new_task({"container": None, **request}, agent_id, str(uuid.uuid4()), None), request, None)
        run.add_status({"state": "TASK_FAILED", "timestamp": time.time(), "source": "SOURCE_SLAVE",
                        "reason": "REASON_CONTAINER_LAUNCH_FAILED",
                        "message": f"None of the enabled containerizers ({', '.join(self._names)}) could create a "
                                   "container for the provided TaskInfo/ExecutorInfo message"})
        self._refused = [*self._refused[-9:], run.task]
        self._on_change()
        return run.task

    def kill(self, task_id):
        """Asks a task to end. Returns the task, or None."""
        return (self.docker and self.docker.kill(task_id)) or self._processes.kill(task_id)

    def kill_processes(self):
        """Ends the tasks that are children of this agent. Containers have executors, which survive the agent."""
        self._processes.kill_all()

    def all(self):
        """Every task of this run, also those that have ended."""
        return [*self._processes.all(), *(self.docker.all() if self.docker else []), *self._refused]

    def forget_ended(self):
        """Removes all but the newest ended tasks, so that reports stay small."""
        self._processes.forget_ended()
        if self.docker:
            self.docker.forget_ended()
