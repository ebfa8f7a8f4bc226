"""Who leads: compares what the masters report, what the election in ZooKeeper says, and which master an agent follows.

The report of a single master proves nothing: one without --zk appoints itself (src/master/main.cpp,
StandaloneMasterDetector), and its metric master/elected is 1.
The functions here are pure; cluster_question.py sends the requests.
"""

from typing import NamedTuple

from ingot_node.elections import Master


class Named(NamedTuple):
    """What one master reports. leader: host:port, None if it names nobody; why: the reason if it does not answer."""

    leader: str | None
    why: str | None = None


class Election(NamedTuple):
    """What ZooKeeper reports. leader: None if nobody takes part; why: the reason if no server answers."""

    leader: Master | None
    why: str | None = None


class Agent(NamedTuple):
    """What the agent reports.

    master: address of the master that it follows, None if there is none; why: the reason if it does not answer.
    """

    registered: bool
    master: str | None = None
    why: str | None = None


class Verdict(NamedTuple):
    """says: one line for people; leader: the address of the master that all name, None if they do not agree."""

    leader: str | None
    says: str


WHAT_TO_DO = "each master must run with the --zk of /etc/mesos/zk: check its /flags, correct it and restart it"


def listed(names: list[str]) -> str:
    """Joins names: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def is_of(named: str | None, master: Master) -> bool:
    """Whether host:port is that master. Masters redirect to their host name, which may be the address."""
    return named in (f"{master.host_name}:{master.port}", f"{master.address}:{master.port}")


def judge_masters(masters: list[str], port: int, answers: dict[str, Named], election: Election, own: str) -> Verdict:
    """Checks whether the masters and the election name one leader.

    masters: addresses of the list; answers: one for each of them; own: the address of this node. Masters that do not
    answer are named in the text. They decide only if those that answer are not a majority, so that a node passes while
    another one starts or is replaced.
    """
    itself = [each for each in masters if _host(answers[each].leader or "") == each]
    silent = _silent(masters, answers)
    leader = election.leader
    if leader is None:
        if itself:
            lead = f"{listed(itself)} {'names itself as leader' if len(itself) == 1 else 'name themselves as leader'}"
            why = f"the leader in ZooKeeper is unknown ({election.why})" if election.why else "ZooKeeper has no election"
            return Verdict(None, f"{lead}, and {why}: {WHAT_TO_DO}")
        if election.why:
            return Verdict(None, f"the leader in ZooKeeper is unknown: {election.why}")
        return Verdict(None, f"no master is elected: none takes part in ZooKeeper's election{silent}")
    astray = [each for each in masters if answers[each].leader and not is_of(answers[each].leader, leader)]
    if astray:
        says = [f"{each} {'names itself' if each in itself else 'names ' + str(answers[each].leader)}" for each in astray]
        return Verdict(None, f"{listed(says)}, but ZooKeeper's election names {leader}: {WHAT_TO_DO}")
    if leader.address not in masters or leader.port != port:
        return Verdict(None, f"ZooKeeper's election names {leader}, which is not in the list of masters ({', '.join(masters)})")
    agree = [each for each in masters if answers[each].leader]
    needed = len(masters) // 2 + 1
    # This node's own master counts: a node whose master does not know the leader is not healthy, even if the others
    # are.
    missing = [each for each in dict.fromkeys([leader.address, own]) if each in masters and each not in agree]
    if missing or len(agree) < needed:
        count = f"{len(agree)} of {len(masters)} masters name it, and {needed} are needed"
        if missing:
            count = f"{listed(missing)} {'does' if len(missing) == 1 else 'do'} not name it"
        return Verdict(None, f"ZooKeeper's election names {leader.address}, but {count}{silent}")
    return Verdict(leader.address, f"{leader.address} is elected, as reported by ZooKeeper and {listed(agree)}{silent}")


def judge_agent(agent: Agent, election: Election, named: Named | None) -> Verdict:
    """Checks whether the agent is registered with the elected master, and whether that master knows that it leads.

    named: what that master reports, None if it was not checked.
    """
    if agent.why:
        return Verdict(None, agent.why)
    leader = election.leader
    names = f"ZooKeeper's election names {leader}" if leader else "ZooKeeper's election names nobody"
    if election.why:
        names = f"the leader in ZooKeeper is unknown ({election.why})"
    if not agent.registered:
        follows = f"; it follows {agent.master}" if agent.master else ""
        return Verdict(None, f"the agent is not registered{follows}; {names}")
    if leader is None:
        return Verdict(None, f"the agent is registered with {agent.master or 'a master that it does not name'}, but {names}")
    if agent.master != leader.address:
        return Verdict(None, f"the agent is registered with {agent.master or 'a master that it does not name'}, but {names}: {WHAT_TO_DO}")
    if named is not None and not is_of(named.leader, leader):
        says = f"does not answer: {named.why}" if named.why else f"names {named.leader or 'nobody'}"
        return Verdict(None, f"the agent is registered with {leader.address}, which ZooKeeper's election names, but that master {says}")
    return Verdict(leader.address, f"registered with {leader.address}, which is elected")


def _host(named: str) -> str:
    return named.rpartition(":")[0]


def _silent(masters: list[str], answers: dict[str, Named]) -> str:
    """A text that begins with "; ": the masters that name no leader, or ""."""
    said = ""
    for each in masters:
        if answers[each].why:
            said += f"; {each} does not answer ({answers[each].why})"
        elif not answers[each].leader:
            said += f"; {each} names nobody"
    return said
