"""Marathon's endpoints. A standby answers requests about itself, and proxies the rest."""

import threading
import time

from marathon_stand_in import NOTICE, VERSION
from marathon_stand_in.app_calls import AppCalls
from stand_in import http_call, log
from stand_in.http_server import HttpError, Reply, Routes


def marathon_routes(marathon):
    """Returns the function Request → Reply."""
    own, leaders = Routes(), Routes()
    own.add("GET", "/", lambda _: Reply(f"marathon {VERSION}: {NOTICE}\n"))
    own.add("GET", "/ping", lambda _: Reply("pong\n"))
    own.add("GET", "/metrics", lambda _: Reply(_metrics(marathon)))
    own.add("GET", "/v2/info", lambda _: Reply(_info(marathon)))
    own.add("GET", "/v2/leader", lambda _: _leader(marathon))
    calls = AppCalls(marathon.store, marathon.scheduler, marathon.wake)
    app_id = "/v2/apps/(.+?)/?"
    leaders.add("GET", "/v2/apps/?", calls.apps)
    leaders.add("POST", "/v2/apps/?", calls.create)
    leaders.add("GET", "/v2/apps/(.+)/tasks", calls.tasks)
    leaders.add("GET", app_id, calls.app)
    leaders.add("PUT", app_id, calls.change)
    leaders.add("DELETE", app_id, calls.delete)
    leaders.add("GET", "/v2/tasks", calls.tasks)
    leaders.add("GET", "/v2/deployments", lambda _: Reply([]))
    leaders.add("DELETE", "/v2/leader", lambda _: _abdicate(marathon))

    def others(request):
        return leaders.find(request) if marathon.latch.leading else _proxy(marathon, request)

    return lambda request: own.find(request, others)


def _leader(marathon):
    if marathon.latch.leader is None:
        raise HttpError(404, "There is no leader")
    return Reply({"leader": marathon.latch.leader})


def _abdicate(marathon):
    log.info("Asked to abdicate")
    # The real one exits too, and its unit starts it again; the answer must be sent before.
    threading.Timer(0.5, marathon.abdicate).start()
    return Reply({"message": "Leadership abdicated"})


def _proxy(marathon, request):
    leader = marathon.latch.leader
    if leader is None:
        raise HttpError(503, "There is no leader")
    if request.headers.get("X-Marathon-Via"):
        raise HttpError(502, f"Detected a proxying loop: {marathon.own_id} does not lead")
    host, _, port = leader.rpartition(":")
    # LeaderProxyFilter: https if HTTP is off.
    secure = None if marathon.options["http"] else marathon.key_store
    try:
        answer = http_call.call(request.method, (host, int(port)), request.path, request.raw or None,
                                marathon.options["leader_proxy_read_timeout"] / 1000,
                                {"X-Marathon-Via": marathon.own_id}, secure or http_call.PLAIN)
    except http_call.FAILURES as problem:
        raise HttpError(502, f"The leader {leader} does not answer: {problem}") from None
    headers = {"Content-Type": answer.content_type, "X-Marathon-Leader": f"{'https' if secure else 'http'}://{leader}"}
    return Reply(answer.raw, answer.status, headers)


def _info(marathon):
    options = marathon.options
    return {
        "name": options["framework_name"], "version": VERSION, "stand_in": True, "notice": NOTICE,
        "leader": marathon.latch.leader, "elected": marathon.latch.leading,
        "marathon_config": {name: options.get(name) for name in
                            ("master", "hostname", "ha", "checkpoint", "failover_timeout", "framework_name",
                             "mesos_user", "mesos_role", "http_port")},
        "zookeeper_config": {"zk": options["zk"], "zk_session_timeout": options["zk_session_timeout"]},
        "http_config": {"http_port": options["http_port"]},
    }


def _metrics(marathon):
    return {
        "version": VERSION, "stand_in": True,
        "gauges": {
            "marathon.leadership.duration.gauge.seconds": {"value": marathon.leading_seconds()},
            "marathon.uptime.gauge.seconds": {"value": time.time() - marathon.started},
            "marathon.tasks.running.gauge": {"value": len(marathon.scheduler.tasks)},
        },
        "counters": {}, "histograms": {}, "meters": {}, "timers": {},
    }
