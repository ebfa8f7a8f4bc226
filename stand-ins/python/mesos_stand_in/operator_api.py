"""The calls of the master's operator API that drain agents: POST /api/v1 (docs/operator-http-api.md,
docs/maintenance.md of Mesos 1.9).

A draining agent gets no task, its tasks are killed, and it is DRAINED when it has no task left. It stays drained until
it is reactivated, also after a restart of the agent and with another master. Draining cannot be cancelled.
"""

from mesos_stand_in import quotas
from mesos_stand_in.task_states import ENDED
from stand_in import log
from stand_in.http_server import HttpError, Reply

_ABOUT_AN_AGENT = ("DRAIN_AGENT", "DEACTIVATE_AGENT", "REACTIVATE_AGENT")


def drain_state(record, marks):
    """DRAINING, DRAINED, or None for an agent that is not drained."""
    if marks.get(record.id) != "drain":
        return None
    return "DRAINING" if any(task["state"] not in ENDED for task in list(record.tasks.values())) else "DRAINED"


def _agent(record, marks):
    info, state = record.info, drain_state(record, marks)
    return {
        "agent_info": {"id": {"value": record.id}, "hostname": info["hostname"], "port": info["port"]},
        "pid": f"slave(1)@{info['ip']}:{info['port']}", "version": info["version"],
        "active": record.connected and record.id not in marks, "deactivated": record.id in marks,
        **({"drain_info": {"state": state, "config": {"mark_gone": False}}} if state else {}),
    }


class OperatorApi:
    """answer() takes a Request and returns a Reply."""

    def __init__(self, master):
        self._master = master

    def answer(self, request):
        """Answers on the leading master; other masters redirect to it before."""
        body = request.body
        if not isinstance(body, dict) or not isinstance(body.get("type"), str):
            raise HttpError(400, "Failed to validate master::Call: Expecting 'type' to be present")
        kind, registry = body["type"], self._master.registry
        if kind == "GET_AGENTS":
            marks = registry.marks()
            agents = [_agent(record, marks) for record in self._master.agents.records()]
            return Reply({"type": "GET_AGENTS", "get_agents": {"agents": agents}})
        if kind not in _ABOUT_AN_AGENT:
            return quotas.call(self._master.quotas, self._master.access.rules, request)
        return self._about_agent(kind, body.get(kind.lower()))

    def _about_agent(self, kind, content):
        agent_id = ((content or {}).get("agent_id") or {}).get("value")
        if not agent_id:
            raise HttpError(400, f"Failed to validate master::Call: Expecting '{kind.lower()}' to be present")
        master = self._master
        if master.agents.known_info(agent_id) is None:
            raise HttpError(400, "Unknown agent")
        mark = {"DRAIN_AGENT": "drain", "DEACTIVATE_AGENT": "deactivate", "REACTIVATE_AGENT": None}[kind]
        before = master.registry.marks().get(agent_id)
        if kind == "REACTIVATE_AGENT":
            found = [record for record in master.agents.records() if record.id == agent_id]
            if before is None:
                raise HttpError(400, "Agent is not deactivated")
            if found and drain_state(found[0], master.registry.marks()) == "DRAINING":
                raise HttpError(400, "Agent is still in the DRAINING state")
        elif before == "drain" and kind == "DEACTIVATE_AGENT":
            raise HttpError(400, "Agent is draining")
        master.write_registry(lambda: master.registry.mark(agent_id, mark))
        log.info(f"{kind} of agent {agent_id}")
        master.kill_draining()
        return Reply({})
