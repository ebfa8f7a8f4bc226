"""One run of a Docker task, as the agent knows it."""

import time

from mesos_stand_in.task_states import ENDED


def new_task(request, agent_id, container_id, sandbox):
    """The task of a request, before anything has been started."""
    return {
        "id": request["id"], "name": request["name"], "framework": request["framework"],
        "framework_id": request["framework"]["id"], "executor_id": "", "slave_id": agent_id, "state": "TASK_STAGING",
        "resources": request.get("resources", {}), "role": request.get("role", "*"), "container": request["container"],
        "container_id": container_id, "statuses": [], "pid": None, "sandbox": sandbox, "started": time.time(),
        "stand_in": True,
    }


class RunRecord:
    """meta: its checkpoint, None if the framework requests none; reported: number of updates from the executor."""

    def __init__(self, task, request, meta):
        self.task = task
        self.request = request
        self.meta = meta
        self.executor = None
        self.endpoint = None
        self.registered = self.killed = self.destroyed = False
        self.reported = 0

    @property
    def container_id(self):
        """The UUID of the run."""
        return self.task["container_id"]

    @property
    def name(self):
        """The name of the container in Docker (DockerContainerizerProcess::Container::name)."""
        return f"mesos-{self.container_id}"

    @property
    def sandbox(self):
        """The task's folder on this host."""
        return self.task["sandbox"]

    @property
    def address(self):
        """(address, port) at which the executor listens, or None."""
        host, _, port = (self.endpoint or "").rpartition("@")[2].rpartition(":")
        return (host, int(port)) if port else None

    @property
    def ended(self):
        """Whether the task has a final state."""
        return self.task["state"] in ENDED

    def add_status(self, status):
        """Adds a status of the task, and stores it."""
        shown = {**status, "container_status": {"container_id": {"value": self.container_id}}}
        self.task = {**self.task, "state": status["state"], "statuses": [*self.task["statuses"], shown]}
        if self.meta:
            self.meta.keep_task(self.task)

    def replace_statuses(self, statuses):
        """Adds the new ones of all statuses that an executor has ever reported."""
        for status in statuses[len(self.task["statuses"]):]:
            self.add_status(status)
        self.reported = len(statuses)
