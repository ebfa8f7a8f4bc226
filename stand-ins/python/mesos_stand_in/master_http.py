"""The master's endpoints (docs/endpoints/master), with and without the prefix /master."""

import os

from mesos_stand_in import NOTICE, VERSION, master_state, version_body
from mesos_stand_in.operator_api import OperatorApi
from mesos_stand_in.program import shown
from stand_in.http_server import HttpError, Reply, Routes


def master_routes(master):
    """Returns the function Request → Reply."""
    routes, calls = Routes(), master.calls
    prefix = "(?:/master)?"
    routes.add("GET", "/", lambda _: _web_interface(master))
    routes.add("GET", prefix + "/health", lambda _: Reply(""))
    routes.add("GET", prefix + "/version", lambda _: Reply(version_body()))
    routes.add("GET", prefix + "/flags", lambda _: Reply({"flags": shown(master.flags)}))
    routes.add("GET", "/metrics/snapshot", lambda _: Reply(master_state.metrics(master)))
    routes.add("GET", prefix + "/redirect", lambda _: _to_leader(master, "", {}))
    for name, body in (("state", master_state.state), ("slaves", master_state.slaves),
                       ("frameworks", master_state.frameworks), ("tasks", master_state.tasks)):
        routes.add("GET", f"{prefix}/{name}(?:\\.json)?", _leaders_alone(master, lambda master, _, body=body: Reply(body(master))))
    operator = OperatorApi(master)
    routes.add("POST", "(?:/master)?/api/v1", _leaders_alone(master, lambda master, request: operator.answer(request)))
    routes.add("POST", "/stand-in/authenticate", master.access.authenticator.challenge)
    routes.add("POST", "/stand-in/agents", calls.register)
    routes.add("POST", "/stand-in/agents/([^/]+)/heartbeat", calls.heartbeat)
    routes.add("GET", "/stand-in/tasks", calls.tasks)
    routes.add("POST", "/stand-in/tasks", calls.launch)
    routes.add("POST", "/stand-in/tasks/([^/]+)/kill", calls.kill)
    master.framework_calls.add_to(routes)
    return routes.find


def _web_interface(master):
    """index.html of webui_dir, or 404.

    Master::initialize in src/master/master.cpp provides the folder even if it is missing.
    """
    folder = master.flags["webui_dir"]
    if folder is None:
        return Reply(f"mesos-master {VERSION}: {NOTICE}\n")
    try:
        with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
            return Reply(file.read(), headers={"Content-Type": "text/html"})
    except OSError:
        raise HttpError(404, "Not found") from None


def _leaders_alone(master, reply):
    def answer(request):
        if master.elected:
            return reply(master, request)
        if _is_own(master):
            raise HttpError(503, "The registry is not recovered yet")
        # Mesos redirects too; the body names the leader for clients that do not follow the redirect.
        return _to_leader(master, request.path, master_state.state(master))

    return answer


def _is_own(master):
    return master.leader is not None and master.leader["id"] == master.id


def _to_leader(master, path, body):
    leader = master.leader
    if leader is None:
        raise HttpError(503, "No leader elected")
    address = leader["address"]
    where = f"//{address['hostname'] or address['ip']}:{address['port']}{path}"
    return Reply(body, 307, {"Location": where})


