"""The states of tasks whose agent no longer runs them (src/master/master.cpp)."""

import time

from mesos_stand_in.task_states import ENDED


def _lost(task, partition_aware_state, reason, message):
    if task["state"] in ENDED:
        return task
    aware = "PARTITION_AWARE" in task["framework"].get("capabilities", [])
    state = partition_aware_state if aware else "TASK_LOST"
    status = {"state": state, "timestamp": time.time(), "source": "SOURCE_MASTER", "reason": reason, "message": message}
    return {**task, "state": state, "statuses": [*task.get("statuses", []), status]}


def unknown_to_agent(task, hostname):
    """A task that its agent did not report when it registered again."""
    if not task["framework"].get("checkpoint", True):
        # Master::removeFramework(slave, framework): an agent that disconnects loses the tasks of frameworks that do not
        # checkpoint.
        return _lost(task, "TASK_LOST", "REASON_SLAVE_DISCONNECTED", f"Agent {hostname} disconnected")
    return _lost(task, "TASK_DROPPED", "REASON_RECONCILIATION", "Reconciliation: task unknown to the agent")


def agent_removed(task, hostname):
    """A task of an agent that another one has replaced, or that has been removed."""
    return _lost(task, "TASK_GONE", "REASON_SLAVE_REMOVED", f"Agent {hostname} removed")
