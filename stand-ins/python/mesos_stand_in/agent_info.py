"""What an agent reports about itself, and when an agent with changed values may keep its id."""

import os
import re


class ReconfigurationError(Exception):
    """The new configuration is not compatible with the configuration of the agent id."""


def _value(text):
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text


def parse_pairs(text):
    """{"rack": "r1", "cpus": 4} of rack:r1;cpus(*):4. Raises ValueError."""
    pairs = {}
    for part in filter(None, (one.strip() for one in (text or "").split(";"))):
        name, colon, value = part.partition(":")
        if not colon or not name or not value:
            raise ValueError(f"Expecting 'name:value' in '{part}'")
        pairs[re.sub(r"\(.*\)$", "", name.strip())] = _value(value.strip())
    return pairs


def _detected(work_dir):
    # Reserved for the system, as in the real agent: 1 GB of memory, 5 GB of disk, else half.
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    disk = os.statvfs(work_dir)
    space = disk.f_blocks * disk.f_frsize // 2**20
    return {
        "cpus": os.cpu_count(),
        "mem": megabytes - 1024 if megabytes > 2048 else megabytes // 2,
        "disk": space - 5120 if space > 10240 else space // 2,
        "ports": "[31000-32000]",
    }


def agent_info(flags, address, version):
    """The agent's info: what it registers with and keeps. Raises ValueError on malformed flags."""
    return {
        "hostname": address.hostname, "ip": address.ip, "port": address.port, "version": version,
        "attributes": parse_pairs(flags["attributes"]),
        "resources": {**_detected(flags["work_dir"]), **parse_pairs(flags["resources"])},
    }


def check_reconfiguration(policy, old, new):
    """Compares two infos under equal or additive. Raises ReconfigurationError."""
    for field in ("hostname", "port"):
        if old[field] != new[field]:
            raise ReconfigurationError(f"{field} changed from {old[field]} to {new[field]}")
    for field in ("attributes", "resources"):
        if policy == "equal" and old[field] != new[field]:
            raise ReconfigurationError(f"{field} changed from {old[field]} to {new[field]}")
        for name, value in old[field].items():
            kept = new[field].get(name)
            grown = isinstance(value, (int, float)) and isinstance(kept, (int, float)) and kept >= value
            if kept != value and not (field == "resources" and grown):
                raise ReconfigurationError(f"{field}: {name}:{value} became {name}:{kept}")
