"""Leader election as Marathon's Curator latch does it, below <MARATHON_ZK>/leader-curator.

Members are _c_<uuid>-latch-<10 digits>, ephemeral and sequential; each holds its host:port.
"""

import uuid

from stand_in import log
from stand_in.group import Group


class Latch:
    """step() joins the election and finds the leader. A leader that loses its znode must exit."""

    def __init__(self, session, path, own_id, on_change):
        self._session = session
        self._group = Group(session, path + "/leader-curator", "-latch-", on_change)
        self._own_id = own_id
        self._member = None
        self._joined_in = None
        self.leader = None
        self.leading = False

    def step(self):
        """Must be called at every change while ZooKeeper answers. Raises KazooException."""
        if self._joined_in != self._session.id:
            self._member = self._group.join(f"_c_{uuid.uuid4()}-latch-", self._own_id)
            self._joined_in = self._session.id
        self._group.watch()
        members = self._group.members()
        if self.leading and self._member not in members:
            log.die("Leadership lost: ending, to be started again as a standby", 103)
        leader = next((text for text in map(self._group.data, members) if text), None)
        if leader != self.leader:
            log.info(f"The leader is {leader}" if leader else "There is no leader")
        self.leader = leader
        if bool(members) and members[0] == self._member and not self.leading:
            log.info("Elected as the leader")
            self.leading = True

    def session_over(self):
        """The session has ended: the leader is unknown, and a process that leads must exit."""
        if self.leading:
            log.die("Leadership lost with the ZooKeeper session: ending", 103)
        self.leader = None
