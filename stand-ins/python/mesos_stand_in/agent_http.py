"""The agent's endpoints (docs/endpoints/slave), with and without the prefix /slave(1)."""

import socket
import time

from mesos_stand_in import AGENT_NAME, NOTICE, VERSION, version_body
from mesos_stand_in.executor_calls import add_executor_routes
from mesos_stand_in.program import shown
from mesos_stand_in.task_states import ENDED
from stand_in.http_server import HttpError, Reply, Routes


def agent_routes(agent):
    """Returns the function Request → Reply."""
    routes = Routes()
    prefix = r"(?:/slave(?:\(1\)|%281%29))?"
    routes.add("GET", "/", lambda _: Reply(f"{AGENT_NAME} {VERSION}: {NOTICE}\n"))
    routes.add("GET", prefix + "/health", lambda _: Reply(""))
    routes.add("GET", prefix + "/version", lambda _: Reply(version_body()))
    routes.add("GET", prefix + "/flags", lambda _: Reply({"flags": shown(agent.flags)}))
    routes.add("GET", prefix + r"/state(?:\.json)?", lambda _: Reply(_state(agent)))
    routes.add("GET", "/metrics/snapshot", lambda _: Reply(_metrics(agent)))
    routes.add("POST", "/stand-in/tasks", lambda request: _launch(agent, request))
    routes.add("POST", "/stand-in/tasks/([^/]+)/kill", lambda _, task_id: _kill(agent, task_id))
    add_executor_routes(routes, agent)
    return routes.find


def _launch(agent, request):
    if not agent.registered:
        raise HttpError(503, "The agent is not registered")
    return Reply(agent.tasks.launch(agent.id, request.body), 201)


def _kill(agent, task_id):
    task = agent.tasks.kill(task_id)
    if task is None:
        raise HttpError(404, f"Task {task_id} is unknown")
    return Reply(task)


def _frameworks(agent):
    found = {}
    for task in agent.tasks.all():
        one = task["framework"]
        entry = found.setdefault(one["id"], {"id": one["id"], "name": one["name"], "tasks": [], "completed_tasks": []})
        entry["completed_tasks" if task["state"] in ENDED else "tasks"].append(task)
    return [found[key] for key in sorted(found)]


def _state(agent):
    info = agent.info
    return {
        "version": VERSION, "stand_in": True, "notice": NOTICE, "id": agent.id,
        "pid": f"slave(1)@{info['ip']}:{info['port']}", "hostname": info["hostname"],
        **_master(agent), "start_time": agent.started,
        "attributes": info["attributes"], "resources": info["resources"],
        "flags": shown(agent.flags), "frameworks": _frameworks(agent), "completed_frameworks": [],
    }


def _master(agent):
    # As in the real one (src/slave/http.cpp): the name that the master's address resolves to, not the master's own
    # name.
    address = ((agent.master or {}).get("address") or {}).get("ip")
    return {"master_hostname": socket.getnameinfo((address, 0), 0)[0]} if address else {}


def _metrics(agent):
    running = [task for task in agent.tasks.all() if task["state"] == "TASK_RUNNING"]
    return {
        "slave/registered": 1.0 if agent.registered else 0.0,
        "slave/uptime_secs": time.time() - agent.started,
        "slave/tasks_running": float(len(running)),
    }
