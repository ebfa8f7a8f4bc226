"""What the leading master knows about its agents and their tasks."""

import threading
import time
from dataclasses import dataclass, field

from mesos_stand_in.lost_tasks import agent_removed, unknown_to_agent
from mesos_stand_in.task_states import ENDED


@dataclass
class AgentRecord:
    """info: from the agent's registration; tasks: id → task as the agent last reported it."""

    id: str
    info: dict
    registered: float
    heard: float
    connected: bool = True
    tasks: dict = field(default_factory=dict)


class AgentTable:
    """Agents that have registered with this master, and agents that it knows only from the registry."""

    def __init__(self):
        self._lock = threading.RLock()
        self._records = {}
        self._recovered = {}
        self._gone = []
        self.registrations = 0
        self.reregistrations = 0

    def recover(self, agents):
        """Takes over id → info from the registry; these agents must register again."""
        with self._lock:
            self._recovered, self._records = dict(agents), {}

    def known_info(self, agent_id):
        """The info that an agent registered with before, or None."""
        with self._lock:
            record = self._records.get(agent_id)
            return record.info if record else self._recovered.get(agent_id)

    def ids_at(self, ip, port):
        """Ids of the known agents at that address."""
        with self._lock:
            known = {**self._recovered, **{key: one.info for key, one in self._records.items()}}
            return [key for key, info in known.items() if (info["ip"], info["port"]) == (ip, port)]

    def register(self, agent_id, info, tasks, again):
        """Records that an agent has registered. Tasks that it does not report do not run."""
        with self._lock:
            now = time.time()
            self._recovered.pop(agent_id, None)
            before = self._records.get(agent_id)
            record = AgentRecord(agent_id, info, before.registered if before else now, now)
            if before:
                brought = {task["id"] for task in tasks}
                record.tasks = {key: task if key in brought else unknown_to_agent(task, info["hostname"])
                                for key, task in before.tasks.items()}
            record.tasks.update({task["id"]: task for task in tasks})
            self._records[agent_id] = record
            if again:
                self.reregistrations += 1
            else:
                self.registrations += 1

    def heard(self, agent_id, tasks):
        """Records a heartbeat with the agent's tasks; False if the agent must register first."""
        with self._lock:
            record = self._records.get(agent_id)
            if record is None or not record.connected:
                return False
            record.heard = time.time()
            record.tasks.update({task["id"]: task for task in tasks})
            return True

    def put_task(self, agent_id, task):
        """Records a task on an agent."""
        with self._lock:
            if agent_id in self._records:
                self._records[agent_id].tasks[task["id"]] = task

    def silent(self, seconds):
        """Marks agents without a heartbeat for the given time as disconnected. Returns the newly marked ids."""
        with self._lock:
            limit = time.time() - seconds
            gone = [one for one in self._records.values() if one.connected and one.heard < limit]
            for record in gone:
                record.connected = False
            return [record.id for record in gone]

    def overdue(self, seconds):
        """Ids of registered agents without a heartbeat for the given time."""
        with self._lock:
            limit = time.time() - seconds
            return [one.id for one in self._records.values() if one.heard < limit]

    def unreturned(self):
        """Ids of the registry's agents that have not registered with this master."""
        with self._lock:
            return list(self._recovered)

    def drop(self, agent_id):
        """Removes an agent with its tasks."""
        with self._lock:
            record = self._records.pop(agent_id, None)
            if record:
                self._gone += [agent_removed(task, record.info["hostname"]) for task in record.tasks.values()]
                self._gone = self._gone[-100:]
            self._recovered.pop(agent_id, None)

    def records(self):
        """A snapshot of the agents that have registered, by id."""
        with self._lock:
            return sorted(self._records.values(), key=lambda one: one.id)

    def recovered(self):
        """id → info of agents that are known but have not registered with this master."""
        with self._lock:
            return dict(self._recovered)

    def tasks(self):
        """All tasks that agents reported, and the tasks of removed agents."""
        with self._lock:
            return [*(task for record in self._records.values() for task in record.tasks.values()), *self._gone]

    def find_task(self, task_id):
        """(agent record, task) or None."""
        with self._lock:
            for record in self._records.values():
                if task_id in record.tasks:
                    return record, record.tasks[task_id]
            return None

    def least_busy(self, marked=()):
        """The connected agent with the fewest running tasks that is not marked, or None."""
        with self._lock:
            ready = [one for one in self._records.values() if one.connected and one.id not in marked]
            return min(ready, key=lambda one: (sum(task["state"] not in ENDED for task in one.tasks.values()), one.id),
                       default=None)
