"""This master's replica of the log, and when the log counts as recovered.

The stand-in has no log, but it follows the rules for when a real log can be used: an empty replica becomes a voting
one only together with all 2·quorum−1 replicas, or from a quorum that already votes.
(docs/replicated-log-internals.md: EMPTY → STARTING → VOTING, with log_auto_initialize.)
"""

import os

from stand_in import log
from stand_in.group import Group

EMPTY, STARTING, VOTING = "EMPTY", "STARTING", "VOTING"


def next_status(own, all_statuses, quorum):
    """The next status of a replica that sees these statuses, including its own."""
    if own == VOTING or all_statuses.count(VOTING) >= quorum:
        return VOTING
    complete = len(all_statuses) >= 2 * quorum - 1
    if own == EMPTY and complete and set(all_statuses) <= {EMPTY, STARTING}:
        return STARTING
    if own == STARTING and complete and set(all_statuses) <= {STARTING, VOTING}:
        return VOTING
    return own


class Replica:
    """Registers as <zk path>/log_replicas/<10 digits>; its status outlives a restart in work_dir.

    recovered: whether the log is usable; registered, voting_seen: how many replicas the last step saw.
    """

    def __init__(self, session, zk_path, work_dir, pid, quorum, on_change):
        self._session = session
        self._group = Group(session, zk_path + "/log_replicas", "", on_change)
        self._folder = os.path.join(work_dir, "replicated_log")
        self._file = os.path.join(self._folder, "status")
        self._pid = pid
        self._quorum = quorum
        self._name = None
        self._joined_in = None
        self.recovered = False
        self.registered, self.voting_seen = 0, 0
        os.makedirs(self._folder, exist_ok=True)
        self._status = self._read_status()

    def _read_status(self):
        try:
            with open(self._file, encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return EMPTY

    def step(self):
        """Registers if this session has not, and changes its status as the others allow. Raises KazooException."""
        self._group.watch()
        if self._joined_in != self._session.id:
            self._name = self._group.join("", self._text())
            self._joined_in = self._session.id
        if self._name not in self._group.members():
            return  # the watch has not seen it yet, and will call this again
        statuses = self._statuses()
        self.registered, self.voting_seen = len(statuses), statuses.count(VOTING)
        wanted = next_status(self._status, statuses, self._quorum)
        if wanted != self._status:
            self._become(wanted)
        if self._status == VOTING and self.voting() >= self._quorum and not self.recovered:
            self.recovered = True
            log.info("Replica recovered, log positions are those of the quorum")

    def _text(self):
        return f"log-replica(1)@{self._pid} {self._status}"

    def _statuses(self):
        # By address: a master that was killed and restarted may be registered twice for a while.
        texts = [self._group.data(name) for name in self._group.members()]
        return list(dict(text.rsplit(" ", 1) for text in texts if text).values())

    def _become(self, status):
        log.info(f"Replica is in {self._status} status, becomes {status}")
        with open(self._file + ".new", "w", encoding="utf-8") as file:
            file.write(status + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(self._file + ".new", self._file)
        self._status = status
        # A new znode, not new data: the others watch the members.
        self._name = self._group.join("", self._text())

    def voting(self):
        """How many voting replicas are registered now. Raises KazooException."""
        return self._statuses().count(VOTING)
