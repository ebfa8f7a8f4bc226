"""The stand-in's scheduler API (JSON over HTTP, below /stand-in/frameworks): mesos-execute calls the leader."""

from mesos_stand_in.task_states import ENDED
from stand_in import log
from stand_in.http_server import HttpError, Reply


class FrameworkCalls:
    """Handlers: each takes a Request and returns a Reply; all masters except the leader answer 503."""

    def __init__(self, master):
        self._master = master

    def add_to(self, routes):
        """Adds the calls to the master's routes."""
        one = "/stand-in/frameworks/([^/]+)"
        routes.add("POST", "/stand-in/frameworks", self.subscribe)
        routes.add("POST", f"{one}/poll", self.poll)
        routes.add("POST", f"{one}/disconnect", self.disconnect)
        routes.add("POST", f"{one}/tasks", self.launch)
        routes.add("POST", f"{one}/tasks/([^/]+)/kill", self.kill)

    def _lead(self):
        if not self._master.elected:
            raise HttpError(503, "This master does not lead")
        return self._master

    def _framework(self, framework_id):
        info = self._lead().frameworks.heard(framework_id)
        if info is None:
            raise HttpError(404, f"Framework {framework_id} is not subscribed")
        return info

    def subscribe(self, request):
        """POST /stand-in/frameworks {framework, credential} → the framework, with its id."""
        given = request.body["framework"]
        self._lead().access.http_framework(request.body.get("credential"), given.get("role", "*"), given.get("user", "root"))
        info = self._lead().frameworks.subscribe(given)
        log.info(f"Subscribed framework {info['id']} ({info['name']})")
        return Reply(info)

    def poll(self, request, framework_id):
        """POST /stand-in/frameworks/<id>/poll {task: statuses seen} → {statuses: [{task_id, agent_id, …}]}."""
        self._framework(framework_id)
        seen = request.body or {}
        found = []
        for task in self._master.agents.tasks():
            if task["framework"]["id"] == framework_id:
                for status in task.get("statuses", [])[seen.get(task["id"], 0):]:
                    found.append({**status, "task_id": task["id"], "agent_id": task["slave_id"]})
        return Reply({"statuses": found})

    def launch(self, request, framework_id):
        """POST /stand-in/frameworks/<id>/tasks {id, name, …, resources} → {agent_id}; 409 if no agent offers enough."""
        framework = self._framework(framework_id)
        record = self._offer(request.body.get("resources", {}))
        if record is None:
            raise HttpError(409, "No agent offers what the task needs")
        task = self._master.calls.ask_agent(record, "/stand-in/tasks", {**request.body, "framework": framework,
                                                                       "role": framework.get("role", "*")})
        self._master.agents.put_task(record.id, task)
        log.info(f"Launching task {task['id']} of framework {framework_id} on agent {record.id}")
        return Reply({"agent_id": record.id})

    def _offer(self, wanted):
        """The connected agent with the most free resources, if they are enough; not a drained or deactivated one."""
        def left(record):
            running = [task for task in record.tasks.values() if task["state"] not in ENDED]
            return {name: value - sum(task.get("resources", {}).get(name, 0) for task in running)
                    for name, value in record.info["resources"].items() if isinstance(value, (int, float))}

        marks = self._master.registry.marks()
        ready = [(left(one), one) for one in self._master.agents.records() if one.connected and one.id not in marks]
        fit = [(rest.get("cpus", 0), one.id, one) for rest, one in ready
               if all(rest.get(name, 0) >= value for name, value in wanted.items())]
        return max(fit, default=(0, "", None), key=lambda item: item[:2])[2]

    def kill(self, _request, framework_id, task_id):
        """POST /stand-in/frameworks/<id>/tasks/<task>/kill → {}."""
        self._framework(framework_id)
        self._kill(task_id)
        return Reply({})

    def _kill(self, task_id):
        found = self._master.agents.find_task(task_id)
        if found:
            self._master.calls.ask_agent(found[0], f"/stand-in/tasks/{task_id}/kill", {})

    def disconnect(self, _request, framework_id):
        """POST /stand-in/frameworks/<id>/disconnect → {}: a signal has ended the program."""
        self._framework(framework_id)
        self._master.frameworks.disconnect(framework_id)
        self._master.wake()
        return Reply({})

    def remove_silent(self):
        """Removes frameworks that have ended, and ends their tasks (Master::removeFramework)."""
        for framework_id in self._master.frameworks.remove_silent():
            log.info(f"Removing framework {framework_id}")
            for task in self._master.agents.tasks():
                if task["framework"]["id"] == framework_id and task["state"] not in ENDED:
                    try:
                        self._kill(task["id"])
                    except HttpError as problem:
                        log.warning(f"Task {task['id']} was not killed: {problem}")
