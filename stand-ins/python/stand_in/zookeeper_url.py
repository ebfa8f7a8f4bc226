"""zk://[user:password@]host:port,host:port/path, as in Mesos and Marathon."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ZooKeeperUrl:
    """servers: "host:port,host:port"; credentials: "user:password" or None; path: "/mesos"."""

    servers: str
    credentials: str | None
    path: str


def parse(url):
    """Takes the text of the URL, returns a ZooKeeperUrl. Raises ValueError with Mesos' message."""
    text = url.strip()
    if not text.startswith("zk://"):
        raise ValueError(f"Expecting 'zk://' at the beginning of the URL, got '{text}'")
    rest = text[len("zk://"):]
    servers, slash, path = rest.partition("/")
    credentials = None
    if "@" in servers:
        credentials, _, servers = servers.rpartition("@")
        if ":" not in credentials:
            raise ValueError("Expecting 'username:password' before '@' in the ZooKeeper URL")
    if not servers:
        raise ValueError(f"Expecting at least one host:port in '{text}'")
    path = "/" + path.strip("/") if slash else "/"
    if path == "/":
        raise ValueError("Expecting a (chroot) path for ZooKeeper ('/' is not supported)")
    return ZooKeeperUrl(servers, credentials, path)
