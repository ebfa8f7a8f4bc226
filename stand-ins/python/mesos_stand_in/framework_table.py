"""Frameworks that subscribe with the leading master, such as mesos-execute; Marathon's stand-in uses other calls."""

import threading
import time
from dataclasses import dataclass

# A framework without a call for this time is disconnected: for the real master its connection has ended.
SILENT_SECONDS = 15.0


@dataclass
class FrameworkRecord:
    """info: id, name, checkpoint, capabilities, role, user, principal."""

    info: dict
    registered: float
    heard: float
    active: bool = True


class FrameworkTable:
    """ids are <id of the master>-<4 digits>, as in Mesos."""

    def __init__(self, master_id):
        self._master_id = master_id
        self._lock = threading.RLock()
        self._records = {}
        self._next = 0

    def subscribe(self, info):
        """Adds a framework, or reconnects one by its id. Returns its info with the id."""
        with self._lock:
            framework_id = info.get("id")
            if not framework_id:
                framework_id = f"{self._master_id}-{self._next:04d}"
                self._next += 1
            before = self._records.get(framework_id)
            now = time.time()
            record = FrameworkRecord({**info, "id": framework_id}, before.registered if before else now, now)
            self._records[framework_id] = record
            return record.info

    def heard(self, framework_id):
        """The framework's info; None if it must subscribe first."""
        with self._lock:
            record = self._records.get(framework_id)
            if record is None or not record.active:
                return None
            record.heard = time.time()
            return record.info

    def disconnect(self, framework_id):
        """Records that the framework's connection has ended."""
        with self._lock:
            self._records[framework_id].heard = 0.0

    def remove_silent(self):
        """Removes disconnected frameworks at once: mesos-execute sets no failover_timeout. Returns their ids."""
        with self._lock:
            limit = time.time() - SILENT_SECONDS
            gone = [key for key, record in self._records.items() if record.active and record.heard < limit]
            for key in gone:
                self._records[key].active = False
            return gone

    def is_removed(self, framework_id):
        """Whether the framework was subscribed and has been removed."""
        with self._lock:
            record = self._records.get(framework_id)
            return record is not None and not record.active
