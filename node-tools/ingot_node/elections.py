"""Whom the elections in ZooKeeper name: the owner of the lowest sequential znode leads.

Mesos: src/master/constants.hpp (MASTER_INFO_JSON_LABEL, "json.info"), src/zookeeper/group.cpp (label_<10 digits>), src/zookeeper/detector.cpp (the lowest);
what the znode holds is MasterInfo as JSON (include/mesos/mesos.proto). Marathon: Curator's LeaderLatch below <zk>/leader-curator (LeaderLatch.java,
StandardLockInternalsDriver.standardFixForSorting): names end in latch-<10 digits>, the znode holds the instance's host:port.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from ingot_node.zookeeper_client import Session, ZooKeeperError


class Place(NamedTuple):
    """Where an election is held: servers as (address, port), in the order of the list, and the path that its znodes are below."""

    servers: list[tuple]
    path: str


class Master(NamedTuple):
    """A Mesos master as its znode names it; the address is always numeric, the host name is what the master redirects to."""

    address: str
    host_name: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


def place(url: str) -> Place:
    """Of zk://host:port,host:port/path, with or without user:password@ before the first host; ValueError if it is not one."""
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
    """Whom the masters' election names; None where nobody takes part. ZooKeeperError where it cannot be read."""
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
    """host:port of the instance that Marathon's election names; None where nobody takes part. ZooKeeperError where it cannot be read."""
    held = _lowest(session, f"{path}/leader-curator", r".*latch-(\d{10})")
    return held.decode(errors="replace") if held else None


def ask_any(servers: list[tuple], question: Callable, patience: float = 5.0):
    """The answer of the first server that gives one; ZooKeeperError with the reason of each where none does."""
    reasons = []
    for address, port in servers:
        try:
            with Session(address, port, patience) as session:
                return question(session)
        except ZooKeeperError as error:
            reasons.append(str(error))
    raise ZooKeeperError("; ".join(reasons))


def _lowest(session: Session, path: str, pattern: str) -> bytes | None:
    """What the lowest znode of an election holds. One that ends between two questions has lost: the next one leads."""
    matches = [re.fullmatch(pattern, name) for name in session.children(path) or []]
    for found in sorted((found for found in matches if found), key=lambda found: found.group(1)):
        held = session.data(f"{path}/{found.group(0)}")
        if held is not None:
            return held
    return None
