"""Frameworks that subscribe with the leading master, as mesos-execute does; Marathon's stand-in has a way of its own."""

import threading
import time
from dataclasses import dataclass

# A framework that has not been heard for so long is disconnected: for the real master its connection has ended.
SILENT_SECONDS = 15.0


@dataclass
class FrameworkRecord:
    """info: id, name, checkpoint, capabilities, role, user, principal."""

    info: dict
    registered: float
    heard: float
    active: bool = True


class FrameworkTable:
    """ids are <id of the master>-<4 digits>, as Mesos makes them."""

    def __init__(self, master_id):
        self._master_id = master_id
        self._lock = threading.RLock()
        self._records = {}
        self._next = 0

    def subscribe(self, info):
        """A framework has come, or come back with its id; gives its info with the id."""
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
        """The framework's info; None of one that has to subscribe first."""
        with self._lock:
            record = self._records.get(framework_id)
            if record is None or not record.active:
                return None
            record.heard = time.time()
            return record.info

    def disconnect(self, framework_id):
        """The framework's connection has ended."""
        with self._lock:
            self._records[framework_id].heard = 0.0

    def remove_silent(self):
        """Frameworks that are gone now: mesos-execute sets no failover_timeout, so they are removed at once. Gives their ids."""
        with self._lock:
            limit = time.time() - SILENT_SECONDS
            gone = [key for key, record in self._records.items() if record.active and record.heard < limit]
            for key in gone:
                self._records[key].active = False
            return gone

    def is_removed(self, framework_id):
        """Whether the framework was here and is gone."""
        with self._lock:
            record = self._records.get(framework_id)
            return record is not None and not record.active
