"""The master's endpoints (docs/endpoints/master), with and without the prefix /master."""

from mesos_stand_in import NOTICE, VERSION, version_body
from mesos_stand_in import master_state
from mesos_stand_in.operator_api import OperatorApi
from mesos_stand_in.program import shown
from stand_in.http_server import HttpError, Reply, Routes


def master_routes(master):
    """Gives the function Request → Reply."""
    routes, calls = Routes(), master.calls
    prefix = "(?:/master)?"
    routes.add("GET", "/", lambda _: Reply(f"mesos-master {VERSION}: {NOTICE}\n"))
    routes.add("GET", prefix + "/health", lambda _: Reply(""))
    routes.add("GET", prefix + "/version", lambda _: Reply(version_body()))
    routes.add("GET", prefix + "/flags", lambda _: Reply({"flags": shown(master.flags)}))
    routes.add("GET", "/metrics/snapshot", lambda _: Reply(master_state.metrics(master)))
    routes.add("GET", prefix + "/redirect", lambda _: _to_leader(master, "", {}))
    for name, body in (("state", master_state.state), ("slaves", master_state.slaves),
                       ("frameworks", master_state.frameworks), ("tasks", master_state.tasks)):
        routes.add("GET", f"{prefix}/{name}(?:\\.json)?", _leaders_alone(master, body))
    operator = OperatorApi(master)
    routes.add("POST", prefix + "/api/v1", lambda request: _leaders_own(master, request, operator.answer))
    routes.add("POST", "/stand-in/agents", calls.register)
    routes.add("POST", "/stand-in/agents/([^/]+)/heartbeat", calls.heartbeat)
    routes.add("GET", "/stand-in/tasks", calls.tasks)
    routes.add("POST", "/stand-in/tasks", calls.launch)
    routes.add("POST", "/stand-in/tasks/([^/]+)/kill", calls.kill)
    master.framework_calls.add_to(routes)
    return routes.find


def _leaders_alone(master, body):
    def answer(request):
        if master.elected:
            return Reply(body(master))
        if _is_own(master):
            raise HttpError(503, "The registry is not recovered yet")
        # The redirect is Mesos' own; its body names the leader for clients that do not follow.
        return _to_leader(master, request.path, master_state.state(master))

    return answer


def _leaders_own(master, request, handle):
    if master.elected:
        return handle(request)
    if _is_own(master):
        raise HttpError(503, "Master has not finished recovery")
    return _to_leader(master, request.path, {})


def _is_own(master):
    return master.leader is not None and master.leader["id"] == master.id


def _to_leader(master, path, body):
    leader = master.leader
    if leader is None:
        raise HttpError(503, "No leader elected")
    address = leader["address"]
    where = f"//{address['hostname'] or address['ip']}:{address['port']}{path}"
    return Reply(body, 307, {"Location": where})


