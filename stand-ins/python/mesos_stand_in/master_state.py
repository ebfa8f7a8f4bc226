"""What the master reports about the cluster: /state, /slaves, /frameworks, /tasks, /metrics/snapshot."""

import time

from mesos_stand_in import NOTICE, VERSION
from mesos_stand_in.operator_api import drain_state
from mesos_stand_in.program import shown
from mesos_stand_in.task_states import ENDED


def _marks(master):
    return master.registry.marks() if master.registry else {}


def _slave(record, marks):
    info, drained = record.info, drain_state(record, marks)
    return {
        "id": record.id, "hostname": info["hostname"], "port": info["port"],
        "pid": f"slave(1)@{info['ip']}:{info['port']}", "version": info["version"],
        "attributes": info["attributes"], "resources": info["resources"],
        "active": record.connected and record.id not in marks, "deactivated": record.id in marks,
        "connected": record.connected, **({"drain_info": {"state": drained}} if drained else {}),
        "registered_time": record.registered, "stand_in": True,
    }


def _recovered(agent_id, info):
    return {"id": agent_id, "hostname": info["hostname"], "port": info["port"],
            "attributes": info["attributes"], "resources": info["resources"]}


def slaves(master):
    """The body of /slaves: registered agents, and those from the registry that have not come back."""
    return {
        "slaves": [_slave(record, _marks(master)) for record in master.agents.records()],
        "recovered_slaves": [_recovered(*item) for item in sorted(master.agents.recovered().items())],
    }


def tasks(master):
    """The body of /tasks."""
    return {"tasks": master.agents.tasks()}


def frameworks(master):
    """The body of /frameworks: frameworks are known from the tasks that they launched."""
    found = {}
    for task in master.agents.tasks():
        one = task["framework"]
        entry = found.setdefault(one["id"], {"id": one["id"], "name": one["name"], "active": True,
                                             "tasks": [], "completed_tasks": [], "stand_in": True})
        entry["completed_tasks" if task["state"] in ENDED else "tasks"].append(task)
    completed = [found.pop(key) for key in sorted(found) if master.frameworks.is_removed(key)]
    for one in completed:
        one["active"] = False
    return {"frameworks": [found[key] for key in sorted(found)], "completed_frameworks": completed}


def state(master):
    """The body of /state; leader and leader_info are those of the current leader."""
    leader = master.leader
    marks = _marks(master)
    ready = [record for record in master.agents.records() if record.connected and record.id not in marks]
    return {
        "version": VERSION, "stand_in": True, "notice": NOTICE,
        "id": master.id, "pid": f"master@{master.pid}", "hostname": master.address.hostname,
        "cluster": master.flags["cluster"], "start_time": master.started,
        "elected_time": master.elected_since, "flags": shown(master.flags),
        "leader": leader["pid"] if leader else None,
        "leader_info": leader and {key: leader[key] for key in ("id", "pid", "port", "hostname", "address")},
        "activated_slaves": len(ready),
        "deactivated_slaves": len(master.agents.records()) - len(ready),
        **slaves(master), **frameworks(master),
    }


def metrics(master):
    """The body of /metrics/snapshot: name → number, as on the real master."""
    records = master.agents.records()
    connected = [record for record in records if record.connected]
    marks = _marks(master)
    ready = sum(record.id not in marks for record in connected)
    running = [task for task in master.agents.tasks() if task["state"] == "TASK_RUNNING"]
    return {
        "master/elected": 1.0 if master.elected else 0.0,
        "master/uptime_secs": time.time() - master.started,
        "master/slaves_active": float(ready), "master/slaves_connected": float(len(connected)),
        "master/slaves_inactive": float(len(records) - ready),
        "master/slaves_disconnected": float(len(records) - len(connected)),
        "master/slave_registrations": float(master.agents.registrations),
        "master/slave_reregistrations": float(master.agents.reregistrations),
        "master/recovery_slave_removals": 0.0,
        "master/tasks_running": float(len(running)),
        "registrar/log/recovered": 1.0 if master.replica.recovered else 0.0,
        "stand-in/replicas_registered": float(master.replica.registered),
        "stand-in/replicas_voting": float(master.replica.voting_seen),
        # The replicas that are currently known, always including its own (src/log/log.cpp).
        "registrar/log/ensemble_size": float(max(1, master.replica.registered)),
    }
