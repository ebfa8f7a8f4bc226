"""The stand-in's own protocol (JSON over HTTP, below /stand-in): agents and Marathon call the leader.

It replaces Mesos' registration messages, offers and scheduler API.
"""

import threading
import time

from mesos_stand_in.task_states import ENDED
from stand_in import http_call, log
from stand_in.http_server import HttpError, Reply

# How long a new leader waits for known agents before it reports that its list of tasks is complete.
_SETTLE_SECONDS = 30.0


class AgentCalls:
    """Handlers: each takes a Request and returns a Reply; all masters except the leader answer 503."""

    def __init__(self, master):
        self._master = master
        self._registering = threading.Lock()

    def _lead(self):
        if not self._master.elected:
            raise HttpError(503, "This master does not lead")
        return self._master

    def register(self, request):
        """POST /stand-in/agents {id or null, info, tasks} → {id}; 409 stops the agent."""
        master = self._lead()
        body = request.body or {}
        agent_id, info, tasks = body.get("id"), body["info"], body.get("tasks", [])
        master.access.agent(request, f"slave(1)@{info['ip']}:{info['port']}")
        with self._registering:
            known = master.agents.known_info(agent_id) if agent_id else None
            for field in ("hostname", "port"):
                if known and known[field] != info[field]:
                    raise HttpError(409, f"Agent attempted to re-register with a different {field}: "
                                         f"{known[field]} is now {info[field]}")
            for other in master.agents.ids_at(info["ip"], info["port"]):
                if other != agent_id:
                    log.warning(f"Removing agent {other}: a new one is at its address")
                    master.write_registry(lambda other=other: master.registry.remove(other))
                    master.agents.drop(other)
            new_id = master.write_registry(lambda: master.registry.admit(info, agent_id, master.id))
            master.agents.register(new_id, info, tasks, again=agent_id is not None)
        log.info(f"{'Re-registered' if agent_id else 'Registered'} agent {new_id} "
                 f"at {info['ip']}:{info['port']} ({info['hostname']})")
        return Reply({"id": new_id})

    def heartbeat(self, request, agent_id):
        """POST /stand-in/agents/<id>/heartbeat {tasks}; 404 if the agent must register first."""
        if not self._lead().agents.heard(agent_id, (request.body or {}).get("tasks", [])):
            raise HttpError(404, f"Agent {agent_id} is not registered")
        return Reply({})

    def tasks(self, request):
        """GET /stand-in/tasks?framework=ID → {tasks, settled}.

        settled is false while agents that a former leader knew may still come back with tasks.
        """
        master = self._lead()
        master.access.framework(request)
        wanted = request.query.get("framework")
        found = [task for task in master.agents.tasks() if wanted in (None, task["framework"]["id"])]
        waited = time.time() - master.elected_since > _SETTLE_SECONDS
        return Reply({"tasks": found, "settled": waited or not master.agents.unreturned()})

    def launch(self, request):
        """POST /stand-in/tasks {id, name, cmd, env, framework: {id, name}} → the task; runs a process."""
        master = self._lead()
        master.access.framework(request)
        record = master.agents.least_busy(master.registry.marks())
        if record is None:
            raise HttpError(503, "No agent is registered that may have tasks")
        if master.agents.find_task(request.body["id"]):
            raise HttpError(409, f"Task {request.body['id']} has been launched before")
        task = self.ask_agent(record, "/stand-in/tasks", request.body)
        master.agents.put_task(record.id, task)
        log.info(f"Launched task {task['id']} on agent {record.id}")
        return Reply(task, 201)

    def kill(self, _request, task_id):
        """POST /stand-in/tasks/<id>/kill → the task."""
        found = self._lead().agents.find_task(task_id)
        if found is None:
            raise HttpError(404, f"Task {task_id} is unknown")
        return Reply(self.ask_agent(found[0], f"/stand-in/tasks/{task_id}/kill", {}))

    def kill_all(self, record):
        """Asks an agent to end all its tasks."""
        for task in list(record.tasks.values()):
            if task["state"] not in ENDED:
                try:
                    self.ask_agent(record, f"/stand-in/tasks/{task['id']}/kill", {})
                except HttpError as problem:
                    log.warning(f"Not killed: {task['id']}: {problem}")

    def ask_agent(self, record, path, body):
        """POSTs to an agent and returns its answer. Raises HttpError."""
        try:
            answer = http_call.call("POST", (record.info["ip"], record.info["port"]), path, body)
            if answer.ok:
                return answer.body
            raise HttpError(answer.status, answer.message)
        except http_call.FAILURES as problem:
            raise HttpError(502, f"Agent {record.id} does not answer: {problem}") from None
