"""The leading Mesos master, read from ZooKeeper: the lowest <path>/json.info_<10 digits>."""

import json

from stand_in.group import Group

LABEL = "json.info_"


def masters(session, path, on_change):
    """The group of the masters below a path such as /mesos."""
    return Group(session, path, LABEL, on_change)


def leading(group):
    """The leader's MasterInfo as a dict, or None. Raises KazooException."""
    for name in group.members():
        text = group.data(name)
        if text:
            return json.loads(text)
    return None


def address(info):
    """("10.0.0.11", 5050) of a MasterInfo."""
    return info["address"]["ip"], int(info["address"]["port"])
