"""Keeps as many tasks running as the apps require, through the stand-in's leading master."""

import time
import uuid

from marathon_stand_in.app_container import container_info
from stand_in import http_call, leading_master, log
from stand_in.cram_md5 import login

_ENDED = {"TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_LOST", "TASK_GONE", "TASK_DROPPED"}
# How often running tasks are compared with the apps when nothing else happens.
_INTERVAL = 5.0


def task_prefix(app_id):
    """The prefix of the ids of an app's tasks: web_front. for /web/front."""
    return app_id.strip("/").replace("/", "_") + "."


def _prefix_of(task):
    return task["id"].rpartition(".")[0] + "."


def _running(tasks):
    return [task for task in tasks if task["state"] not in _ENDED]


class Scheduler:
    """step() launches missing tasks and kills surplus ones; only the leader calls it."""

    def __init__(self, store, masters, framework_name, credential=None):
        self._credential = credential
        self._store = store
        self._masters = masters
        self._name = framework_name
        self._framework_id = None
        self._back_off = {}
        self._due = 0.0
        self.tasks = []

    def hurry(self):
        """Reports a change: the next step compares at once."""
        self._due = 0.0
        self._back_off.clear()

    def step(self):
        """Compares and acts, at most every few seconds. Raises KazooException."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _INTERVAL
        leader = leading_master.leading(self._masters)
        if leader is None:
            return
        self._framework_id = self._framework_id or self._store.framework_id()
        try:
            self._compare(leading_master.address(leader))
        except http_call.FAILURES as problem:
            log.warning(f"The Mesos master {leader['pid']} does not answer: {problem}")

    def _compare(self, master):
        answer = self._ask("GET", master, f"/stand-in/tasks?framework={self._framework_id}")
        if not answer.ok:
            log.warning(f"No tasks from the Mesos master: {answer.message}")
            return
        self.tasks = answer.body["tasks"]
        running = _running(self.tasks)
        wanted = {task_prefix(app["id"]): app for app in self._store.all()}
        for task in running:
            if _prefix_of(task) not in wanted:
                self._kill(master, task)
        for prefix, app in wanted.items():
            own = [task for task in running if _prefix_of(task) == prefix]
            for task in sorted(own, key=lambda one: one["started"])[app["instances"]:]:
                self._kill(master, task)
            # After a failover of the master some tasks are not known yet: launching them would run them twice.
            if answer.body["settled"] and self._may_launch(app):
                for _ in range(app["instances"] - len(own)):
                    self._launch(master, app)

    def _may_launch(self, app):
        # An app that ends at once is started again after a pause, which doubles up to a minute.
        own = [task for task in self.tasks if _prefix_of(task) == task_prefix(app["id"])]
        ended = len(own) - len(_running(own))
        seen, until, pause = self._back_off.get(app["id"], (0, 0.0, 1.0))
        if ended > seen:
            until, pause = time.monotonic() + pause, min(pause * 2, 60.0)
            self._back_off[app["id"]] = (ended, until, pause)
        return time.monotonic() >= until

    def _launch(self, master, app):
        task_id = task_prefix(app["id"]) + str(uuid.uuid4())
        # Variables that Marathon adds (EnvironmentHelper.scala); checkpoint is its default since 0.8.
        added = {"MARATHON_APP_ID": app["id"], "MESOS_TASK_ID": task_id}
        task = {
            "id": task_id, "name": app["id"].strip("/"), "cmd": app.get("cmd"), "shell": app.get("cmd") is not None,
            "env": {**{name: str(value) for name, value in app["env"].items()}, **added},
            "resources": {"cpus": app["cpus"], "mem": app["mem"]},
            "framework": {"id": self._framework_id, "name": self._name, "checkpoint": True},
            **({"container": container_info(app["container"])} if app.get("container") else {}),
        }
        answer = self._ask("POST", master, "/stand-in/tasks", task)
        if answer.ok:
            self.tasks = [*self.tasks, answer.body]
            log.info(f"Launched {task['id']}")
        else:
            log.warning(f"Not launched: {task['id']}: {answer.message}")

    def _kill(self, master, task):
        answer = http_call.call("POST", master, f"/stand-in/tasks/{task['id']}/kill", {})
        log.info(f"Killing {task['id']}" if answer.ok else f"Not killed: {task['id']}: {answer.message}")

    def _ask(self, method, master, path, body=None):
        answer = http_call.call(method, master, path, body, headers=login(master, self._credential))
        if answer.status == 401:
            log.die("Error: Master refused authentication")
        if answer.status == 403:
            log.die(f"Error: {answer.message}")
        return answer

    def tasks_of(self, app_id):
        """The app's tasks that had not ended at the last comparison."""
        return [task for task in _running(self.tasks) if _prefix_of(task) == task_prefix(app_id)]
