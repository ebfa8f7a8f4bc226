"""/v2/apps and related endpoints; only the leader serves them."""

import uuid

from marathon_stand_in.app_request import app_from, canonical_id
from stand_in.http_server import HttpError, Reply


def _unknown(app_id):
    return HttpError(404, f"App '{app_id}' does not exist")


def _task(task):
    return {"id": task["id"], "slaveId": task["slave_id"], "state": task["state"], "stand_in": True,
            "pid": task["pid"], "appId": "/" + task["name"]}


class AppCalls:
    """Handlers: each takes a Request and returns a Reply."""

    def __init__(self, store, scheduler, wake):
        self._store = store
        self._scheduler = scheduler
        self._wake = wake

    def _shown(self, app):
        tasks = self._scheduler.tasks_of(app["id"])
        running = sum(task["state"] == "TASK_RUNNING" for task in tasks)
        return {**app, "tasksRunning": running, "tasksStaged": len(tasks) - running, "tasksUnhealthy": 0,
                "tasks": [_task(task) for task in tasks]}

    def _changed(self, app):
        self._scheduler.hurry()
        self._wake()
        return {"version": app["version"], "deploymentId": str(uuid.uuid4())}

    def apps(self, _request):
        """GET /v2/apps."""
        return Reply({"apps": [self._shown(app) for app in self._store.all()]})

    def create(self, request):
        """POST /v2/apps."""
        app = app_from(request.body)
        if not self._store.create(app):
            raise HttpError(409, f"An app with id [{app['id']}] already exists.")
        deployment = self._changed(app)
        return Reply({**self._shown(app), "deployments": [{"id": deployment["deploymentId"]}]}, 201)

    def app(self, _request, app_id):
        """GET /v2/apps/<id>."""
        found = self._store.get(canonical_id(app_id))
        if found is None:
            raise _unknown(app_id)
        return Reply({"app": self._shown(found)})

    def change(self, request, app_id):
        """PUT /v2/apps/<id>: creates the app, or changes the given fields."""
        before = self._store.get(canonical_id(app_id))
        app = app_from({**(request.body or {}), "id": canonical_id(app_id)}, before)
        if not (self._store.replace(app) if before else self._store.create(app)):
            raise HttpError(409, f"App '{app_id}' is being changed by somebody else")
        return Reply(self._changed(app), 200 if before else 201)

    def delete(self, _request, app_id):
        """DELETE /v2/apps/<id>."""
        before = self._store.get(canonical_id(app_id))
        if before is None or not self._store.delete(before["id"]):
            raise _unknown(app_id)
        return Reply(self._changed(before))

    def tasks(self, _request, app_id=None):
        """GET /v2/tasks and /v2/apps/<id>/tasks."""
        apps = [self._store.get(canonical_id(app_id))] if app_id else self._store.all()
        if apps == [None]:
            raise _unknown(app_id)
        return Reply({"tasks": [_task(task) for app in apps for task in self._scheduler.tasks_of(app["id"])]})
