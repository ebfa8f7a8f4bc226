"""The address at which a master or an agent listens, and its own name."""

import socket
import subprocess
from dataclasses import dataclass

import mesos_stand_in
from stand_in import log


@dataclass(frozen=True)
class OwnAddress:
    """listen: the address that is bound; ip, port and hostname: what others get."""

    listen: str
    ip: str
    port: int
    hostname: str


def own_address(flags):
    """From the flags ip, advertise_ip, port, hostname, …; ends the process where Mesos does."""
    listen = flags["ip"]
    if flags["ip_discovery_command"]:
        found = subprocess.run(flags["ip_discovery_command"], shell=True, capture_output=True, text=True)
        listen = found.stdout.strip()
    ip = flags["advertise_ip"] or listen or _resolve_own_name()
    port = int(flags["advertise_port"] or flags["port"])
    if mesos_stand_in.CLUSTERD:
        _require_name(ip)
    return OwnAddress(listen or "0.0.0.0", ip, port, flags["hostname"] or _hostname(ip, flags))


def _require_name(ip):
    # Observed with clusterd 1.11.0-0.10.0, also with --ip and --hostname; the message is the stand-in's own.
    try:
        socket.getnameinfo((ip, 0), socket.NI_NAMEREQD)
    except OSError as problem:
        log.die(f"Failed to get hostname of the own address {ip}: {problem}")


def _resolve_own_name():
    name = socket.gethostname()
    try:
        return socket.gethostbyname(name)
    except OSError as problem:
        return log.die(f"Failed to obtain the IP address for '{name}': {problem}; use --ip")


def _hostname(ip, flags):
    if not flags["hostname_lookup"]:
        return ip
    try:
        return socket.getnameinfo((ip, 0), 0)[0]
    except OSError as problem:
        return log.die(f"Failed to look up the hostname of {ip}: {problem}; use --no-hostname_lookup")
