"""The content of a node's configuration: a pure function of the cluster seed, the node's own address and its release.
"""

from __future__ import annotations

import json
import re
from collections import namedtuple

from ingot_node import cluster_tls
from ingot_node.cluster_seed import IdentityError, Seed, number, zookeepers

try:
    import cluster_scheduler  # from the scheduler's layer, images/schedulers/<name>/master
except ModuleNotFoundError:
    cluster_scheduler = None


class Release(namedtuple("Release", ("role", "layout", "scheduler"))):
    """The parts of /usr/lib/ingot/release.json that decide about files."""


# The folder where a layout's packages read the flags of the agent.
AGENT_FOLDERS = {"mesosphere": "/etc/mesos-slave", "clusterd": "/etc/mesos-agent"}

# Files that exist only if the seed sets them: paths, or FOLDER/* for all files in a folder. ingot-identity removes
# those that the seed no longer sets.
OPTIONAL = (
    "/etc/mesos-slave/attributes",
    "/etc/mesos-agent/attributes/*",
    "/etc/mesos-slave/resources",
    "/etc/default/mesos-agent",
    "/etc/mesos/cni/*",
    "/run/ingot/operator",
    "/run/ingot/quotas.json",
    *cluster_tls.FILES,
)

TLS_SECRETS = {"tlsKey": cluster_tls.KEY, "tlsCertificate": cluster_tls.CERTIFICATE}
# The secrets that a node of each role has, and their files.
ROLE_SECRETS = {
    "master": {
        "masterCredentials": "/run/ingot/secrets/master-credentials",
        "operator": "/run/ingot/secrets/operator",
        **TLS_SECRETS,
    },
    "slave": {
        "agentCredential": "/run/ingot/secrets/agent-credential",
        "agentHttpCredentials": "/run/ingot/secrets/agent-http-credentials",
        "dockerConfig": "/run/ingot/secrets/docker-config",
        "operator": "/run/ingot/secrets/operator",
        **TLS_SECRETS,
    },
}


def secret_files(role: str) -> dict[str, str]:
    """Name of the secret -> its file on a node of the role; includes the secret of the scheduler."""
    own = {cluster_scheduler.NAME: cluster_scheduler.SECRET} if role == "master" and cluster_scheduler else {}
    return {**ROLE_SECRETS.get(role, {}), **own}


def host_name(seed: Seed, role: str, address: str) -> str:
    """The name of the node with this address."""
    return f"{seed.cluster}-{role}-{address.replace('.', '-')}"


def files(seed: Seed, address: str, release: Release) -> dict[str, str]:
    """Absolute path -> complete content of every file that depends on the node's identity.

    Raises IdentityError if the node has no identity.
    """
    if release.layout not in AGENT_FOLDERS:
        raise IdentityError(f"the image has the unknown layout {release.layout!r}; known layouts: {', '.join(AGENT_FOLDERS)}")
    shared = {
        "/etc/hostname": host_name(seed, release.role, address) + "\n",
        "/etc/hosts": _hosts(seed, address, release.role),
        "/etc/mesos/zk": zookeepers(seed, "mesos") + "\n",
        "/run/ingot/address": address + "\n",
        **_facts(seed, address, release),
        **_services(seed),
        **(cluster_tls.files(seed.tls, release.role, release.layout) if seed.tls else {}),
        **_mesos(seed, release),
    }
    if release.role == "master":
        return {**shared, **_master(seed, address), **_scheduler(seed, address, release)}
    if release.role == "slave":
        return {**shared, **_slave(seed, address, AGENT_FOLDERS[release.layout])}
    raise IdentityError(f"the image has the unknown role {release.role!r}; known roles: master, slave")


def _mesos(seed: Seed, release: Release) -> dict[str, str]:
    """The seed's settings of Mesos, and the name with which programs of the node log in."""
    content = {"/run/ingot/operator": seed.secrets["operator"].principal + "\n"} if "operator" in seed.secrets else {}
    if seed.mesos is None:
        return content
    from ingot_node import cluster_mesos  # pylint: disable=import-outside-toplevel # many seeds have no settings of Mesos

    return {**content, **cluster_mesos.files(seed.mesos, release.role, AGENT_FOLDERS[release.layout])}


