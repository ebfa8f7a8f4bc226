"""The leaders that the elections in ZooKeeper name: the owner of the lowest sequential znode leads.

Mesos: src/master/constants.hpp (MASTER_INFO_JSON_LABEL, "json.info"), src/zookeeper/group.cpp (label_<10 digits>),
src/zookeeper/detector.cpp (the lowest one); the znode contains MasterInfo as JSON (include/mesos/mesos.proto).
Marathon: Curator's LeaderLatch below <zk>/leader-curator (LeaderLatch.java,
StandardLockInternalsDriver.standardFixForSorting): names end in latch-<10 digits>, and the znode contains the
instance's host:port.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from ingot_node.zookeeper_client import Session, ZooKeeperError


class Place(NamedTuple):
    """Where an election is held.

    servers: (address, port) in the order of the list; path: the parent of its znodes.
    """

    servers: list[tuple]
    path: str


class Master(NamedTuple):
    """A Mesos master as its znode names it.

    The address is always numeric; the master redirects to the host name.
    """

    address: str
    host_name: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


def place(url: str) -> Place:
    """Parses zk://host:port,host:port/path, with or without user:password@ before the first host.

    Raises ValueError for any other text.
    """
    found = re.fullmatch(r"zk://(?:[^@/]*@)?([^/@]+)(/[^\s]*[^\s/])/?", url.strip())
    if not found:
        raise ValueError(f"{url.strip()!r} is not zk://host:port,…/path")
    servers = []
    for each in found.group(1).split(","):
        host, _, port = each.partition(":")
        if not host or not (port or "2181").isdigit():
            raise ValueError(f"{each!r} in {url.strip()!r} is not host:port")
        servers.append((host, int(port or 2181)))
    return Place(servers, found.group(2))


def mesos_leader(session: Session, path: str) -> Master | None:
    """The elected master; None if no master takes part. Raises ZooKeeperError if the election cannot be read."""
    held = _lowest(session, path, r"json\.info_(\d{10})")
    if held is None:
        return None
    try:
        info = json.loads(held)
        where = info.get("address") or {}
        address = where.get("ip") or info["pid"].partition("@")[2].rpartition(":")[0]
        return Master(address, where.get("hostname") or info.get("hostname") or address, int(where.get("port") or info["port"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ZooKeeperError(f"the znode of the elected master below {path} cannot be read: {error!r}") from error


def marathon_leader(session: Session, path: str) -> str | None:
    """host:port of the elected instance of Marathon; None if no instance takes part.

    Raises ZooKeeperError if the election cannot be read.
    """
    held = _lowest(session, f"{path}/leader-curator", r".*latch-(\d{10})")
    return held.decode(errors="replace") if held else None


def ask_any(servers: list[tuple], question: Callable, patience: float = 5.0):
    """The answer of the first server that gives one; ZooKeeperError with each server's reason if none does."""
    reasons = []
    for address, port in servers:
        try:
            with Session(address, port, patience) as session:
                return question(session)
        except ZooKeeperError as error:
            reasons.append(str(error))
    raise ZooKeeperError("; ".join(reasons))


def _lowest(session: Session, path: str, pattern: str) -> bytes | None:
    """The content of the lowest znode of an election.

    If a znode disappears between the two requests, its owner has lost and the next one leads.
    """
    matches = [re.fullmatch(pattern, name) for name in session.children(path) or []]
    for found in sorted((found for found in matches if found), key=lambda found: found.group(1)):
        held = session.data(f"{path}/{found.group(0)}")
        if held is not None:
            return held
    return None
