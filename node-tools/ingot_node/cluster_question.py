"""Requests to the masters, the agent and ZooKeeper about who leads; cluster_leaders.py evaluates the answers."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor

from ingot_node.cluster_api import AGENT_PORT, MASTER_PORT, NoAnswer, ask, metrics, url
from ingot_node.cluster_leaders import Agent, Election, Named
from ingot_node.elections import Place, ask_any, mesos_leader, place
from ingot_node.zookeeper_client import ZooKeeperError

# Seconds for one answer.
PATIENCE = 5.0


def mesos_place(root: str = "") -> Place:
    """Where the masters hold their election: /etc/mesos/zk, which every node has.

    The servers are also the masters. Raises OSError and ValueError.
    """
    with open(f"{root}/etc/mesos/zk", encoding="utf-8") as file:
        return place(file.read())


def marathon_place(root: str = "") -> Place:
    """Where Marathon's instances hold their election: MARATHON_ZK of /etc/default/marathon.

    Raises OSError and ValueError.
    """
    with open(f"{root}/etc/default/marathon", encoding="utf-8") as file:
        found = re.search(r"^MARATHON_ZK=(.*)$", file.read(), re.MULTILINE)
    return place(found.group(1) if found else "")


def own_address(root: str = "") -> str:
    """This node's address. Raises OSError if its identity is not known yet."""
    with open(f"{root}/run/ingot/address", encoding="utf-8") as file:
        return file.read().strip()


def named_by(master: str, patience: float = PATIENCE) -> Named:
    """The leader that a master names.

    /master/redirect returns only that, needs no login, and is the same in Mesos 1.9 and clusterd (src/master/http.cpp,
    Master::Http::redirect): 307 with //host:port as Location, also on the leader itself; 503 if it knows no leader.
    """
    try:
        answer = ask(master, MASTER_PORT, "/master/redirect", patience)
    except NoAnswer as error:
        return Named(None, str(error))
    if answer.status == 503:
        return Named(None)
    found = re.match(r"(?:https?:)?//([^/]+:\d+)", answer.location or "") if answer.status == 307 else None
    return Named(found.group(1)) if found else Named(None, f"{url(master, MASTER_PORT, '/master/redirect')}: HTTP status {answer.status}")


def named_by_all(masters: list[str]) -> dict[str, Named]:
    """The leader that each master names; all requests run in parallel."""
    with ThreadPoolExecutor(len(masters)) as pool:
        return dict(zip(masters, pool.map(named_by, masters), strict=False))


def election(where: Place, first: str | None = None, patience: float = PATIENCE) -> Election:
    """The leader that ZooKeeper names; the server `first` is tried before the others."""
    servers = sorted(where.servers, key=lambda server: server[0] != first)
    try:
        return Election(ask_any(servers, lambda session: mesos_leader(session, where.path), patience))
    except ZooKeeperError as error:
        return Election(None, str(error))


def agent_at(address: str, patience: float = PATIENCE) -> Agent:
    """Whether the agent at an address is registered, and with which master.

    slave/registered is 1 after a master has accepted it. /state names that master by the host name of its address
    (src/slave/http.cpp, master_hostname: net::getHostname), which /etc/hosts of the node maps back to the address.
    """
    try:
        found = metrics(address, AGENT_PORT, patience)
        if found is None:
            return Agent(False, why=f"{url(address, AGENT_PORT, '/metrics/snapshot')} refuses to answer")
        state = ask(address, AGENT_PORT, "/state", patience)
    except NoAnswer as error:
        return Agent(False, why=str(error))
    if state.status != 200 or not isinstance(state.body, dict):
        return Agent(False, why=f"{url(address, AGENT_PORT, '/state')}: HTTP status {state.status}")
    name = state.body.get("master_hostname")
    return Agent(found.get("slave/registered") == 1, numeric(name) if name else None)


def numeric(name: str) -> str:
    """The address of a host name; the name itself if it does not resolve, so that a person can read it."""
    try:
        return socket.gethostbyname(name)
    except OSError:
        return name