def _master(seed: Seed, address: str) -> dict[str, str]:
    if address not in seed.masters:
        raise IdentityError(
            f"this is a master image, but the node's address {address} is not in the seed's list of masters: {', '.join(seed.masters)}"
        )
    return {
        "/etc/zookeeper/conf/zoo.cfg": _zoo_cfg(seed),
        # The position in the list, so that replacing one master does not change the others' numbers.
        "/var/lib/zookeeper/myid": f"{seed.masters.index(address) + 1}\n",
        "/etc/mesos-master/cluster": seed.cluster + "\n",
        # The address, not a name: it must mean the same on every host, with or without a name server.
        "/etc/mesos-master/hostname": address + "\n",
        "/etc/mesos-master/ip": address + "\n",
        "/etc/mesos-master/quorum": f"{len(seed.masters) // 2 + 1}\n",
        **_secret_flags(seed, "master", {"masterCredentials": "/etc/mesos-master/credentials"}),
    }


def _scheduler(seed: Seed, address: str, release: Release) -> dict[str, str]:
    brought = cluster_scheduler.NAME if cluster_scheduler else "none"
    if brought != release.scheduler:
        raise IdentityError(f"the image names the scheduler {release.scheduler!r}, but has the files of {brought!r}: bake it again")
    return cluster_scheduler.files(seed, address, release.layout) if cluster_scheduler else {}


def attributes(seed: Seed, address: str) -> dict[str, str]:
    """Attributes of the agent with this address; IdentityError if two entries of the seed set the same attribute."""
    found: dict[str, str] = {}
    for entry in seed.agents:
        if not any(first <= number(address) <= last for first, last in entry.ranges):
            continue
        twice = sorted(set(found) & set(entry.attributes))
        if twice:
            raise IdentityError(f"the seed gives the agent {address} the attribute {', '.join(twice)} in two entries: their addresses must not overlap")
        found.update(entry.attributes)
    return found


def resources(seed: Seed, address: str) -> str:
    """Resources of the agent with this address, in the form of --resources, or "".

    Raises IdentityError if two entries of the seed set resources.
    """
    found = [entry.resources for entry in seed.agents if entry.resources and any(first <= number(address) <= last for first, last in entry.ranges)]
    if len(found) > 1:
        raise IdentityError(f"the seed gives the agent {address} resources in two entries: their addresses must not overlap")
    return found[0] if found else ""


def _slave(seed: Seed, address: str, folder: str) -> dict[str, str]:
    content = {f"{folder}/hostname": address + "\n", f"{folder}/ip": address + "\n"}
    flags = {
        "agentCredential": f"{folder}/credential",
        "agentHttpCredentials": f"{folder}/http_credentials",
    }
    content.update(_attribute_files(attributes(seed, address), folder))
    content.update(_resource_file(resources(seed, address), folder))
    content.update(_secret_flags(seed, "slave", flags))
    # This flag is JSON. Mesos accepts a bare path for it only with a warning (stout/flags/parse.hpp); the other flags
    # are paths.
    return {**content, **_secret_flags(seed, "slave", {"dockerConfig": f"{folder}/docker_config"}, "file://")}


def _attribute_files(given: dict[str, str], folder: str) -> dict[str, str]:
    """Files as the layout's init wrapper reads them.

    Mesosphere's wrapper reads the flag's text from one file, clusterd's reads a folder with a file for each attribute.
    """
    if folder != AGENT_FOLDERS["clusterd"]:
        pairs = ";".join(f"{name}:{value}" for name, value in sorted(given.items()))
        return {f"{folder}/attributes": pairs + "\n"} if pairs else {}
    for name in given:
        # The wrapper (support/packaging/common/mesos-init-wrapper.in) takes the names from the output of find,
        # unquoted.
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", name) or name.endswith((".dpkg-dist", ".rpmnew")):
            raise IdentityError(f"the attribute {name!r} cannot be a file of {folder}/attributes: a name has only letters, digits, _, - and .")
    return {f"{folder}/attributes/{name}": value + "\n" for name, value in sorted(given.items())}


