"""Calls of executors to their agent (below /stand-in/executors); they replace libprocess' messages."""

from stand_in.http_server import HttpError, Reply


def add_executor_routes(routes, agent):
    """Adds the calls to the agent's routes."""
    routes.add("POST", "/stand-in/executors/register", lambda request: _register(agent, request.body))
    routes.add("POST", "/stand-in/executors/update", lambda request: _update(agent, request.body))


def _register(agent, body):
    task = agent.tasks.docker and agent.tasks.docker.register(body)
    if not task:
        raise HttpError(409, f"Shutting down executor '{body['executor_id']}': it is unknown")
    return Reply({"task": task, "hostname": agent.info["hostname"]})


def _update(agent, body):
    if not agent.tasks.docker or not agent.tasks.docker.update(body):
        raise HttpError(404, f"Executor '{body['executor_id']}' is unknown")
    return Reply({})
