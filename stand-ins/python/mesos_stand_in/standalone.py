"""A master without --zk: it appoints itself, even if another one leads (src/master/main.cpp, StandaloneMasterDetector).
Its log has one replica."""

import time

from mesos_stand_in.master import HEARTBEAT_SECONDS, Master
from mesos_stand_in.quotas import LocalQuotas
from mesos_stand_in.registry import FileRegistry
from stand_in import log


class OnlyReplica:
    """A log with one replica: recovered from the start."""

    recovered = True
    registered = voting_seen = 1

    @staticmethod
    def voting():
        """Itself."""
        return 1


class StandaloneMaster(Master):
    """Leads from the start, with its registry in its own work_dir."""

    def _connect(self, flags):
        self._quotas = LocalQuotas()
        self.replica = OnlyReplica()
        self.registry = FileRegistry(flags["work_dir"])

    @property
    def quotas(self):
        """The registry of this run."""
        return self._quotas

    @property
    def quorum(self):
        """One, whatever --quorum is: that flag is only for ZooKeeper."""
        return 1

    def run(self):
        """Never returns."""
        self.registry.load()
        self.agents.recover(self.registry.agents())
        self.leader = self.info()
        self.elected_since = time.time()
        log.info("Elected as the leading master!")
        while True:
            self._look_after_agents()
            self._changes.wait(HEARTBEAT_SECONDS)