def _resource_file(offered: str, folder: str) -> dict[str, str]:
    """A file as the layout's init wrapper reads it.

    Mesosphere's wrapper reads the flag's text from a file. clusterd's expects a folder of that name, where JSON does
    not fit, so it gets an environment variable.
    """
    if not offered:
        return {}
    if folder != AGENT_FOLDERS["clusterd"]:
        return {f"{folder}/resources": offered + "\n"}
    import shlex  # pylint: disable=import-outside-toplevel # most seeds set no resources

    # support/packaging/common/mesos-init-wrapper.in exports the variables of this file; stout reads a flag from
    # MESOS_<NAME> (3rdparty/stout/include/stout/flags).
    return {"/etc/default/mesos-agent": f"MESOS_RESOURCES={shlex.quote(offered)}\n"}


def _secret_flags(seed: Seed, role: str, flags: dict[str, str], scheme: str = "") -> dict[str, str]:
    return {path: f"{scheme}{ROLE_SECRETS[role][name]}\n" for name, path in flags.items() if name in seed.secrets}


def _facts(seed: Seed, address: str, release: Release) -> dict[str, str]:
    """The facts that ingot-status and the login show."""
    name, masters = host_name(seed, release.role, address), len(seed.masters)
    place = seed.masters.index(address) + 1 if address in seed.masters else None
    facts = {
        **{"cluster": seed.cluster, "address": address, "name": name, "masters": seed.masters, "quorum": masters // 2 + 1},
        **({"zooKeeperId": place} if release.role == "master" else {"attributes": attributes(seed, address)}),
    }
    who = f"{name} ({address}), {f'master {place} of {masters}, quorum {masters // 2 + 1}' if release.role == 'master' else release.role}"
    return {"/run/ingot/identity.json": json.dumps(facts, indent=2) + "\n", "/run/ingot/who": who + "\n"}


def _services(seed: Seed) -> dict[str, str]:
    """Configuration of services outside of the cluster that need the address of a server.

    See chrony(5) and journal-upload.conf(5).
    """
    content = {}
    if seed.time_servers:
        content["/run/chrony-dhcp/seed.sources"] = "".join(f"server {each} iburst\n" for each in seed.time_servers)
    if seed.logs:
        lines = ["[Upload]", f"URL={seed.logs.url}"]
        if seed.logs.url.startswith("https:"):
            lines.append(f"TrustedCertificateFile={seed.logs.ca or '/etc/ssl/certs/ca-certificates.crt'}")
        content["/run/systemd/journal-upload.conf.d/10-ingot.conf"] = "\n".join(lines) + "\n"
    return content


def _zoo_cfg(seed: Seed) -> str:
    """Parameters: zookeeperAdmin.html of 3.8, "Configuration Parameters"."""
    lines = [
        "tickTime=2000",
        # 20 and 10 ticks: a follower may take 40 s to load a snapshot and may be 20 s behind.
        "initLimit=20",
        "syncLimit=10",
        "dataDir=/var/lib/zookeeper",
        "clientPort=2181",
        # It would use port 8080, which schedulers use.
        "admin.enableServer=false",
        "4lw.commands.whitelist=srvr,ruok,mntr",
        # Off by default: snapshots would fill the disk.
        "autopurge.snapRetainCount=5",
        "autopurge.purgeInterval=1",
    ]
    # A single server.1 line is ignored with a warning; without any, it is a standalone server.
    if len(seed.masters) > 1:
        lines += [f"server.{number}={master}:2888:3888" for number, master in enumerate(seed.masters, 1)]
        lines += cluster_tls.zoo_cfg(seed.tls) if seed.tls else []
    return "\n".join(lines) + "\n"


def _hosts(seed: Seed, address: str, role: str) -> str:
    names = {master: host_name(seed, "master", master) for master in seed.masters}
    names[address] = host_name(seed, role, address)
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
    return "\n".join(lines + [f"{each} {name}" for each, name in names.items()]) + "\n"
